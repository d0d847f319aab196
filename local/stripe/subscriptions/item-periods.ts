import type Stripe from "stripe";
import { periodAt } from "./billing-period";

/** A stretch of time in unix seconds; its end is the next one's start. */
export type Period = { start: number; end: number };

/** The earliest end among the items' current periods: when the subscription next needs attention. */
export function currentPeriodEnd({ items }: Stripe.Subscription): number {
  return Math.min(...items.data.map((item) => item.current_period_end));
}

/** When the earliest of the current periods began. */
export function currentPeriodStart({ items }: Stripe.Subscription): number {
  return Math.min(...items.data.map((item) => item.current_period_start));
}

/** The period of the price's own length around a moment, aligned with the anchor. */
export function naturalPeriod(
  { billing_cycle_anchor: anchor }: Stripe.Subscription,
  { price }: Pick<Stripe.SubscriptionItem, "price">,
  moment: number,
): Period {
  if (!price.recurring) throw new Error(`The price ${price.id} does not recur.`);
  return periodAt(anchor, price.recurring, moment);
}

/**
 * The period an item begins at a moment: up to the next boundary that the anchor sets, or to an announced end before it.
 * With `cancel_at_period_end` the end follows the periods and not the other way round.
 * https://docs.stripe.com/billing/subscriptions/cancel#custom-cancel-date
 */
export function periodFrom(
  subscription: Stripe.Subscription,
  item: Pick<Stripe.SubscriptionItem, "price">,
  start: number,
): Period {
  const { end } = naturalPeriod(subscription, item, start);
  const { cancel_at: cancelAt, cancel_at_period_end: isAtPeriodEnd } = subscription;
  const isCut = !isAtPeriodEnd && cancelAt !== null && cancelAt > start && cancelAt < end;
  return { start, end: isCut ? cancelAt : end };
}

/** How often an item is billed, to compare. */
export function intervalOf({ price }: Pick<Stripe.SubscriptionItem, "price">): string {
  return `${price.recurring?.interval_count} ${price.recurring?.interval}`;
}

/** The item in the given period. */
export function inPeriod(item: Stripe.SubscriptionItem, { start, end }: Period): Stripe.SubscriptionItem {
  return { ...item, current_period_start: start, current_period_end: end };
}
