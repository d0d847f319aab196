import type Stripe from "stripe";
import { describe, expect, test } from "vitest";
import type { Context } from "@/local/stripe/context";
import { createCoupon } from "@/local/stripe/coupons/create-coupon";
import { createCustomer } from "@/local/stripe/customers/create-customer";
import { StripeApiError } from "@/local/stripe/http/stripe-api-error";
import { createPromotionCode } from "@/local/stripe/promotion-codes/create-promotion-code";
import { listObjects } from "@/local/stripe/store/list-objects";
import { deleteObject, findObject, insertObject } from "@/local/stripe/store/store";
import { openContext } from "@/local/stripe/testing/open-context";
import { runDueWork } from "@/local/stripe/time/run-due-work";
import { activeDiscounts } from "./active-discounts";
import { applyDiscountParams, type DiscountOwner } from "./apply-discount-params";
import { deletedDiscount, endOnceDiscounts } from "./end-discount";

// 31 August 2026, noon.
const NOW = Date.UTC(2026, 7, 31, 12) / 1000;

function setUp(): { context: ReturnType<typeof openContext>; owner: DiscountOwner } {
  const context = openContext(NOW);
  const customer = createCustomer(context, { email: "ada@example.test" });
  const owner = { customer: customer.id, currency: "usd", subscription: "sub_1", amount: 10_000 };
  return { context, owner };
}

function refusalOf(work: () => unknown): StripeApiError {
  try {
    work();
  } catch (error) {
    if (error instanceof StripeApiError) return error;
    throw error;
  }
  throw new Error("It was not refused.");
}

function eventTypes(context: Context): string[] {
  const { data } = listObjects(context.store, "event", { filters: [], limit: 100 });
  return data.map(({ type }) => type).reverse();
}

// https://docs.stripe.com/api/discounts/object
describe("giving discounts", () => {
  test("a coupon becomes a discount of the subscription, counted and told of", () => {
    const { context, owner } = setUp();
    const coupon = createCoupon(context, { percent_off: 10, duration: "forever" });
    const [id = ""] = applyDiscountParams(context, [{ coupon: coupon.id }], owner);
    expect(findObject(context.store, "discount", id)).toEqual({
      id,
      object: "discount",
      checkout_session: null,
      customer: owner.customer,
      customer_account: null,
      end: null,
      invoice: null,
      invoice_item: null,
      promotion_code: null,
      source: { coupon: coupon.id, type: "coupon" },
      start: NOW,
      subscription: "sub_1",
      subscription_item: null,
    });
    expect(findObject(context.store, "coupon", coupon.id)).toMatchObject({ times_redeemed: 1, valid: true });
    expect(eventTypes(context).at(-1)).toBe("customer.discount.created");
  });

  test("the list is always the whole one: what is not named again is taken away", () => {
    const { context, owner } = setUp();
    const [a, b] = [10, 20].map((off) => createCoupon(context, { percent_off: off, duration: "forever" }).id);
    const first = applyDiscountParams(context, [{ coupon: a }, { coupon: b }], owner);
    const kept = applyDiscountParams(context, [{ discount: first[1] }], { ...owner, current: first });
    expect(kept).toEqual([first[1]]);
    expect(activeDiscounts(context, first, NOW, "usd").map(({ discount }) => discount)).toEqual([first[1]]);
    expect(eventTypes(context).at(-1)).toBe("customer.discount.deleted");
    // Keeping a discount is not redeeming its coupon again.
    expect(findObject(context.store, "coupon", b ?? "")?.times_redeemed).toBe(1);
    expect(applyDiscountParams(context, [], { ...owner, current: kept })).toEqual([]);
    expect(activeDiscounts(context, kept, NOW, "usd")).toEqual([]);
  });

  test("a discount of somebody else's cannot be reused", () => {
    const { context, owner } = setUp();
    const coupon = createCoupon(context, { percent_off: 10, duration: "forever" });
    const [id] = applyDiscountParams(context, [{ coupon: coupon.id }], owner);
    const error = refusalOf(() => applyDiscountParams(context, [{ discount: id }], owner));
    expect(error.body).toMatchObject({ code: "resource_missing", param: "discounts[0][discount]" });
  });

  test("each element names exactly one thing", () => {
    const { context, owner } = setUp();
    const both = refusalOf(() =>
      applyDiscountParams(context, [{ coupon: "a", promotion_code: "promo_1" }], owner),
    );
    expect(both.body.message).toBe("You may only specify one of these parameters: coupon, promotion_code.");
    expect(refusalOf(() => applyDiscountParams(context, [{}], owner)).body.param).toBe("discounts[0]");
  });
});

describe("what cannot be redeemed is refused", () => {
  test("an unknown coupon", () => {
    const { context, owner } = setUp();
    const error = refusalOf(() => applyDiscountParams(context, [{ coupon: "NOPE" }], owner));
    expect(error.body).toMatchObject({ message: "No such coupon: 'NOPE'", param: "discounts[0][coupon]" });
  });

  test("a coupon whose redemptions are used, with all its codes", () => {
    const { context, owner } = setUp();
    const coupon = createCoupon(context, { percent_off: 10, max_redemptions: 1 });
    const code = createPromotionCode(context, { promotion: { type: "coupon", coupon: coupon.id } });
    applyDiscountParams(context, [{ coupon: coupon.id }], owner);
    const error = refusalOf(() => applyDiscountParams(context, [{ coupon: coupon.id }], owner));
    expect(error.body).toMatchObject({ code: "coupon_expired", message: `Coupon expired: ${coupon.id}` });
    expect(findObject(context.store, "promotion_code", code.id)?.active).toBe(false);
  });

  test("a coupon after the second it can last be redeemed in, not in it", () => {
    const { context, owner } = setUp();
    const coupon = createCoupon(context, { percent_off: 10, redeem_by: NOW + 60 });
    runDueWork(context.store, context.baseUrl, NOW + 60);
    expect(applyDiscountParams(context.at(NOW + 60), [{ coupon: coupon.id }], owner)).toHaveLength(1);
    runDueWork(context.store, context.baseUrl, NOW + 61);
    const late = () => applyDiscountParams(context.at(NOW + 61), [{ coupon: coupon.id }], owner);
    expect(refusalOf(late).body.code).toBe("coupon_expired");
  });

  test("an amount in another currency, unless the coupon defines it", () => {
    const { context, owner } = setUp();
    const euros = createCoupon(context, { amount_off: 500, currency: "eur" });
    expect(refusalOf(() => applyDiscountParams(context, [{ coupon: euros.id }], owner)).body.param).toBe(
      "discounts[0][coupon]",
    );
    const both = createCoupon(context, {
      amount_off: 500,
      currency: "eur",
      currency_options: { usd: { amount_off: 600 } },
    });
    const ids = applyDiscountParams(context, [{ coupon: both.id }], owner);
    expect(activeDiscounts(context, ids, NOW, "usd")[0]?.coupon).toMatchObject({
      amount_off: 600,
      currency: "usd",
    });
    expect(activeDiscounts(context, ids, NOW, "eur")[0]?.coupon.amount_off).toBe(500);
    expect(activeDiscounts(context, ids, NOW, "gbp")).toEqual([]);
  });

  // https://docs.stripe.com/billing/subscriptions/coupons#promotion-codes
  test("a code that is another customer's, used up, or for larger purchases", () => {
    const { context, owner } = setUp();
    const coupon = createCoupon(context, { percent_off: 10, duration: "forever" });
    const promotion = { type: "coupon" as const, coupon: coupon.id };
    const other = createCustomer(context, {});
    const theirs = createPromotionCode(context, { promotion, customer: other.id });
    const single = createPromotionCode(context, { promotion, max_redemptions: 1 });
    const large = createPromotionCode(context, {
      promotion,
      restrictions: { minimum_amount: 10_001, minimum_amount_currency: "usd" },
    });
    const redeem = (id: string, amount: number | null = 10_000) =>
      applyDiscountParams(context, [{ promotion_code: id }], { ...owner, amount });
    expect(redeem(single.id)).toHaveLength(1);
    expect(findObject(context.store, "promotion_code", single.id)).toMatchObject({
      times_redeemed: 1,
      active: false,
    });
    for (const id of [theirs.id, single.id, large.id]) {
      expect(refusalOf(() => redeem(id)).body.param).toBe("discounts[0][promotion_code]");
    }
    expect(refusalOf(() => redeem(large.id)).body.message).toBe(
      "This promotion code cannot be redeemed because the associated purchase does not meet the minimum amount requirement.",
    );
    expect(redeem(large.id, 10_001)).toHaveLength(1);
    // Codes with a minimum are not taken by subscription items and updates.
    expect(refusalOf(() => redeem(large.id, null)).status).toBe(400);
  });

  // https://docs.stripe.com/api/promotion_codes/create#create_promotion_code-restrictions-first_time_transaction
  test.each([
    ["draft", true],
    ["void", true],
    ["open", false],
    ["paid", false],
  ])("a code for first purchases after an invoice that is %s: %s", (status, isTaken) => {
    const { context, owner } = setUp();
    const coupon = createCoupon(context, { percent_off: 10 });
    const code = createPromotionCode(context, {
      promotion: { type: "coupon", coupon: coupon.id },
      restrictions: { first_time_transaction: true },
    });
    // Only the customer and the status of an invoice matter here.
    const invoice = { id: "in_1", object: "invoice", created: NOW, customer: owner.customer, status };
    insertObject(context.store, "invoice", invoice as Stripe.Invoice, { lines: {} } as never);
    const redeem = () => applyDiscountParams(context, [{ promotion_code: code.id }], owner);
    if (isTaken) expect(redeem()).toHaveLength(1);
    else {
      expect(refusalOf(redeem).body.message).toBe(
        "This promotion code cannot be redeemed because the associated customer has prior transactions.",
      );
    }
  });

  test("a code whose time is over", () => {
    const { context, owner } = setUp();
    const coupon = createCoupon(context, { percent_off: 10 });
    const promotion = { type: "coupon" as const, coupon: coupon.id };
    const code = createPromotionCode(context, { promotion, expires_at: NOW + 60 });
    runDueWork(context.store, context.baseUrl, NOW + 60);
    const late = () => applyDiscountParams(context.at(NOW + 60), [{ promotion_code: code.id }], owner);
    expect(refusalOf(late).body.param).toBe("discounts[0][promotion_code]");
  });
});

describe("how long a discount counts", () => {
  test("a repeating one to the end of its months, clamped, and no longer at that second", () => {
    const { context, owner } = setUp();
    const coupon = createCoupon(context, { percent_off: 10, duration: "repeating", duration_in_months: 6 });
    const ids = applyDiscountParams(context, [{ coupon: coupon.id }], owner);
    const end = Date.UTC(2027, 1, 28, 12) / 1000;
    expect(findObject(context.store, "discount", ids[0] ?? "")?.end).toBe(end);
    expect(activeDiscounts(context, ids, end - 1, "usd")).toHaveLength(1);
    expect(activeDiscounts(context, ids, end, "usd")).toEqual([]);
    runDueWork(context.store, context.baseUrl, end);
    expect(eventTypes(context).at(-1)).toBe("customer.discount.deleted");
  });

  test("one for a single invoice until that invoice is final, and then it is gone once", () => {
    const { context, owner } = setUp();
    const once = createCoupon(context, { percent_off: 10, duration: "once" });
    const forever = createCoupon(context, { percent_off: 20, duration: "forever" });
    const ids = applyDiscountParams(context, [{ coupon: once.id }, { coupon: forever.id }], owner);
    expect(activeDiscounts(context, ids, NOW, "usd")).toHaveLength(2);
    expect(endOnceDiscounts(context, ids)).toEqual([ids[1]]);
    expect(activeDiscounts(context, ids, NOW, "usd").map(({ discount }) => discount)).toEqual([ids[1]]);
    endOnceDiscounts(context, ids);
    const deletions = eventTypes(context).filter((type) => type === "customer.discount.deleted");
    expect(deletions).toHaveLength(1);
  });

  test("one that is taken away still counts for what was made before", () => {
    const { context, owner } = setUp();
    const coupon = createCoupon(context, { percent_off: 10, duration: "forever" });
    const ids = applyDiscountParams(context, [{ coupon: coupon.id }], owner);
    applyDiscountParams(context.at(NOW + 100), [], { ...owner, current: ids });
    expect(activeDiscounts(context, ids, NOW + 99, "usd")).toHaveLength(1);
    expect(activeDiscounts(context, ids, NOW + 100, "usd")).toEqual([]);
  });

  test("deleting the coupon leaves the discount as it was", () => {
    const { context, owner } = setUp();
    const coupon = createCoupon(context, { id: "TEN", percent_off: 10, duration: "forever" });
    const ids = applyDiscountParams(context, [{ coupon: coupon.id }], owner);
    deleteObject(context.store, coupon.id);
    expect(activeDiscounts(context, ids, NOW, "usd")[0]?.coupon.percent_off).toBe(10);
    const discount = findObject(context.store, "discount", ids[0] ?? "");
    expect(discount && deletedDiscount(discount)).toMatchObject({ id: ids[0], deleted: true });
  });

  test("one on an invoice is that invoice's for good, and nobody is told", () => {
    const { context, owner } = setUp();
    const coupon = createCoupon(context, { percent_off: 10, duration: "repeating", duration_in_months: 1 });
    const before = eventTypes(context).length;
    applyDiscountParams(context, [{ coupon: coupon.id }], {
      ...owner,
      subscription: undefined,
      invoice: "in_1",
    });
    runDueWork(context.store, context.baseUrl, NOW + 90 * 86_400);
    expect(eventTypes(context)).toHaveLength(before);
  });
});
