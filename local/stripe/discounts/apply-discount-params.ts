import type Stripe from "stripe";
import type { Context } from "@/local/stripe/context";
import { checkCoupon, redeemCoupon } from "@/local/stripe/coupons/redeem-coupon";
import { emitEvent } from "@/local/stripe/events/emit-event";
import { invalidRequest, resourceMissing } from "@/local/stripe/http/stripe-api-error";
import { newId } from "@/local/stripe/ids";
import {
  checkPromotionCode,
  redeemPromotionCode,
} from "@/local/stripe/promotion-codes/redeem-promotion-code";
import { getByParam, idOf } from "@/local/stripe/references";
import { insertObject, readHidden } from "@/local/stripe/store/store";
import { addIntervals } from "@/local/stripe/subscriptions/billing-period";
import { planDue } from "@/local/stripe/time/due";
import type { DiscountParam } from "./discount-params";
import { endDiscount, isOnSubscription } from "./end-discount";

/** What the discounts are given to, and under which circumstances. */
export type DiscountOwner = {
  customer: string | null;
  currency: string;
  subscription?: string;
  subscriptionItem?: string;
  invoice?: string;
  invoiceItem?: string;
  checkoutSession?: string;
  /** What the purchase amounts to before discounts, for codes with a minimum; null where Stripe takes no such code. */
  amount: number | null;
  /** Discounts of the object as they were; those not named again are taken away. */
  current?: string[];
  /** Discounts of what it belongs to (a subscription's, for its invoice), which may be named as well. */
  inherited?: string[];
  /** When a backdated subscription began; its discounts began with it. */
  start?: number;
  /** The name of the parameter; "discounts". */
  param?: string;
};

/**
 * Gives the discounts that `discounts` names and takes those away it does not: the list is always the whole one. Tells
 * `customer.discount.created` and `customer.discount.deleted` for what hangs on a subscription.
 * https://docs.stripe.com/billing/subscriptions/coupons
 * @returns the ids, in the order they were named.
 * @throws StripeApiError 400 naming the element, when a coupon or a code cannot be redeemed here.
 */
export function applyDiscountParams(
  context: Context,
  params: DiscountParam[],
  owner: DiscountOwner,
): string[] {
  const ids = params.map((given, index) => {
    const param = `${owner.param ?? "discounts"}[${index}]`;
    checkOneKind(given, param);
    if (given.discount !== undefined) return reuse(given.discount, owner, `${param}[discount]`);
    return redeem(context, given, owner, param).id;
  });
  for (const id of owner.current ?? []) if (!ids.includes(id)) endDiscount(context, id);
  return ids;
}

function checkOneKind(given: DiscountParam, param: string): void {
  const kinds = (["coupon", "discount", "promotion_code"] as const).filter(
    (kind) => given[kind] !== undefined,
  );
  if (kinds.length === 1) return;
  throw invalidRequest(
    `You may only specify one of these parameters: ${kinds.length === 0 ? "coupon, discount, promotion_code" : kinds.join(", ")}.`,
    { param },
  );
}

function reuse(id: string, owner: DiscountOwner, param: string): string {
  if (owner.current?.includes(id) || owner.inherited?.includes(id)) return id;
  throw resourceMissing("discount", id, param, 400);
}

function redeem(
  context: Context,
  given: DiscountParam,
  owner: DiscountOwner,
  param: string,
): Stripe.Discount {
  const code =
    given.promotion_code === undefined
      ? null
      : getByParam(context, "promotion_code", given.promotion_code, `${param}[promotion_code]`);
  if (code) checkPromotionCode(context, code, owner, `${param}[promotion_code]`);
  const couponParam = code ? `${param}[promotion_code]` : `${param}[coupon]`;
  const couponId = code ? couponOf(code) : (given.coupon ?? "");
  const coupon = getByParam(context, "coupon", couponId, couponParam);
  checkCoupon(context, coupon, owner.currency, couponParam);
  const discount = createDiscount(context, redeemCoupon(context, coupon), code, owner);
  if (code) redeemPromotionCode(context, code);
  return discount;
}

/** A code's coupon. @throws Error when it has none, which only Stripe's own promotions may. */
function couponOf(code: Stripe.PromotionCode): string {
  const { coupon } = code.promotion;
  if (coupon === null) throw new Error(`${code.id} has no coupon.`);
  return idOf(coupon);
}

function createDiscount(
  context: Context,
  coupon: Stripe.Coupon,
  code: Stripe.PromotionCode | null,
  owner: DiscountOwner,
): Stripe.Discount {
  const start = owner.start ?? context.now;
  const months = { interval: "month", interval_count: coupon.duration_in_months ?? 0 };
  const discount: Stripe.Discount = {
    id: newId("di"),
    object: "discount",
    checkout_session: owner.checkoutSession ?? null,
    customer: owner.customer,
    customer_account: null,
    end: coupon.duration === "repeating" ? addIntervals(start, months, 1) : null,
    invoice: owner.invoice ?? null,
    invoice_item: owner.invoiceItem ?? null,
    promotion_code: code?.id ?? null,
    source: { coupon: coupon.id, type: "coupon" },
    start,
    subscription: owner.subscription ?? null,
    subscription_item: owner.subscriptionItem ?? null,
  };
  const { appliesTo, currencyOptions } = readHidden(context.store, "coupon", coupon.id);
  insertObject(context.store, "discount", discount, { coupon, appliesTo, currencyOptions, endedAt: null });
  if (isOnSubscription(discount)) {
    if (discount.end !== null) {
      planDue(context.store, { at: discount.end, kind: "end_discount", objectId: discount.id });
    }
    emitEvent(context, "customer.discount.created", discount);
  }
  return discount;
}
