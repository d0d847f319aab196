import type Stripe from "stripe";
import { afterAll, beforeAll, expect, test } from "vitest";
import { refusalOf, startTestStripe, type TestStripe } from "@/local/stripe/testing/start-test-stripe";

let local: TestStripe;
beforeAll(async () => {
  local = await startTestStripe();
});
afterAll(() => local.server.close());

async function createCode(
  params: Partial<Stripe.PromotionCodeCreateParams> = {},
  couponParams: Stripe.CouponCreateParams = { percent_off: 10 },
): Promise<Stripe.PromotionCode> {
  const coupon = await local.stripe.coupons.create(couponParams);
  return local.stripe.promotionCodes.create({ promotion: { type: "coupon", coupon: coupon.id }, ...params });
}

// https://docs.stripe.com/api/promotion_codes/create
test("a code is made up unless it is given", async () => {
  const code = await createCode();
  expect(code.code).toMatch(/^[A-Z0-9]{8}$/);
  expect(code).toMatchObject({
    active: true,
    customer: null,
    expires_at: null,
    promotion: { type: "coupon", coupon: expect.any(String) },
    restrictions: { first_time_transaction: false, minimum_amount: null, minimum_amount_currency: null },
    times_redeemed: 0,
  });
  expect((await createCode({ code: "Welcome-1" })).code).toBe("Welcome-1");
  const expanded = await local.stripe.promotionCodes.retrieve(code.id, { expand: ["promotion.coupon"] });
  expect(expanded.promotion.coupon).toMatchObject({ object: "coupon", percent_off: 10 });
});

test("a code is unique among active ones in any case, and free again once it is not", async () => {
  const first = await createCode({ code: "SPRING" });
  const error = await refusalOf(createCode({ code: "spring" }));
  expect([error.statusCode, error.message]).toEqual([
    400,
    "An active promotion code with `code: spring` already exists.",
  ]);
  await local.stripe.promotionCodes.update(first.id, { active: false });
  const second = await createCode({ code: "spring" });
  expect((await refusalOf(local.stripe.promotionCodes.update(first.id, { active: true }))).param).toBe(
    "code",
  );
  const found = await local.stripe.promotionCodes.list({ code: "sPrInG" });
  expect(found.data.map(({ id }) => id)).toEqual([second.id, first.id]);
  const active = await local.stripe.promotionCodes.list({ code: "spring", active: true });
  expect(active.data.map(({ id }) => id)).toEqual([second.id]);
});

test("codes for different customers may be the same", async () => {
  const [ada, bob] = [await local.stripe.customers.create({}), await local.stripe.customers.create({})];
  await createCode({ code: "THANKS", customer: ada.id });
  const theirs = await createCode({ code: "THANKS", customer: bob.id });
  await refusalOf(createCode({ code: "THANKS" }));
  const found = await local.stripe.promotionCodes.list({ customer: bob.id });
  expect(found.data.map(({ id }) => id)).toEqual([theirs.id]);
});

test.each<[Partial<Stripe.PromotionCodeCreateParams>, string, string]>([
  [
    { code: "has spaces!" },
    "code",
    "This value must match the regex pattern. (/\\A[a-zA-Z0-9\\-_]+\\z/ does not match for the value has spaces!).",
  ],
  [
    { promotion: { type: "coupon" } },
    "promotion.coupon",
    "You must pass promotion.coupon when passing promotion",
  ],
  [{ promotion: { type: "coupon", coupon: "NOPE" } }, "promotion[coupon]", "No such coupon: 'NOPE'"],
  [{ customer: "cus_nope" }, "customer", "No such customer: 'cus_nope'"],
  [
    { expires_at: 4_102_444_800 },
    "expires_at",
    "Invalid timestamp: can be no more than five years in the future.",
  ],
])("%o is refused in Stripe's words", async (params, param, message) => {
  const error = await refusalOf(createCode(params));
  expect([error.statusCode, error.param, error.message]).toEqual([400, param, message]);
});

test("a code cannot outlive its coupon nor be redeemed more often", async () => {
  const { json } = await local.lab("GET", "/clock");
  const now = Number(json.now);
  const coupon = { percent_off: 10, redeem_by: now + 1000, max_redemptions: 5 };
  expect((await refusalOf(createCode({ expires_at: now + 1001 }, coupon))).param).toBe("expires_at");
  expect((await refusalOf(createCode({ max_redemptions: 6 }, coupon))).param).toBe("max_redemptions");
  expect((await createCode({ expires_at: now + 1000, max_redemptions: 5 }, coupon)).active).toBe(true);
});

test("a minimum needs its currency, and other currencies need a minimum", async () => {
  const missing = await refusalOf(createCode({ restrictions: { minimum_amount: 1000 } }));
  expect(missing.param).toBe("restrictions[minimum_amount_currency]");
  const others = await refusalOf(
    createCode({ restrictions: { currency_options: { eur: { minimum_amount: 1 } } } }),
  );
  expect(others.param).toBe("restrictions[currency_options]");
});

test("a deleted coupon's codes are inactive and stay so", async () => {
  const code = await createCode();
  await local.stripe.coupons.del(String(code.promotion.coupon));
  expect((await local.stripe.promotionCodes.retrieve(code.id)).active).toBe(false);
  const error = await refusalOf(local.stripe.promotionCodes.update(code.id, { active: true }));
  expect([error.statusCode, error.param]).toEqual([400, "active"]);
});

test("a change tells what it was before", async () => {
  const code = await createCode();
  await local.stripe.promotionCodes.update(code.id, { active: false });
  const events = await local.stripe.events.list({ type: "promotion_code.updated", limit: 1 });
  expect(events.data[0]?.data.previous_attributes).toEqual({ active: true });
});
