import { afterAll, beforeAll, expect, test } from "vitest";
import { refusalOf, startTestStripe, type TestStripe } from "@/local/stripe/testing/start-test-stripe";

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
