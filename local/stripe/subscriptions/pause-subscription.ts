import type Stripe from "stripe";
import type { Context } from "@/local/stripe/context";
import { emitEvent, saveAndTell } from "@/local/stripe/events/emit-event";
import type { ParamsOf } from "@/local/stripe/http/params";
import { invalidRequest } from "@/local/stripe/http/stripe-api-error";
import { newId } from "@/local/stripe/ids";
import { getByPath } from "@/local/stripe/references";
import { forgetDue } from "@/local/stripe/time/due";
import { billChange, leavePending } from "./bill-change";
import { collectChange } from "./collect-change";
import { usageSoFar } from "./item-lines";
import { inPeriod } from "./item-periods";
import { cancelPendingUpdate } from "./pending-update";
import type { Change } from "./plan-change";
import { creditLines } from "./proration-lines";
import type { subscriptionPauseParams } from "./subscription-params";

type Params = ParamsOf<typeof subscriptionPauseParams>;
/** What the clock does for periods that run. */
const PERIOD_KINDS = [
  "end_trial",
  "renew_subscription",
  "tell_trial_will_end",
  "tell_upcoming_invoice",
] as const;

type Reason = Stripe.Subscription.StatusDetails.Paused.Subscription.Type;

/**
 * Pauses a subscription on request: it makes no invoices and its periods stand still until it is resumed. What was
 * debited and has not passed is credited, and usage billed, with the next invoice unless told otherwise.
 * https://docs.stripe.com/api/subscriptions/pause
 * @throws StripeApiError
 */
export function pauseOnRequest(context: Context, id: string, params: Params): Stripe.Subscription {
  const stored = getByPath(context, "subscription", id);
  checkMayPause(stored);
  const before = stored.pending_update ? cancelPendingUpdate(context, stored) : stored;
  const change = changeOf(context, before, params);
  const isInvoiced = params.invoicing_behavior === "invoice" && change.prorations.length > 0;
  const invoiceId = isInvoiced ? newId("in") : null;
  pauseSubscription(context, before, "pause_requested", invoiceId);
  const paused = { ...change, after: getByPath(context, "subscription", id) };
  if (invoiceId === null) leavePending(context, paused);
  else collectChange(context, billChange(context, paused, invoiceId), "allow_incomplete", true);
  return getByPath(context, "subscription", id);
}

/** Pauses a subscription, whatever led to it: it makes no invoices until it is resumed. */
export function pauseSubscription(
  context: Context,
  before: Stripe.Subscription,
  reason: Reason,
  latestInvoice: string | null = null,
): void {
  const subscription: Stripe.Subscription = {
    ...before,
    items: { ...before.items, data: before.items.data.map((item) => endedNow(context, item)) },
    latest_invoice: latestInvoice ?? before.latest_invoice,
    status: "paused",
    status_details: {
      paused: { subscription: { type: reason }, transitioned_at: context.now, type: "subscription" },
    },
  };
  // An announced end comes all the same.
  for (const kind of PERIOD_KINDS) forgetDue(context.store, subscription.id, kind);
  saveAndTell(context, "subscription", subscription, before, "customer.subscription.updated");
  emitEvent(context, "customer.subscription.paused", subscription);
}

/** https://docs.stripe.com/billing/subscriptions/pause */
function endedNow(context: Context, item: Stripe.SubscriptionItem): Stripe.SubscriptionItem {
  const { current_period_start: start, current_period_end: end } = item;
  return inPeriod(item, { start, end: Math.min(end, context.now) });
}

function checkMayPause(subscription: Stripe.Subscription): void {
  if (!["active", "past_due", "unpaid"].includes(subscription.status)) {
    throw invalidRequest(
      `Subscriptions with the status \`${subscription.status}\` cannot be paused: ${subscription.id}.`,
    );
  }
  if (subscription.schedule !== null) {
    throw invalidRequest("Subscriptions with an attached schedule cannot be paused.");
  }
  if (subscription.collection_method !== "charge_automatically") {
    throw invalidRequest("Only subscriptions with `collection_method=charge_automatically` can be paused.");
  }
}

function changeOf(context: Context, before: Stripe.Subscription, { bill_for: billFor }: Params): Change {
  const creditsFrom = billFor?.unused_time_from?.type ?? "now";
  const billsUsage = (billFor?.outstanding_usage_through?.type ?? "now") === "now";
  const items = before.items.data;
  const from = (item: Stripe.SubscriptionItem) =>
    creditsFrom === "now" ? context.now : item.current_period_start;
  const credits = items.flatMap((item) =>
    creditsFrom === "none" ? [] : creditLines(context, before, [item], from(item)),
  );
  const used = billsUsage ? items.flatMap((item) => usageSoFar(context, before, item)) : [];
  return {
    after: before,
    prorations: [...credits, ...used],
    newPeriods: [],
    isInvoicedNow: false,
    settled: items.flatMap((item) => (creditsFrom === "none" ? [] : [{ item: item.id, from: from(item) }])),
    settledUsage: [],
  };
}
