import type Stripe from "stripe";
import type { Context } from "@/local/stripe/context";
import { emitEvent, saveAndTell } from "@/local/stripe/events/emit-event";
import type { ParamsOf } from "@/local/stripe/http/params";
import { invalidRequest } from "@/local/stripe/http/stripe-api-error";
import { newId } from "@/local/stripe/ids";
import { getByPath } from "@/local/stripe/references";
import { forgetDue, planDue } from "@/local/stripe/time/due";
import { draftChange, leavePending } from "./bill-change";
import { collectChange } from "./collect-change";
import { unusedLines, usageLines } from "./item-lines";
import type { Change } from "./plan-change";
import { readSecrets } from "./secrets";
import type { subscriptionPauseParams } from "./subscription-params";

type Params = ParamsOf<typeof subscriptionPauseParams>;
type Reason = Stripe.Subscription.StatusDetails.Paused.Subscription.Type;

/**
 * Pauses a subscription on request: it makes no invoices and its periods stand still until it is resumed. What was
 * debited and has not passed is credited, and usage billed, with the next invoice unless told otherwise.
 * https://docs.stripe.com/api/subscriptions/pause
 * @throws StripeApiError
 */
export function pauseOnRequest(context: Context, id: string, params: Params): Stripe.Subscription {
  const before = getByPath(context, "subscription", id);
  checkMayPause(before);
  const change = changeOf(context, before, params);
  const isInvoiced = params.invoicing_behavior === "invoice" && change.prorations.length > 0;
  const invoiceId = isInvoiced ? newId("in") : null;
  pauseSubscription(context, before, "pause_requested", invoiceId);
  const paused = { ...change, after: getByPath(context, "subscription", id) };
  if (invoiceId === null) leavePending(context, paused);
  else collectChange(context, draftChange(context, paused, invoiceId), "allow_incomplete", true);
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
  forgetDue(context.store, subscription.id);
  // An announced end comes all the same.
  const { cancel_at: at } = subscription;
  if (at !== null) planDue(context.store, { at, kind: "cancel_subscription", objectId: subscription.id });
  saveAndTell(context, "subscription", subscription, before, "customer.subscription.updated");
  emitEvent(context, "customer.subscription.paused", subscription);
}

/** https://docs.stripe.com/billing/subscriptions/pause */
function endedNow(context: Context, item: Stripe.SubscriptionItem): Stripe.SubscriptionItem {
  return { ...item, current_period_end: Math.min(item.current_period_end, context.now) };
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
  const { debits } = readSecrets(context, before.id);
  const items = before.items.data;
  const credits = items.flatMap((item) => {
    if (creditsFrom === "none") return [];
    const from = creditsFrom === "now" ? context.now : item.current_period_start;
    return unusedLines(context, before, item, debits[item.id] ?? [], from);
  });
  const used = items.flatMap((item) =>
    usageLines(context, before, item, { start: item.current_period_start, end: context.now }),
  );
  return {
    before,
    after: before,
    prorations: [...credits, ...(billsUsage ? used.filter(({ amount }) => amount !== 0) : [])],
    newPeriods: [],
    isInvoicedNow: false,
    restarts: false,
    settled: creditsFrom === "none" ? [] : items.map(({ id }) => id),
    prorationDate: context.now,
  };
}
