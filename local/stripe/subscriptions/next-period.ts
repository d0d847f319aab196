import type Stripe from "stripe";
import { periodEndAfter } from "./billing-period";

/** The subscription with every item in the period that follows its current one; not saved. */
export function withNextPeriod(subscription: Stripe.Subscription): Stripe.Subscription {
  const { billing_cycle_anchor: anchor, items } = subscription;
  const data = items.data.map((item) => {
    const { recurring } = item.price;
    if (!recurring) throw new Error(`The price ${item.price.id} does not recur.`);
    const start = item.current_period_end;
    return {
      ...item,
      current_period_start: start,
      current_period_end: periodEndAfter(anchor, recurring, start),
    };
  });
  return { ...subscription, items: { ...items, data } };
}
