import type Stripe from "stripe";
import type { Context } from "@/local/stripe/context";
import { emitEvent, saveAndTell } from "@/local/stripe/events/emit-event";
import { idOf } from "@/local/stripe/references";
import { findObject, readHidden, saveHidden } from "@/local/stripe/store/store";
import { forgetDue } from "@/local/stripe/time/due";

/**
 * Ends a discount and tells `customer.discount.deleted`. Invoices that were made with it keep it; whoever calls takes
 * it out of the object it was given to.
 */
export function endDiscount(context: Context, id: string): void {
  const discount = findObject(context.store, "discount", id);
  if (!discount) return;
  const hidden = readHidden(context.store, "discount", id);
  if (hidden.endedAt !== null) return;
  saveHidden(context.store, "discount", id, { ...hidden, endedAt: context.now });
  forgetDue(context.store, id);
  if (isOnSubscription(discount)) emitEvent(context, "customer.discount.deleted", discount);
}

/** One on an invoice is part of that invoice for good; one on a subscription begins and ends. */
export function isOnSubscription(discount: Stripe.Discount): boolean {
  return discount.subscription !== null || discount.subscription_item !== null;
}

/**
 * Called when an invoice is finalized, with the discounts that took something off it: those for a single invoice end
 * with it. An invoice over nothing, such as a trial's, uses none up.
 * https://docs.stripe.com/billing/subscriptions/coupons
 * @returns the ids that go on.
 */
export function endOnceDiscounts(context: Context, ids: string[]): string[] {
  return ids.filter((id) => {
    if (!findObject(context.store, "discount", id)) return false;
    const { coupon } = readHidden(context.store, "discount", id);
    if (coupon.duration !== "once") return true;
    endDiscount(context, id);
    return false;
  });
}

/** A repeating discount whose months are over leaves the subscription or the item it was given to. */
export function endDiscountByTime(context: Context, discount: Stripe.Discount): void {
  endDiscount(context, discount.id);
  if (discount.subscription === null) return;
  const subscription = findObject(context.store, "subscription", discount.subscription);
  if (!subscription) return;
  const without = <T extends string | { id: string }>(list: T[]) =>
    list.filter((each) => idOf(each) !== discount.id);
  const data = subscription.items.data.map((item) => ({ ...item, discounts: without(item.discounts) }));
  const changed = {
    ...subscription,
    discounts: without(subscription.discounts),
    items: { ...subscription.items, data },
  };
  saveAndTell(context, "subscription", changed, subscription, "customer.subscription.updated");
}

/** What a discount looks like to whoever took it away. https://docs.stripe.com/api/discounts/subscription_delete */
export function deletedDiscount(discount: Stripe.Discount): Stripe.DeletedDiscount {
  const { end: _end, deleted: _deleted, ...rest } = discount;
  return { ...rest, deleted: true };
}
