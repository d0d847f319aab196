import type Stripe from "stripe";
import type { Context } from "@/local/stripe/context";
import { invalidRequest } from "@/local/stripe/http/stripe-api-error";
import { fieldEquals, listAllObjects } from "@/local/stripe/store/list-objects";
import { readHidden, saveObject } from "@/local/stripe/store/store";

/**
 * Whether a coupon can be redeemed now, for something in the currency.
 * @throws StripeApiError 400 `coupon_expired` once its time is over or its redemptions are used.
 */
export function checkCoupon(context: Context, coupon: Stripe.Coupon, currency: string, param: string): void {
  if (!coupon.valid) {
    throw invalidRequest(`Coupon expired: ${coupon.id}`, { code: "coupon_expired", param });
  }
  if (coupon.amount_off === null || coupon.currency === currency) return;
  const { currencyOptions } = readHidden(context.store, "coupon", coupon.id);
  if (currencyOptions[currency] !== undefined) return;
  throw invalidRequest(
    `The coupon \`${coupon.id}\` cannot be applied because its currency \`${coupon.currency}\` does not match the expected currency \`${currency}\`.`,
    { param },
  );
}

/** Counts one redemption; the last one makes the coupon invalid. Stripe tells nobody of either. */
export function redeemCoupon(context: Context, coupon: Stripe.Coupon): Stripe.Coupon {
  const timesRedeemed = coupon.times_redeemed + 1;
  const redeemed: Stripe.Coupon = { ...coupon, times_redeemed: timesRedeemed };
  saveObject(context.store, "coupon", redeemed);
  if (coupon.max_redemptions !== null && timesRedeemed >= coupon.max_redemptions) {
    invalidateCoupon(context, redeemed);
  }
  return redeemed;
}

/** A coupon that is no longer valid takes its promotion codes with it. */
export function invalidateCoupon(context: Context, coupon: Stripe.Coupon): void {
  saveObject(context.store, "coupon", { ...coupon, valid: false });
  const ofCoupon = [fieldEquals("$.promotion.coupon", coupon.id), fieldEquals("$.active", true)];
  for (const code of listAllObjects(context.store, "promotion_code", ofCoupon)) {
    saveObject(context.store, "promotion_code", { ...code, active: false });
  }
}
