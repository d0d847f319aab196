import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import { expect, inject, test } from "vitest";
import { openDb } from "./client";
import { isDatabaseUnavailable } from "./is-database-unavailable";

async function errorOf(
  databaseUrl: string,
  work: (db: ReturnType<typeof openDb>) => Promise<unknown>,
): Promise<unknown> {
  const db = openDb(databaseUrl);
  try {
    await work(db);
    throw new Error("it worked");
  } catch (error) {
    return error;
  } finally {
    await db.$disconnect();
  }
}

test("refused: an ordinary query, a raw one and a transaction all say that the database is away", async () => {
  const nowhere = "postgresql://u:p@127.0.0.1:1/none";
  expect(isDatabaseUnavailable(await errorOf(nowhere, (db) => db.user.count()))).toBe(true);
  expect(isDatabaseUnavailable(await errorOf(nowhere, (db) => db.$queryRaw`select 1`))).toBe(true);
  expect(
    isDatabaseUnavailable(await errorOf(nowhere, (db) => db.$transaction((tx) => tx.user.count()))),
  ).toBe(true);
});

test("taken but never answered: an error after three seconds, not a wait without end", async () => {
  const server = createServer(() => {});
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const startedAt = Date.now();
  expect(
    isDatabaseUnavailable(await errorOf(`postgresql://u:p@127.0.0.1:${port}/none`, (db) => db.user.count())),
  ).toBe(true);
  expect(Date.now() - startedAt).toBeLessThan(6_000);
  server.close();
});

test("the connection cut in the middle of a query, as a restart does", async () => {
  const error = await errorOf(inject("postgresUrl"), async (db) => {
    // Prisma begins a query when somebody waits for it.
    const query = db.$executeRaw`select pg_sleep(10)`.then();
    query.catch(() => {});
    const other = openDb(inject("postgresUrl"));
    await expect
      .poll(
        () =>
          other.$executeRaw`select pg_terminate_backend(pid) from pg_stat_activity where query like 'select pg_sleep(10)%' and pid <> pg_backend_pid()`,
      )
      .toBeGreaterThan(0);
    await other.$disconnect();
    await query;
  });
  expect(isDatabaseUnavailable(error)).toBe(true);
});

test("a query that is wrong is no such thing", async () => {
  expect(
    isDatabaseUnavailable(await errorOf(inject("postgresUrl"), (db) => db.$queryRaw`select nonsense`)),
  ).toBe(false);
  expect(isDatabaseUnavailable(new Error("anything"))).toBe(false);
});
