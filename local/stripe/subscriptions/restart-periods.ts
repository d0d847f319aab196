import type Stripe from "stripe";
import type { Context } from "@/local/stripe/context";
import type { ChangedItems } from "./change-items";
import { periodLines, trialLine, usageSoFar } from "./item-lines";
import { currentPeriodEnd, inPeriod, periodFrom } from "./item-periods";
import type { Change, ProrationBehavior } from "./plan-change";
import { creditLines } from "./proration-lines";
import { checkTrialEnd } from "./trial";

type RestartTiming = {
  behavior: ProrationBehavior;
  /** The moment prorations are reckoned from. */
  at: number;
  trialEnd: number | "now" | undefined;
};

/** Every item begins a new period now, or a trial up to its end. */
export function restartPeriods(
  context: Context,
  before: Stripe.Subscription,
  { items }: ChangedItems,
  { behavior, at, trialEnd }: RestartTiming,
): Change {
  const { now } = context;
  const isTrial = typeof trialEnd === "number";
  if (isTrial) checkTrialEnd(context, trialEnd);
  const wasTrialing = before.status === "trialing";
  const anchored: Stripe.Subscription = {
    ...before,
    billing_cycle_anchor: isTrial ? trialEnd : now,
    // https://docs.stripe.com/billing/subscriptions/billing-mode/compare#update-trial-start-date-for-subsequent-trials
    ...(isTrial
      ? { status: "trialing", trial_start: wasTrialing ? before.trial_start : now, trial_end: trialEnd }
      : {}),
    ...(trialEnd === "now" ? { status: "active", trial_end: now } : {}),
  };
  // A trial that goes on keeps its end, wherever the anchor is moved.
  const trialUntil = anchored.status === "trialing" ? anchored.trial_end : null;
  const data = items.map((item) =>
    inPeriod(item, trialUntil === null ? periodFrom(anchored, item, now) : { start: now, end: trialUntil }),
  );
  const after = withEndMoved({ ...anchored, items: { ...before.items, data } });
  const old = before.items.data;
  const used = wasTrialing ? [] : old.flatMap((item) => usageSoFar(context, before, item));
  return {
    after,
    prorations: [...(behavior === "none" ? [] : creditLines(context, before, old, at)), ...used],
    newPeriods: data.flatMap((item) =>
      trialUntil === null ? periodLines(context, after, item) : trialLine(context, after, item),
    ),
    isInvoicedNow: true,
    settled: old.map(({ id }) => ({ item: id, from: at })),
    settledUsage: [],
  };
}

/** With `cancel_at_period_end` the announced end goes with the periods. */
function withEndMoved(after: Stripe.Subscription): Stripe.Subscription {
  return after.cancel_at_period_end ? { ...after, cancel_at: currentPeriodEnd(after) } : after;
}
