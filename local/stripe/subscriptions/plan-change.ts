import type Stripe from "stripe";
import type { Context } from "@/local/stripe/context";
import { invalidRequest } from "@/local/stripe/http/stripe-api-error";
import type { NewLine } from "@/local/stripe/invoices/new-line";
import { periodAt } from "./billing-period";
import { type ChangedItems, changeItems, intervalOf } from "./change-items";
import { naturalPeriod, periodLines, remainingLine, trialLine, unusedLines, usageLines } from "./item-lines";
import { isMetered } from "./metered-usage";
import type { ItemParams } from "./read-items";
import { readSecrets } from "./secrets";

export type ProrationBehavior = "always_invoice" | "create_prorations" | "none";

/** What an update, a schedule's phase or a resumption changes about what is billed. */
export type ChangeParams = {
  items?: ItemParams[];
  billing_cycle_anchor?: { type: "now" | "unchanged" };
  trial_end?: number | "now";
  proration_behavior?: ProrationBehavior;
  proration_date?: number;
};

/** What a change does, worked out before anything is stored, so that a preview shows what an update does. */
export type Change = {
  before: Stripe.Subscription;
  after: Stripe.Subscription;
  /** Credits for what was debited and has not passed, debits for what remains, and usage that is billed early. */
  prorations: NewLine[];
  /** Lines of the periods that begin with the change. */
  newPeriods: NewLine[];
  isInvoicedNow: boolean;
  /** Whether the periods of all items begin anew. */
  restarts: boolean;
  /** Items whose earlier debits are credited with the change, or passed over. */
  settled: string[];
  prorationDate: number;
};

/**
 * Works out what a change means. `billing_cycle_anchor[type]=now` and a trial that begins or ends start new periods, which
 * are invoiced at once; anything else is prorated within the periods that run, onto the next invoice or, with
 * `always_invoice`, onto one of its own. Another interval moves no anchor in flexible billing.
 * https://docs.stripe.com/billing/subscriptions/billing-mode/compare#reset-the-billing-cycle-anchor
 * @throws StripeApiError naming the parameter.
 */
export function planChange(context: Context, before: Stripe.Subscription, params: ChangeParams): Change {
  const behavior = params.proration_behavior ?? "create_prorations";
  const at = readProrationDate(context, before, params);
  const isTrialing = before.status === "trialing";
  const changed = changeItems(context, before, params.items ?? []);
  const trialStarts = typeof params.trial_end === "number";
  const trialEnds = params.trial_end === "now" && isTrialing;
  const restarts = trialStarts || trialEnds || params.billing_cycle_anchor?.type === "now";
  if (restarts) return restart(context, before, changed, { behavior, at, trialEnd: params.trial_end });
  return { ...withinPeriod(context, before, changed, { behavior, at }), restarts: false, prorationDate: at };
}

type Timing = { behavior: ProrationBehavior; at: number };

/** Every item begins a new period now, or a trial up to its end. */
function restart(
  context: Context,
  before: Stripe.Subscription,
  { items, removed }: ChangedItems,
  { behavior, at, trialEnd }: Timing & { trialEnd: number | "now" | undefined },
): Change {
  const { now } = context;
  const isTrial = typeof trialEnd === "number";
  if (isTrial && trialEnd <= now) {
    throw invalidRequest("Invalid timestamp: must be an integer Unix timestamp in the future.", {
      param: "trial_end",
    });
  }
  const anchor = isTrial ? trialEnd : now;
  const data = items.map((item) => {
    const { recurring } = item.price;
    if (!recurring) throw new Error(`The price ${item.price.id} does not recur.`);
    const end = isTrial ? trialEnd : periodAt(anchor, recurring, now).end;
    return { ...item, current_period_start: now, current_period_end: end };
  });
  const wasTrialing = before.status === "trialing";
  const after: Stripe.Subscription = {
    ...before,
    billing_cycle_anchor: anchor,
    items: { ...before.items, data },
    ...(isTrial
      ? { status: "trialing", trial_start: wasTrialing ? before.trial_start : now, trial_end: trialEnd }
      : {}),
    ...(trialEnd === "now" ? { status: "active", trial_end: now } : {}),
  };
  const { debits } = readSecrets(context, before.id);
  const old = [...before.items.data];
  const credits =
    behavior === "none"
      ? []
      : old.flatMap((item) => unusedLines(context, before, item, debits[item.id] ?? [], at));
  const used = wasTrialing ? [] : old.flatMap((item) => usageSoFar(context, before, item));
  return {
    before,
    after,
    prorations: [...credits, ...used],
    newPeriods: data.flatMap((item) =>
      isTrial ? trialLine(context, after, item) : periodLines(context, after, item),
    ),
    isInvoicedNow: true,
    restarts: true,
    settled: [...items, ...removed].map(({ id }) => id),
    prorationDate: at,
  };
}

/** Items change within the periods that run. During a trial nothing is owed, so nothing is prorated. */
function withinPeriod(
  context: Context,
  before: Stripe.Subscription,
  { items, touched, removed }: ChangedItems,
  { behavior, at }: Timing,
): Omit<Change, "restarts" | "prorationDate"> {
  const wasTrialing = before.status === "trialing";
  const oldItems = new Map(before.items.data.map((item) => [item.id, item]));
  const data = items.map((item) => {
    const old = oldItems.get(item.id);
    // A period that ends at this moment is followed by one of the new length.
    const endsNow = item.current_period_end <= context.now;
    if (!old || wasTrialing || endsNow || intervalOf(old) === intervalOf(item)) return item;
    const { end } = naturalPeriod(before, item, context.now);
    return { ...item, current_period_start: context.now, current_period_end: end };
  });
  const after: Stripe.Subscription = { ...before, items: { ...before.items, data } };
  const changed = data.filter(({ id }) => touched.has(id));
  const left = [...changed.flatMap(({ id }) => oldItems.get(id) ?? []), ...removed];
  const { debits } = readSecrets(context, before.id);
  const isProrated = behavior !== "none" && !wasTrialing;
  // https://docs.stripe.com/billing/subscriptions/billing-mode/compare#bill-for-unbilled-usage-when-removing-usage-based-items
  const usedUp = removed.filter((item) => isProrated || item.current_period_end <= context.now);
  const used = wasTrialing ? [] : usedUp.flatMap((item) => usageSoFar(context, before, item));
  const prorations = [
    ...(isProrated
      ? left.flatMap((item) => unusedLines(context, before, item, debits[item.id] ?? [], at))
      : []),
    ...(isProrated
      ? changed.flatMap((item) =>
          isMetered(item) || item.current_period_end <= at ? [] : [remainingLine(context, after, item, at)],
        )
      : []),
    ...used,
  ];
  return {
    before,
    after,
    prorations,
    newPeriods: [],
    isInvoicedNow: behavior === "always_invoice" && prorations.length > 0,
    settled: isProrated ? left.map(({ id }) => id) : [],
  };
}

/** What a metered item that goes has used is billed with it. */
function usageSoFar(
  context: Context,
  subscription: Stripe.Subscription,
  item: Stripe.SubscriptionItem,
): NewLine[] {
  const period = { start: item.current_period_start, end: context.now };
  return usageLines(context, subscription, item, period).filter(({ amount }) => amount !== 0);
}

/** @throws StripeApiError when the date lies outside of the period that runs. */
function readProrationDate(context: Context, before: Stripe.Subscription, params: ChangeParams): number {
  const { proration_date: date } = params;
  if (date === undefined) return context.now;
  const starts = before.items.data.map((item) => item.current_period_start);
  const ends = before.items.data.map((item) => item.current_period_end);
  if (date >= Math.min(...starts) && date <= Math.max(...ends)) return date;
  throw invalidRequest(
    "The `proration_date` must lie between the start and the end of the subscription's current period.",
    { param: "proration_date" },
  );
}
