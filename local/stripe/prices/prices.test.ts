import { afterAll, beforeAll, expect, test } from "vitest";
import { createPlan } from "@/local/stripe/testing/catalogue";
import { refusalOf, startTestStripe, type TestStripe } from "@/local/stripe/testing/start-test-stripe";

let local: TestStripe;
beforeAll(async () => {
  local = await startTestStripe();
});
afterAll(() => local.server.close());

test("a quarter is three months", async () => {
  const price = await createPlan(local.stripe, { nickname: "Quarterly", tax_behavior: "exclusive" });
  expect(price).toMatchObject({
    object: "price",
    type: "recurring",
    unit_amount: 5400,
    recurring: { interval: "month", interval_count: 3, usage_type: "licensed" },
    tax_behavior: "exclusive",
    nickname: "Quarterly",
    lookup_key: null,
  });
  expect(String(price.unit_amount_decimal)).toBe("5400");
  expect(await local.stripe.prices.retrieve(price.id)).toEqual(price);
});

test("a price without an interval is one-time", async () => {
  const price = await createPlan(local.stripe, { recurring: undefined, unit_amount: 900, currency: "EUR" });
  expect(price).toMatchObject({ type: "one_time", recurring: null, currency: "eur" });
});

test("a period longer than three years is refused", async () => {
  const error = await refusalOf(
    createPlan(local.stripe, { recurring: { interval: "month", interval_count: 37 } }),
  );
  expect(error.param).toBe("recurring[interval_count]");
});

test.each(["unit_amount", "currency", "product", "recurring[interval]"])(
  "%s never changes",
  async (param) => {
    const price = await createPlan(local.stripe);
    const body = new URLSearchParams({ [param]: "1" });
    const response = await local.raw(`/v1/prices/${price.id}`, { method: "POST", body });
    const { error } = await response.json();
    expect([response.status, error.code, error.param]).toEqual([
      400,
      "parameter_unknown",
      param.split("[")[0],
    ]);
  },
);

test("a lookup key belongs to one price and moves only when told to", async () => {
  const first = await createPlan(local.stripe, { lookup_key: "community_pro" });
  const refused = await refusalOf(createPlan(local.stripe, { lookup_key: "community_pro" }));
  expect([refused.statusCode, refused.param]).toEqual([400, "lookup_key"]);
  const second = await createPlan(local.stripe, { lookup_key: "community_pro", transfer_lookup_key: true });
  const found = await local.stripe.prices.list({ lookup_keys: ["community_pro", "unknown"] });
  expect(found.data.map((price) => price.id)).toEqual([second.id]);
  expect((await local.stripe.prices.retrieve(first.id)).lookup_key).toBeNull();
});

test("a product can be made with its price", async () => {
  const price = await local.stripe.prices.create({
    currency: "usd",
    unit_amount: 100,
    product_data: { name: "Made together" },
    expand: ["product"],
  });
  expect(price.product).toMatchObject({ object: "product", name: "Made together" });
});

test("lists are filtered by product, activity and type", async () => {
  const price = await createPlan(local.stripe);
  await local.stripe.prices.update(price.id, { active: false, metadata: { old: "yes" } });
  const product = String(price.product);
  expect((await local.stripe.prices.list({ product, active: true })).data).toEqual([]);
  expect((await local.stripe.prices.list({ product, active: false })).data).toHaveLength(1);
  expect((await local.stripe.prices.list({ product, type: "one_time" })).data).toEqual([]);
});

test("tiers and metering are refused by name", async () => {
  const error = await refusalOf(
    createPlan(local.stripe, { billing_scheme: "per_unit", tiers: [{ up_to: "inf" }] }),
  );
  expect(error.message).toBe("Not simulated yet by the local Stripe: the parameter 'tiers'.");
  expect(error.param).toBe("tiers");
});
