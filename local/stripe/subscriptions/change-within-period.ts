import type Stripe from "stripe";
import type { Context } from "@/local/stripe/context";
import type { NewLine } from "@/local/stripe/invoices/new-line";
import type { ChangedItems } from "./change-items";
import { usageSoFar } from "./item-lines";
import { inPeriod, intervalOf, periodFrom } from "./item-periods";
import { isMetered } from "./metered-usage";
import type { Change, ProrationBehavior } from "./plan-change";
import { creditLines, remainingLine } from "./proration-lines";

type Timing = {
  behavior: ProrationBehavior;
  /** The moment prorations are reckoned from. */
  at: number;
  /** Whether the announced end is new. */
  movesEnd: boolean;
};

/** Items change within the periods that run, and an announced end makes those longer or shorter. */
export function changeWithinPeriod(
  context: Context,
  before: Stripe.Subscription,
  { items, touched, removed }: ChangedItems,
  { behavior, at, movesEnd }: Timing,
): Change {
  const { now } = context;
  const oldItems = new Map(before.items.data.map((item) => [item.id, item]));
  const data = items.map((item) => {
    const old = oldItems.get(item.id);
    // A period that ends at this moment is followed by one of the new length.
    if (!old || item.current_period_end <= now) return item;
    if (intervalOf(old) !== intervalOf(item)) return inPeriod(item, periodFrom(before, item, now));
    return movesEnd ? inPeriod(item, periodFrom(before, item, item.current_period_start)) : item;
  });
  const after: Stripe.Subscription = { ...before, items: { ...before.items, data } };
  const isProrated = behavior !== "none";
  const changed = data.filter(({ id }) => touched.has(id));
  const left = [...changed.flatMap(({ id }) => oldItems.get(id) ?? []), ...removed];
  const moved = data.flatMap((item) => {
    const old = oldItems.get(item.id);
    const isMoved = old && !touched.has(item.id) && old.current_period_end !== item.current_period_end;
    return isMoved ? [{ item, from: old.current_period_end, to: item.current_period_end }] : [];
  });
  // https://docs.stripe.com/billing/subscriptions/usage-based/manage-billing-setup#mid-cycle-updates
  const unmetered = left.filter((item) => isMetered(item) && touched.has(item.id));
  const usedUp = left.filter((item) => isProrated || item.current_period_end <= now);
  const prorations = [
    ...(isProrated ? creditLines(context, before, left, at) : []),
    ...(isProrated ? changed.flatMap((item) => remaining(context, after, item, at)) : []),
    ...(isProrated ? moved.flatMap((move) => endProrations(context, after, move)) : []),
    ...usedUp.flatMap((item) => usageSoFar(context, before, item)),
  ];
  return {
    after,
    prorations,
    newPeriods: [],
    isInvoicedNow: behavior === "always_invoice" && prorations.length > 0,
    settled: isProrated
      ? [
          ...left.map(({ id }) => ({ item: id, from: at })),
          ...moved.map(({ item, to }) => ({ item: item.id, from: to })),
        ]
      : [],
    settledUsage: unmetered.map(({ id }) => id),
  };
}

/**
 * An announced end that is nearer gives the time after it back, one that is farther bills the time up to it.
 * https://docs.stripe.com/billing/subscriptions/cancel#custom-cancel-date
 */
function endProrations(
  context: Context,
  after: Stripe.Subscription,
  { item, from, to }: { item: Stripe.SubscriptionItem; from: number; to: number },
): NewLine[] {
  if (to < from) return creditLines(context, after, [item], to);
  return isMetered(item) ? [] : [remainingLine(context, after, item, { start: from, end: to })];
}

/** The debit for what remains of a changed item's period. */
function remaining(
  context: Context,
  after: Stripe.Subscription,
  item: Stripe.SubscriptionItem,
  at: number,
): NewLine[] {
  const end = item.current_period_end;
  return isMetered(item) || end <= at ? [] : [remainingLine(context, after, item, { start: at, end })];
}
