import type Stripe from "stripe";
import type { Context } from "@/local/stripe/context";
import { invalidRequest } from "@/local/stripe/http/stripe-api-error";
import type { NewLine } from "@/local/stripe/invoices/new-line";
import { type ChangedItems, changeItems } from "./change-items";
import { changeWithinPeriod } from "./change-within-period";
import { trialLine } from "./item-lines";
import { inPeriod } from "./item-periods";
import type { ItemParams } from "./read-items";
import { restartPeriods } from "./restart-periods";
import type { Settlement } from "./secrets";

export type ProrationBehavior = "always_invoice" | "create_prorations" | "none";

/** What an update, a schedule's phase or a preview changes about what is billed. */
export type ChangeParams = {
  items?: ItemParams[];
  billing_cycle_anchor?: { type: "now" | "unchanged" };
  trial_end?: number | "now";
  proration_behavior?: ProrationBehavior;
  proration_date?: number;
};

/** What a change does, worked out before anything is stored, so that a preview shows what an update does. */
export type Change = {
  after: Stripe.Subscription;
  /** Credits for what was debited and has not passed, debits for what remains, and usage that is billed early. */
  prorations: NewLine[];
  /** Lines of the periods that begin with the change. */
  newPeriods: NewLine[];
  isInvoicedNow: boolean;
  /** What is credited of earlier debits with the change, or passed over. */
  settled: Settlement[];
  /** Items whose usage up to now is billed with the change, or passed over. */
  settledUsage: string[];
};

/**
 * Works out what a change means. `billing_cycle_anchor[type]=now` and a trial that begins or ends start new periods, which
 * are invoiced at once; anything else is prorated within the periods that run, onto the next invoice or, with
 * `always_invoice`, onto one of its own. Another interval moves no anchor in flexible billing.
 * https://docs.stripe.com/billing/subscriptions/billing-mode/compare#reset-the-billing-cycle-anchor
 * @param before the subscription with its other new fields, an announced end among them.
 * @param options.movesEnd whether that end is new, which makes the periods that run longer or shorter.
 * @param options.takesArchived see `changeItems`.
 * @throws StripeApiError naming the parameter.
 */
export function planChange(
  context: Context,
  before: Stripe.Subscription,
  params: ChangeParams,
  options: { movesEnd?: boolean; takesArchived?: boolean } = {},
): Change {
  const behavior = params.proration_behavior ?? "create_prorations";
  const at = readProrationDate(context, before, params);
  const changed = changeItems(context, before, params.items ?? [], options.takesArchived);
  const trialStarts = typeof params.trial_end === "number";
  const trialEnds = params.trial_end === "now" && before.status === "trialing";
  if (trialStarts || trialEnds || params.billing_cycle_anchor?.type === "now") {
    return restartPeriods(context, before, changed, { behavior, at, trialEnd: params.trial_end });
  }
  if (before.status === "trialing") return duringTrial(context, before, changed, behavior);
  if (before.status === "paused") return whilePaused(before, changed);
  return changeWithinPeriod(context, before, changed, { behavior, at, movesEnd: options.movesEnd ?? false });
}

/**
 * Nothing is owed during a trial; what is new or different is shown on an invoice over nothing, and nothing else is.
 * https://docs.stripe.com/billing/subscriptions/billing-mode/compare#re-bill-for-trial-line-items
 */
function duringTrial(
  context: Context,
  before: Stripe.Subscription,
  { items, touched }: ChangedItems,
  behavior: ProrationBehavior,
): Change {
  const after: Stripe.Subscription = { ...before, items: { ...before.items, data: items } };
  const newPeriods = items
    .filter(({ id }) => touched.has(id) && behavior !== "none")
    .flatMap((item) => trialLine(context, after, inPeriodFromNow(context, item)));
  return {
    after,
    prorations: [],
    newPeriods,
    isInvoicedNow: newPeriods.length > 0,
    settled: [],
    settledUsage: [],
  };
}

/** https://docs.stripe.com/billing/subscriptions/trials/free-trials#configure-pausing-when-a-payment-method-isnt-provided */
function whilePaused(before: Stripe.Subscription, { items }: ChangedItems): Change {
  const after: Stripe.Subscription = { ...before, items: { ...before.items, data: items } };
  return { after, prorations: [], newPeriods: [], isInvoicedNow: false, settled: [], settledUsage: [] };
}

function inPeriodFromNow({ now }: Context, item: Stripe.SubscriptionItem): Stripe.SubscriptionItem {
  return inPeriod(item, { start: now, end: item.current_period_end });
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
