import { existsSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { startTestStripe } from "@/local/stripe/testing/start-test-stripe";

let dataDir: string;
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), "local-stripe-"));
});
afterEach(async () => {
  vi.restoreAllMocks();
  await rm(dataDir, { recursive: true });
});

/** Starts a server over whatever lies in the folder and gives what it said. */
async function startAndListen(): Promise<{ said: string; customers: number }> {
  const warn = vi.spyOn(console, "warn").mockImplementation(() => {});
  const local = await startTestStripe({ dataDir });
  await local.stripe.customers.create({});
  const customers = (await local.stripe.customers.list({ limit: 100 })).data.length;
  await local.server.close();
  return { said: warn.mock.calls.flat().join("\n"), customers };
}

test("a file of another layout is laid aside, the reason is told, and the server starts empty", async () => {
  const old = new DatabaseSync(join(dataDir, "stripe.sqlite"));
  old.exec("create table objects (id text, body text); insert into objects values ('cus_old', '{}')");
  old.close();
  const { said, customers } = await startAndListen();
  expect(said).toContain("was written by another version");
  expect(said).toContain(join(dataDir, "stripe.sqlite.old"));
  expect(customers).toBe(1);
  const kept = new DatabaseSync(join(dataDir, "stripe.sqlite.old"));
  expect(kept.prepare("select id from objects").all()).toMatchObject([{ id: "cus_old" }]);
  kept.close();
});

test("a file that is no database is laid aside too", async () => {
  await writeFile(join(dataDir, "stripe.sqlite"), "not a database at all, but long enough to be read as one");
  const { said, customers } = await startAndListen();
  expect(said).toContain("cannot be read");
  expect(customers).toBe(1);
});

test("a file of this layout is taken as it is, without a word", async () => {
  expect(await startAndListen()).toEqual({ said: "", customers: 1 });
  expect(await startAndListen()).toEqual({ said: "", customers: 2 });
  expect(existsSync(join(dataDir, "stripe.sqlite.old"))).toBe(false);
});
