import type Stripe from "stripe";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createPayingCustomer, createPlan } from "@/local/stripe/testing/catalogue";
import { refusalOf, startTestStripe, type TestStripe } from "@/local/stripe/testing/start-test-stripe";
import { startWebhookReceiver } from "@/local/stripe/testing/start-webhook-receiver";

const DAY_MS = 24 * 60 * 60 * 1000;

let local: TestStripe;
beforeAll(async () => {
  local = await startTestStripe();
});
afterAll(() => local.server.close());

test("events are listed newest first, by type, by types and by family", async () => {
  const product = await local.stripe.products.create({ name: "Pro" });
  await local.stripe.products.update(product.id, { name: "Pro+" });
  await local.stripe.prices.create({ product: product.id, currency: "usd", unit_amount: 1 });
  const types = async (params: object) =>
    (await local.stripe.events.list(params)).data.map(({ type }) => type);
  expect(await types({})).toEqual(["price.created", "product.updated", "product.created"]);
  expect(await types({ type: "product.created" })).toEqual(["product.created"]);
  expect(await types({ type: "product.*" })).toEqual(["product.updated", "product.created"]);
  expect(await types({ types: ["price.created", "product.created"] })).toEqual([
    "price.created",
    "product.created",
  ]);
  const both = await refusalOf(
    local.stripe.events.list({ type: "product.created", types: ["price.created"] }),
  );
  expect(both.statusCode).toBe(400);
});

test("an event is read back by its id", async () => {
  const [event] = (await local.stripe.events.list({ limit: 1 })).data;
  expect(await local.stripe.events.retrieve(event?.id ?? "")).toEqual(event);
  expect((await refusalOf(local.stripe.events.retrieve("evt_none"))).statusCode).toBe(404);
});

test("a refused call leaves no event behind", async () => {
  const before = (await local.stripe.events.list({ limit: 100 })).data.length;
  await refusalOf(local.stripe.customers.create({ invoice_settings: { default_payment_method: "pm_none" } }));
  expect((await local.stripe.events.list({ limit: 100 })).data.length).toBe(before);
});

// https://docs.stripe.com/api/events/list
describe("a list of events", () => {
  test("is filtered by whether every endpoint has taken them", async () => {
    const receiver = await startWebhookReceiver();
    const own = await startTestStripe({ webhookEndpoints: [receiver.endpoint], retryDelaysMs: [60_000] });
    await own.stripe.products.create({ id: "prod_taken", name: "Taken" });
    await own.server.deliveriesSettled();
    receiver.answers.push(500);
    await own.stripe.products.create({ id: "prod_refused", name: "Refused" });
    await own.server.deliveriesSettled();
    const names = async (delivery_success: boolean) => {
      const { data } = await own.stripe.events.list({ delivery_success });
      return data.map((event) => "id" in event.data.object && event.data.object.id);
    };
    expect(await names(true)).toEqual(["prod_taken"]);
    expect(await names(false)).toEqual(["prod_refused"]);
    const [refused, taken] = (await own.stripe.events.list({})).data;
    expect([refused?.pending_webhooks, taken?.pending_webhooks]).toEqual([1, 0]);
    await Promise.all([own.server.close(), receiver.close()]);
  });

  test("is filtered by the time they were made at", async () => {
    const { created } = await local.stripe.products.create({ name: "Timed" });
    const count = async (range: Stripe.RangeQueryParam) =>
      (await local.stripe.events.list({ created: range, limit: 100 })).data.length;
    expect(await count({ gt: created })).toBe(0);
    expect(await count({ gte: created })).toBeGreaterThan(0);
    expect(await count({ lt: 1 })).toBe(0);
  });

  test("takes twenty types and not one more", async () => {
    const types = Array.from({ length: 21 }, (_, index) => `product.${index}`);
    const error = await refusalOf(local.stripe.events.list({ types }));
    expect([error.statusCode, error.param]).toEqual([400, "types"]);
    expect((await local.stripe.events.list({ types: types.slice(1) })).data).toEqual([]);
  });
});

// https://docs.stripe.com/api/events
describe("an event is kept for thirty days", () => {
  test("and then is gone from the list and by its id", async () => {
    const own = await startTestStripe();
    await own.stripe.products.create({ name: "Old" });
    const [event] = (await own.stripe.events.list()).data;
    await own.lab("POST", "/clock", { advance_ms: 30 * DAY_MS - 60_000 });
    expect((await own.stripe.events.retrieve(event?.id ?? "")).id).toBe(event?.id);
    await own.lab("POST", "/clock", { advance_ms: 61_000 });
    expect((await own.stripe.events.list()).data).toEqual([]);
    const error = await refusalOf(own.stripe.events.retrieve(event?.id ?? ""));
    expect([error.statusCode, error.code, error.param]).toEqual([404, "resource_missing", "id"]);
    expect(error.message).toBe(`No such event: '${event?.id}'`);
    for (const cursor of ["starting_after", "ending_before"]) {
      const lost = await refusalOf(own.stripe.events.list({ [cursor]: event?.id }));
      expect([lost.statusCode, lost.code, lost.param]).toEqual([400, "resource_missing", cursor]);
    }
    await own.server.close();
  });

  test("from where the leap that made it ends, so that no leap hides its own events", async () => {
    const own = await startTestStripe();
    const customer = await createPayingCustomer(own.stripe);
    const items = [{ price: (await createPlan(own.stripe)).id }];
    await own.stripe.subscriptions.create({ customer: customer.id, items });
    await own.lab("POST", "/clock", { advance_ms: 100 * DAY_MS });
    const types = (await own.stripe.events.list({ limit: 100 })).data.map(({ type }) => type);
    expect(types).toContain("invoice.upcoming");
    expect(types).not.toContain("customer.subscription.created");
    await own.server.close();
  });
});
