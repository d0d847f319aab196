import type Stripe from "stripe";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { formatMoney } from "@/local/stripe/money";
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

// https://docs.stripe.com/api/prices/create
test.each([
  [
    { unit_amount: undefined },
    "unit_amount",
    "Prices require an `unit_amount` or `unit_amount_decimal` parameter to be set.",
  ],
  [
    { unit_amount: 100_000_000 },
    "unit_amount",
    "This value must be less than or equal to 99999999 (it currently is '100000000').",
  ],
  [
    { currency: "xyz" },
    "currency",
    /^Invalid currency: xyz. Stripe currently supports these currencies: usd, aed, afn, /,
  ],
  [
    { product: undefined },
    "product",
    "You must specify either `product` or `product_data` when creating a price.",
  ],
  [
    { recurring: { interval: "month", usage_type: "metered" } },
    "recurring[meter]",
    "Starting with Stripe version `2025-03-31.basil`, metered prices must be backed by meters.",
  ],
] as const)("%o is refused, naming %s", async (overrides, param, message) => {
  const error = await refusalOf(createPlan(local.stripe, overrides));
  expect([error.statusCode, error.param]).toEqual([400, param]);
  expect(error.message).toMatch(message);
});

test("an amount in rupiah may have twelve digits, and yen have no cents", async () => {
  const price = await createPlan(local.stripe, { currency: "idr", unit_amount: 999_999_999_999 });
  expect(price.unit_amount).toBe(999_999_999_999);
  expect(formatMoney(500, "jpy")).toBe("¥500");
  expect(formatMoney(5120, "kwd")).toBe("KWD\u00a05.120");
  expect(formatMoney(500, "isk")).toBe("ISK\u00a05.00");
});

test("a decimal amount of up to twelve places is kept, and is whole only when it is", async () => {
  const body = { currency: "usd", "product_data[name]": "Tokens" };
  const create = async (amount: string) => {
    const form = new URLSearchParams({ ...body, unit_amount_decimal: amount });
    return (await local.raw("/v1/prices", { method: "POST", body: form })).json();
  };
  expect(await create("0.000000000001")).toMatchObject({
    unit_amount: null,
    unit_amount_decimal: "0.000000000001",
  });
  expect(await create("123.00")).toMatchObject({ unit_amount: 123, unit_amount_decimal: "123" });
  expect((await create("0.0000000000001")).error).toMatchObject({ param: "unit_amount_decimal" });
  expect((await create("-1")).error).toMatchObject({ param: "unit_amount_decimal" });
});

// https://docs.stripe.com/subscriptions/pricing-models/tiered-pricing
describe("tiers", () => {
  const graduated = {
    unit_amount: undefined,
    billing_scheme: "tiered",
    tiers_mode: "graduated",
    tiers: [
      { up_to: 5, unit_amount: 700, flat_amount: 1000 },
      { up_to: "inf", unit_amount: 600 },
    ],
  } as const satisfies Partial<Stripe.PriceCreateParams>;
  const create = (overrides: object) => createPlan(local.stripe, { ...graduated, ...overrides });

  test("are shown only when expanded, and hide the unit amount", async () => {
    const price = await create({});
    expect(price).toMatchObject({ unit_amount: null, unit_amount_decimal: null, tiers_mode: "graduated" });
    expect(price).not.toHaveProperty("tiers");
    const { tiers } = await local.stripe.prices.retrieve(price.id, { expand: ["tiers"] });
    expect(tiers).toMatchObject([
      { up_to: 5, unit_amount: 700, flat_amount: 1000 },
      { up_to: null, unit_amount: 600, flat_amount: null, flat_amount_decimal: null },
    ]);
  });

  test.each([
    [{ tiers: [] }, "tiers"],
    [{ tiers: undefined }, "tiers"],
    [{ tiers: [{ up_to: 5, unit_amount: 1 }] }, "tiers[0][up_to]"],
    [
      {
        tiers: [
          { up_to: "inf", unit_amount: 1 },
          { up_to: "inf", unit_amount: 1 },
        ],
      },
      "tiers[0][up_to]",
    ],
    [
      {
        tiers: [
          { up_to: 5, unit_amount: 1 },
          { up_to: 5, unit_amount: 1 },
          { up_to: "inf", unit_amount: 1 },
        ],
      },
      "tiers[1][up_to]",
    ],
    [{ tiers: [{ up_to: "inf" }] }, "tiers[0][unit_amount]"],
    [{ tiers_mode: undefined }, "tiers_mode"],
    [{ unit_amount: 5 }, "unit_amount"],
    [{ transform_quantity: { divide_by: 2, round: "up" } }, "transform_quantity"],
    [{ recurring: undefined }, "interval"],
    [{ billing_scheme: "per_unit", unit_amount: 5 }, "tiers_mode"],
  ])("%o is refused, naming %s", async (overrides, param) => {
    const error = await refusalOf(create(overrides));
    expect([error.statusCode, error.param]).toEqual([400, param]);
  });
});

// https://docs.stripe.com/payments/currencies/localize-prices/manual-currency-prices
test("further currencies are shown on request, added by an update and taken away as a whole", async () => {
  const price = await createPlan(local.stripe, { currency_options: { eur: { unit_amount: 5000 } } });
  expect(price).not.toHaveProperty("currency_options");
  const updated = await local.stripe.prices.update(price.id, {
    currency_options: { jpy: { unit_amount: 8000 } },
    expand: ["currency_options"],
  });
  const amounts = Object.entries(updated.currency_options ?? {}).map(([key, { unit_amount }]) => [
    key,
    unit_amount,
  ]);
  expect(amounts).toEqual([
    ["usd", 5400],
    ["eur", 5000],
    ["jpy", 8000],
  ]);
  const cleared = await local.stripe.prices.update(price.id, {
    currency_options: "",
    expand: ["currency_options"],
  });
  expect(Object.keys(cleared.currency_options ?? {})).toEqual(["usd"]);
  const error = await refusalOf(
    createPlan(local.stripe, { currency_options: { EUR: { unit_amount: 5000 } } }),
  );
  expect(error.message).toBe(
    "Currencies must be lowercase when used as keys in a map. Use `eur` instead of `EUR`.",
  );
});

test("the tax behaviour is set once", async () => {
  const price = await createPlan(local.stripe);
  const set = await local.stripe.prices.update(price.id, { tax_behavior: "inclusive" });
  expect(set.tax_behavior).toBe("inclusive");
  const error = await refusalOf(local.stripe.prices.update(price.id, { tax_behavior: "exclusive" }));
  expect([error.statusCode, error.param]).toEqual([400, "tax_behavior"]);
});

test("an amount the customer chooses belongs to one-time prices", async () => {
  const custom_unit_amount = { enabled: true, minimum: 100, maximum: 10_000, preset: 500 };
  const choice = { unit_amount: undefined, custom_unit_amount };
  const price = await createPlan(local.stripe, { ...choice, recurring: undefined });
  expect(price.custom_unit_amount).toEqual({ minimum: 100, maximum: 10_000, preset: 500 });
  expect((await refusalOf(createPlan(local.stripe, choice))).param).toBe("custom_unit_amount");
});

test("a list by an unknown product is an error, not an empty list", async () => {
  const error = await refusalOf(local.stripe.prices.list({ product: "prod_nope" }));
  expect([error.statusCode, error.message]).toEqual([400, "No such product: 'prod_nope'"]);
});
