import type Stripe from "stripe";
import type { Context } from "@/local/stripe/context";
import { meteredUsage } from "@/local/stripe/meters/metered-usage";
import { idOf } from "@/local/stripe/references";
import { findObject } from "@/local/stripe/store/store";
import { type PriceTime, readSecrets, saveSecrets } from "./secrets";

type Period = { start: number; end: number };

/** What was used while a price was in effect. */
export type PricedUsage = { price: Stripe.Price; quantity: string; period: Period };

/** Whether an item is billed for what was used, after the period. */
export function isMetered(item: Stripe.SubscriptionItem): boolean {
  return item.price.recurring?.usage_type === "metered";
}

/**
 * What the customer used of the item's meter in a period, split where the price changed: usage is billed at the price in
 * effect when it was reported.
 * https://docs.stripe.com/billing/subscriptions/billing-mode/compare#bill-usage-based-items-based-on-price-at-time-of-reporting
 */
export function usageOf(
  context: Context,
  subscription: Stripe.Subscription,
  item: Stripe.SubscriptionItem,
  period: Period,
): PricedUsage[] {
  const earlier = (readSecrets(context, subscription.id).pricedTimes[item.id] ?? []).filter(
    ({ end }) => end > period.start,
  );
  const times = earlier.flatMap(({ price, start, end }) => {
    const found = findObject(context.store, "price", price);
    return found ? [{ price: found, period: { start: Math.max(start, period.start), end } }] : [];
  });
  const start = earlier.at(-1)?.end ?? period.start;
  return [...times, { price: item.price, period: { start, end: period.end } }].map((time) => ({
    ...time,
    quantity: quantityIn(context, subscription, time.price, time.period),
  }));
}

/** Remembers until when metered items had the prices they had before a change. */
export function recordPriceTimes(
  context: Context,
  before: Stripe.Subscription,
  after: Stripe.Subscription,
): void {
  const { pricedTimes } = readSecrets(context, before.id);
  const changed = after.items.data.flatMap((item): [string, PriceTime[]][] => {
    const old = before.items.data.find(({ id }) => id === item.id);
    if (!old || !isMetered(old) || old.price.id === item.price.id) return [];
    const known = (pricedTimes[item.id] ?? []).filter(({ end }) => end > old.current_period_start);
    const start = known.at(-1)?.end ?? old.current_period_start;
    return [[item.id, [...known, { price: old.price.id, start, end: context.now }]]];
  });
  if (changed.length === 0) return;
  saveSecrets(context, before.id, { pricedTimes: { ...pricedTimes, ...Object.fromEntries(changed) } });
}

function quantityIn(
  context: Context,
  subscription: Stripe.Subscription,
  price: Stripe.Price,
  { start, end }: Period,
): string {
  const meter = price.recurring?.meter;
  if (!meter) return "0";
  return meteredUsage(context, { meter, customer: idOf(subscription.customer), start, end });
}
