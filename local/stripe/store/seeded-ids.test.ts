import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { createPayingCustomer, createPlan } from "@/local/stripe/testing/catalogue";
import { refusalOf, startTestStripe, type TestStripe } from "@/local/stripe/testing/start-test-stripe";

/** Buys a plan and gives every id there is. */
async function live({ stripe }: TestStripe): Promise<string[]> {
  const plan = await createPlan(stripe);
  const customer = await createPayingCustomer(stripe);
  const items = [{ price: plan.id }];
  const subscription = await stripe.subscriptions.create({ customer: customer.id, items });
  const endpoint = await stripe.webhookEndpoints.create({
    url: "http://127.0.0.1:9/hook",
    enabled_events: ["product.deleted"],
  });
  const intent = await stripe.paymentIntents.create({ amount: 500, currency: "usd" });
  const events = await stripe.events.list({ limit: 100 });
  return [
    customer.id,
    subscription.id,
    subscription.lastResponse.requestId ?? "",
    endpoint.secret ?? "",
    intent.client_secret ?? "",
    ...events.data.flatMap(({ id, request }) => [id, request?.id ?? ""]),
  ];
}

test("with a seed the same calls give the same ids and secrets, all of them different", async () => {
  const [first, second] = [await startTestStripe({ seed: 7 }), await startTestStripe({ seed: 7 })];
  const ids = await live(first);
  expect(ids.length).toBeGreaterThan(15);
  expect(await live(second)).toEqual(ids);
  expect(new Set(ids.filter((id) => !id.startsWith("req_"))).size).toBe(
    ids.filter((id) => !id.startsWith("req_")).length,
  );
  await Promise.all([first.server.close(), second.server.close()]);
});

test("another seed gives other ids, and none gives ids nobody can foretell", async () => {
  const servers = await Promise.all([
    startTestStripe({ seed: 1 }),
    startTestStripe({ seed: 2 }),
    startTestStripe(),
    startTestStripe(),
  ]);
  const ids = await Promise.all(servers.map(async ({ stripe }) => (await stripe.customers.create({})).id));
  expect(new Set(ids).size).toBe(4);
  await Promise.all(servers.map(({ server }) => server.close()));
});

test("a reset begins afresh with the seed it is given, else with that of the start", async () => {
  const local = await startTestStripe({ seed: 7 });
  const seven = await live(local);
  await local.lab("POST", "/reset");
  expect(await live(local)).toEqual(seven);
  await local.lab("POST", "/reset", { seed: 8 });
  const eight = await live(local);
  expect(eight).not.toEqual(seven);
  await local.lab("POST", "/reset", { seed: 8 });
  expect(await live(local)).toEqual(eight);
  expect((await local.lab("POST", "/reset", { seed: "many" })).status).toBe(400);
  await local.server.close();
});

test("one kind of object more does not change the ids of the others", async () => {
  const [first, second] = [await startTestStripe({ seed: 7 }), await startTestStripe({ seed: 7 })];
  await second.stripe.products.create({ name: "One more" });
  const [a, b] = [await first.stripe.customers.create({}), await second.stripe.customers.create({})];
  expect(b.id).toBe(a.id);
  await Promise.all([first.server.close(), second.server.close()]);
});

test("ids go on where they were after a restart, and a refused call uses none up", async () => {
  const dataDir = await mkdtemp(join(tmpdir(), "local-stripe-"));
  const whole = await startTestStripe({ seed: 7 });
  const before = await startTestStripe({ seed: 7, dataDir });
  const wanted = [await whole.stripe.customers.create({}), await whole.stripe.customers.create({})];
  const first = await before.stripe.customers.create({});
  await refusalOf(before.stripe.customers.create({ invoice_settings: { default_payment_method: "pm_no" } }));
  await before.server.close();
  // The seed of the start is for an empty store; this one goes on as it began.
  const after = await startTestStripe({ seed: 9, dataDir });
  const second = await after.stripe.customers.create({});
  expect([first.id, second.id]).toEqual(wanted.map(({ id }) => id));
  await Promise.all([whole.server.close(), after.server.close()]);
  await rm(dataDir, { recursive: true });
});
