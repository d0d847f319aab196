import { afterAll, beforeAll, expect, test } from "vitest";
import { openDb } from "@/lib/db/client";
import { openTestWorld, type TestWorld } from "@/local/testing/test-context";
import { toAppError } from "./error-response";

let world: TestWorld;
beforeAll(async () => {
  world = await openTestWorld();
});
afterAll(() => world.close());

const errorOf = (work: Promise<unknown>) => work.then(() => null).catch((error: unknown) => error);

test("a pool without a free connection is Postgres being away, not a defect", async () => {
  const db = openDb(world.ctx.env.databaseUrl, 1);
  const slow = db.$queryRaw`select pg_sleep(4)`.catch(() => {});
  expect(toAppError(await errorOf(db.catalogue.findFirst())).code).toBe("database_unavailable");
  await slow;
  await db.$disconnect();
});

test("a connection that is cut in the middle is Postgres being away", async () => {
  const db = openDb(world.ctx.env.databaseUrl, 1);
  const cut = errorOf(db.$queryRaw`select pg_sleep(10), 'to be cut'`);
  await expect
    .poll(
      () => world.ctx.db.$queryRaw`
        select pg_terminate_backend(pid) from pg_stat_activity
        where query like '%to be cut%' and pid <> pg_backend_pid()`,
    )
    .not.toEqual([]);
  expect(toAppError(await cut).code).toBe("database_unavailable");
  await db.$disconnect();
});

test("a query that is wrong is a defect", async () => {
  expect(toAppError(await errorOf(world.ctx.db.$queryRaw`select no_such_column`)).code).toBe("internal");
});
