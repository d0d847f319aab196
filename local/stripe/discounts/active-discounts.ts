import type { Context } from "@/local/stripe/context";
import { findObject, readHidden } from "@/local/stripe/store/store";
import type { AppliedDiscount } from "./discount-amounts";

/**
 * Those of the discounts that count at the moment, in their order, with what they take off in the currency. A repeating
 * one counts up to its end and no longer at it, one for a single invoice until `endOnceDiscounts` was told of that
 * invoice. What was taken away later still counts at a moment before: a draft keeps the discounts it was made with. An
 * amount that is not defined in the currency takes nothing off.
 */
export function activeDiscounts(
  context: Context,
  ids: string[],
  at: number,
  currency: string,
): AppliedDiscount[] {
  return ids.flatMap((id) => {
    const discount = findObject(context.store, "discount", id);
    if (!discount) return [];
    const { coupon, appliesTo, currencyOptions, endedAt } = readHidden(context.store, "discount", id);
    const end = Math.min(endedAt ?? Number.POSITIVE_INFINITY, discount.end ?? Number.POSITIVE_INFINITY);
    if (at >= end) return [];
    if (coupon.amount_off === null) return [{ discount: id, coupon, appliesTo }];
    const amountOff =
      coupon.currency === currency ? coupon.amount_off : currencyOptions[currency]?.amount_off;
    if (amountOff === undefined) return [];
    return [{ discount: id, coupon: { ...coupon, amount_off: amountOff, currency }, appliesTo }];
  });
}
