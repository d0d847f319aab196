import { check, checkRefusal } from "@/local/stripe/live/check";
import type { Scenario } from "@/local/stripe/live/scenario";
import { makePrice, makeProduct, unique } from "@/local/stripe/live/world";

export const catalogue: Scenario = {
  name: "products and prices are made, changed, found by their key and archived",
  page: "https://docs.stripe.com/api/prices",
  async run(stripe, world) {
    const product = await makeProduct(world);
    const key = unique("contract");
    const price = await makePrice(world, { product: product.id, lookup_key: key, nickname: "Monthly" });
    check("price", price, {
      object: "price",
      active: true,
      billing_scheme: "per_unit",
      currency: "usd",
      livemode: false,
      product: product.id,
      recurring: { interval: "month", interval_count: 1, usage_type: "licensed" },
      tax_behavior: "unspecified",
      type: "recurring",
      unit_amount: 1000,
    });
    const found = await stripe.prices.list({ lookup_keys: [key] });
    check("prices by lookup key", found, { object: "list", has_more: false, data: [{ id: price.id }] });
    const changed = await stripe.prices.update(price.id, { metadata: { a: "1", b: "2" } });
    check("changed price", changed, { metadata: { a: "1", b: "2" }, nickname: "Monthly" });
    check("metadata taken away", await stripe.prices.update(price.id, { metadata: { a: "" } }), {
      metadata: { a: undefined, b: "2" },
    });
    const moved = await makePrice(world, {
      product: product.id,
      lookup_key: key,
      transfer_lookup_key: true,
    });
    check("the key's former price", await stripe.prices.retrieve(price.id), { lookup_key: null });
    check("the key's new price", moved, { lookup_key: key });
    await checkRefusal(
      "a price without a currency",
      // What is missing is the point.
      stripe.prices.create({ product: product.id, unit_amount: 5 } as never),
      { statusCode: 400, type: "invalid_request_error", code: "parameter_missing", param: "currency" },
    );
  },
};

export const tieredPrices: Scenario = {
  name: "a tiered price shows its tiers when they are expanded",
  page: "https://docs.stripe.com/subscriptions/pricing-models/tiered-pricing",
  async run(stripe, world) {
    const price = await makePrice(world, {
      unit_amount: undefined,
      billing_scheme: "tiered",
      tiers_mode: "graduated",
      tiers: [
        { up_to: 5, unit_amount: 700 },
        { up_to: "inf", unit_amount: 600, flat_amount: 100 },
      ],
    });
    check("price", price, { tiers: undefined, tiers_mode: "graduated", unit_amount: null });
    check("expanded", await stripe.prices.retrieve(price.id, { expand: ["tiers"] }), {
      tiers: [
        { flat_amount: null, unit_amount: 700, up_to: 5 },
        { flat_amount: 100, unit_amount: 600, up_to: null },
      ],
    });
  },
};
