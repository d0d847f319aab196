import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createPlan, openCheckout } from "./testing/catalogue";
import { postCheckout } from "./testing/pay";
import { startTestStripe } from "./testing/start-test-stripe";

let dataDir: string;
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), "local-stripe-"));
});
afterEach(() => rm(dataDir, { recursive: true }));

test("everything survives a restart: objects, keys, the clock and open sessions", async () => {
  const first = await startTestStripe({ dataDir });
  await first.lab("POST", "/clock", { advance_ms: 60_000 });
  const price = await createPlan(first.stripe);
  const session = await openCheckout(first.stripe, price);
  const customer = await first.stripe.customers.create({ name: "Ada" }, { idempotencyKey: "kept" });
  await first.server.close();

  const second = await startTestStripe({ dataDir });
  expect((await second.lab("GET", "/clock")).json.offset_ms).toBe(60_000);
  expect(await second.stripe.customers.retrieve(customer.id)).toEqual(customer);
  expect((await second.stripe.customers.create({ name: "Ada" }, { idempotencyKey: "kept" })).id).toBe(
    customer.id,
  );
  const url = `${second.server.url}/c/pay/${session.id}`;
  expect((await postCheckout({ ...session, url })).status).toBe(303);
  await second.server.close();
});

test("no file on disk ever holds a card number", async () => {
  const local = await startTestStripe({ dataDir });
  await postCheckout(await openCheckout(local.stripe, await createPlan(local.stripe)));
  for (const file of ["stripe.sqlite", "stripe.sqlite-wal"]) {
    const bytes = await readFile(join(dataDir, file));
    expect(bytes.includes("4242424242424242")).toBe(false);
    expect(bytes.includes("4242 4242")).toBe(false);
  }
  await local.server.close();
});

test("closing twice is safe, and a taken port is an error that names it", async () => {
  const local = await startTestStripe();
  await expect(startTestStripe({ port: local.server.port })).rejects.toThrow(String(local.server.port));
  await local.server.close();
  await local.server.close();
});
