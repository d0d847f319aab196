import type Stripe from "stripe";
import { afterAll, beforeAll, expect, test } from "vitest";
import { refusalOf, startTestStripe, type TestStripe } from "@/local/stripe/testing/start-test-stripe";

let local: TestStripe;
beforeAll(async () => {
  local = await startTestStripe();
});
afterAll(() => local.server.close());

// https://docs.stripe.com/api/coupons/create
test("a percentage is a coupon for one invoice unless it says otherwise", async () => {
  const coupon = await local.stripe.coupons.create({ percent_off: 22.5 });
  expect(coupon.id).toMatch(/^\w{8}$/);
  expect(coupon).toMatchObject({
    percent_off: 22.5,
    amount_off: null,
    currency: null,
    duration: "once",
    duration_in_months: null,
    times_redeemed: 0,
    valid: true,
  });
  expect(await local.stripe.coupons.retrieve(coupon.id)).toEqual(coupon);
});

test("products and further currencies are shown only when expanded", async () => {
  const product = await local.stripe.products.create({ name: "Pro" });
  const coupon = await local.stripe.coupons.create({
    amount_off: 500,
    currency: "usd",
    currency_options: { eur: { amount_off: 400 } },
    applies_to: { products: [product.id] },
  });
  expect(coupon).not.toHaveProperty("applies_to");
  expect(coupon).not.toHaveProperty("currency_options");
  const expand = ["applies_to", "currency_options"];
  expect(await local.stripe.coupons.retrieve(coupon.id, { expand })).toMatchObject({
    applies_to: { products: [product.id] },
    currency_options: { usd: { amount_off: 500 }, eur: { amount_off: 400 } },
  });
});

test.each<[Stripe.CouponCreateParams, string | undefined, string]>([
  [{}, undefined, "Must provide percent_off or amount_off."],
  [
    { percent_off: 10, amount_off: 500, currency: "usd" },
    undefined,
    "Received both percent_off and amount_off parameters. Please pass in only one.",
  ],
  [{ amount_off: 500 }, "currency", "You must pass currency when passing amount_off"],
  [
    { percent_off: 10, duration: "repeating" },
    "duration",
    "The duration_in_months param must be set when creating a coupon with a repeating duration",
  ],
  [
    { percent_off: 0 },
    "percent_off",
    "This value must be greater than or equal to 0.01 (it currently is '0.0').",
  ],
  [
    { percent_off: 101 },
    "percent_off",
    "This value must be less than or equal to 100 (it currently is '101.0').",
  ],
  [
    { percent_off: 10, redeem_by: 1000 },
    "redeem_by",
    "The parameter `redeem_by` expects a unix timestamp representing a date and time in the future. You specified the value `1000` which is in the past.",
  ],
  [
    { percent_off: 5, currency_options: { eur: { amount_off: 4 } } },
    "currency_options",
    "You may only specify one of these parameters: currency_options, percent_off.",
  ],
])("%o is refused in Stripe's words", async (params, param, message) => {
  const error = await refusalOf(local.stripe.coupons.create(params));
  expect([error.statusCode, error.param, error.message]).toEqual([400, param, message]);
});

test("an id of one's own is not given twice, but again after its coupon is deleted", async () => {
  await local.stripe.coupons.create({ id: "TENOFF", percent_off: 10 });
  const error = await refusalOf(local.stripe.coupons.create({ id: "TENOFF", percent_off: 5 }));
  expect([error.code, error.message]).toEqual(["resource_already_exists", "Coupon already exists."]);
  const deleted = { id: "TENOFF", object: "coupon", deleted: true };
  expect(await local.stripe.coupons.del("TENOFF")).toEqual(deleted);
  const gone = await refusalOf(local.stripe.coupons.retrieve("TENOFF"));
  expect([gone.statusCode, gone.message]).toEqual([404, "No such coupon: 'TENOFF'"]);
  const events = await local.stripe.events.list({ type: "coupon.deleted", limit: 1 });
  expect(events.data[0]?.data.object).toMatchObject({ id: "TENOFF", valid: false });
  expect((await local.stripe.coupons.create({ id: "TENOFF", percent_off: 5 })).percent_off).toBe(5);
});

test("name, metadata and further currencies change, what it takes off does not", async () => {
  const coupon = await local.stripe.coupons.create({ amount_off: 500, currency: "usd" });
  const updated = await local.stripe.coupons.update(coupon.id, {
    name: "Five off",
    metadata: { campaign: "spring" },
    currency_options: { gbp: { amount_off: 300 } },
    expand: ["currency_options"],
  });
  expect(updated).toMatchObject({ name: "Five off", currency_options: { gbp: { amount_off: 300 } } });
  const events = await local.stripe.events.list({ type: "coupon.updated", limit: 1 });
  expect(events.data[0]?.data.previous_attributes).toEqual({ name: null, metadata: { campaign: null } });
  const body = new URLSearchParams({ amount_off: "600" });
  const response = await local.raw(`/v1/coupons/${coupon.id}`, { method: "POST", body });
  expect((await response.json()).error).toMatchObject({ code: "parameter_unknown", param: "amount_off" });
});
