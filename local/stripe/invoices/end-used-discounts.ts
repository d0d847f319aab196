import type Stripe from "stripe";
import type { Context } from "@/local/stripe/context";
import { endOnceDiscounts } from "@/local/stripe/discounts/end-discount";
import { saveAndTell } from "@/local/stripe/events/emit-event";
import { idOf } from "@/local/stripe/references";
import { findObject } from "@/local/stripe/store/store";

/**
 * Discounts for one invoice end with the first that they took something off, and leave the subscription and its items.
 * https://docs.stripe.com/billing/subscriptions/coupons
 */
export function endUsedDiscounts(context: Context, invoice: Stripe.Invoice): void {
  const used = (invoice.total_discount_amounts ?? [])
    .filter(({ amount }) => amount > 0)
    .map(({ discount }) => idOf(discount));
  if (used.length === 0) return;
  const goOn = endOnceDiscounts(context, used);
  const ended = used.filter((id) => !goOn.includes(id));
  const reference = invoice.parent?.subscription_details?.subscription;
  if (ended.length === 0 || !reference) return;
  const before = findObject(context.store, "subscription", idOf(reference));
  if (!before) return;
  const without = <T extends string | { id: string }>(discounts: T[]) =>
    discounts.filter((discount) => !ended.includes(idOf(discount)));
  const subscription: Stripe.Subscription = {
    ...before,
    discounts: without(before.discounts),
    items: {
      ...before.items,
      data: before.items.data.map((item) => ({ ...item, discounts: without(item.discounts) })),
    },
  };
  saveAndTell(context, "subscription", subscription, before, "customer.subscription.updated");
}
