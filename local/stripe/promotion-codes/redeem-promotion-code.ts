import type Stripe from "stripe";
import type { Context } from "@/local/stripe/context";
import { invalidRequest } from "@/local/stripe/http/stripe-api-error";
import { getByParam, idOf } from "@/local/stripe/references";
import { fieldEquals, fieldIsOneOf, listObjects, ofCustomer } from "@/local/stripe/store/list-objects";
import { readHidden, saveObject } from "@/local/stripe/store/store";

/** Who wants to redeem a code, and for what. `amount` is null where codes with a minimum are not taken. */
export type Redemption = { customer: string | null; currency: string; amount: number | null };

/**
 * Whether the code can be redeemed by this customer for this purchase.
 * https://docs.stripe.com/billing/subscriptions/coupons#promotion-codes
 * @throws StripeApiError 400 naming the parameter.
 */
export function checkPromotionCode(
  context: Context,
  code: Stripe.PromotionCode,
  redemption: Redemption,
  param: string,
): void {
  const refuse = (reason: string) =>
    invalidRequest(`This promotion code cannot be redeemed because ${reason}.`, { param });
  if (!code.active) throw refuse("it is not active");
  if (code.customer !== null && idOf(code.customer) !== redemption.customer) {
    throw refuse("it is restricted to another customer");
  }
  if (code.restrictions.first_time_transaction && hasPriorTransactions(context, redemption.customer)) {
    throw refuse("the associated customer has prior transactions");
  }
  checkMinimum(context, code, redemption, refuse);
}

/** Counts one redemption; the last one makes the code inactive. */
export function redeemPromotionCode(context: Context, before: Stripe.PromotionCode): void {
  // Redeeming the coupon may just have changed the code.
  const code = getByParam(context, "promotion_code", before.id, "promotion_code");
  const timesRedeemed = code.times_redeemed + 1;
  const isUsedUp = code.max_redemptions !== null && timesRedeemed >= code.max_redemptions;
  saveObject(context.store, "promotion_code", {
    ...code,
    times_redeemed: timesRedeemed,
    active: code.active && !isUsedUp,
  });
}

/** Successful payments count, and so do invoices once they are final, paid or not. */
function hasPriorTransactions(context: Context, customer: string | null): boolean {
  if (customer === null) return false;
  const { store } = context;
  const invoices = [ofCustomer(customer), fieldIsOneOf("$.status", ["open", "paid", "uncollectible"])];
  const charges = [ofCustomer(customer), fieldEquals("$.status", "succeeded")];
  return (
    listObjects(store, "invoice", { filters: invoices, limit: 1 }).data.length > 0 ||
    listObjects(store, "charge", { filters: charges, limit: 1 }).data.length > 0
  );
}

function checkMinimum(
  context: Context,
  code: Stripe.PromotionCode,
  { amount, currency }: Redemption,
  refuse: (reason: string) => Error,
): void {
  const { minimum_amount: minimum, minimum_amount_currency: minimumCurrency } = code.restrictions;
  if (minimum === null) return;
  if (amount === null) throw refuse("codes with a minimum amount cannot be applied here");
  const { currencyOptions } = readHidden(context.store, "promotion_code", code.id);
  const required = minimumCurrency === currency ? minimum : currencyOptions[currency]?.minimum_amount;
  if (required === undefined) throw refuse(`its minimum amount is not defined in ${currency}`);
  if (amount < required) {
    throw refuse("the associated purchase does not meet the minimum amount requirement");
  }
}
