import type Stripe from "stripe";
import type { Context } from "@/local/stripe/context";
import { emitEvent, saveAndTell } from "@/local/stripe/events/emit-event";
import type { ParamsOf } from "@/local/stripe/http/params";
import { invalidRequest } from "@/local/stripe/http/stripe-api-error";
import { newId } from "@/local/stripe/ids";
import { findMethodToCharge } from "@/local/stripe/invoices/collect-invoice";
import { finalizeInvoice } from "@/local/stripe/invoices/finalize-invoice";
import { payInvoice } from "@/local/stripe/invoices/pay-invoice";
import { voidInvoice } from "@/local/stripe/invoices/void-invoice";
import { getByPath } from "@/local/stripe/references";
import { saveObject } from "@/local/stripe/store/store";
import { forgetDue, planDue } from "@/local/stripe/time/due";
import { billWaitingChange, leavePending } from "./bill-change";
import { isMetered, settleUsage } from "./metered-usage";
import { planPeriodEnd } from "./plan-period-end";
import { planResumption } from "./plan-resumption";
import { readSecrets, saveSecrets } from "./secrets";
import { settleWaitingDebits } from "./settle-waiting-debits";
import type { subscriptionResumeParams } from "./subscription-params";

type Params = ParamsOf<typeof subscriptionResumeParams>;

/** Without an attempt to pay for so long the subscription stays paused. */
const WAIT_SECONDS = 23 * 60 * 60;

/**
 * Resumes a paused subscription. With a new anchor, the default, its periods begin now and are billed in full; with the
 * old one what remains of the running period is billed. An invoice over money is finalized at once, and the subscription
 * is active when it is paid or written off. https://docs.stripe.com/billing/subscriptions/pause#resume-subscriptions
 * @throws StripeApiError
 */
export function resumeSubscription(context: Context, id: string, params: Params): Stripe.Subscription {
  const before = getByPath(context, "subscription", id);
  checkMayResume(before);
  const behavior = params.payment_behavior ?? "resume_on_payment_attempt";
  const change = planResumption(context, before, params);
  if (!change.isInvoicedNow) {
    takeEffect(context, before, change.after, "active");
    leavePending(context, change);
    return getByPath(context, "subscription", id);
  }
  const invoiceId = newId("in");
  const waiting = { ...before, latest_invoice: invoiceId };
  saveObject(context.store, "subscription", waiting);
  saveAndTell(context, "subscription", waiting, before, "customer.subscription.updated");
  const { invoice: draft, prorations } = billWaitingChange(context, change, invoiceId);
  saveSecrets(context, id, {
    waiting: {
      kind: "resumption",
      invoice: invoiceId,
      settled: change.settled,
      prorations,
      takesEffectOnAttempt: behavior === "resume_on_payment_attempt",
      after: {
        billing_cycle_anchor: change.after.billing_cycle_anchor,
        items: change.after.items,
        trial_end: change.after.trial_end,
      },
    },
  });
  planDue(context.store, { at: context.now + WAIT_SECONDS, kind: "expire_resumption", objectId: id });
  const invoice = finalizeInvoice(context, draft);
  if (invoice.status === "open" && behavior === "resume_on_payment_success") {
    payInvoice(context, invoice, findMethodToCharge(context, invoice), { isOffSession: false });
  }
  return getByPath(context, "subscription", id);
}

/**
 * What became of the resumption's invoice: paid or written off, the subscription resumes; tried in vain, it resumes as
 * past due if an attempt was to be enough.
 */
export function followResumption(
  context: Context,
  invoice: Stripe.Invoice,
  id: string,
  outcome: "settled" | "failed",
): void {
  const { waiting } = readSecrets(context, id);
  if (waiting?.kind !== "resumption" || waiting.invoice !== invoice.id) return;
  if (outcome === "failed" && !waiting.takesEffectOnAttempt) return;
  const before = getByPath(context, "subscription", id);
  const after = { ...before, ...waiting.after };
  saveSecrets(context, id, { waiting: null });
  forgetDue(context.store, id, "expire_resumption");
  takeEffect(context, before, after, outcome === "settled" ? "active" : "past_due");
  settleWaitingDebits(context, invoice, after, waiting);
}

/** The invoice is void: the subscription stays paused and can be resumed anew. */
export function dropResumption(context: Context, id: string): void {
  saveSecrets(context, id, { waiting: null });
  forgetDue(context.store, id, "expire_resumption");
}

/** Nobody paid in time: the invoice is void and the subscription stays paused. */
export function expireResumption(context: Context, before: Stripe.Subscription): void {
  const { waiting } = readSecrets(context, before.id);
  if (waiting?.kind !== "resumption") return;
  dropResumption(context, before.id);
  voidInvoice(context, getByPath(context, "invoice", waiting.invoice));
}

function checkMayResume({ id, status, collection_method: method }: Stripe.Subscription): void {
  if (status !== "paused") {
    throw invalidRequest(`Only paused subscriptions can be resumed; ${id} is \`${status}\`.`);
  }
  if (method !== "charge_automatically") {
    throw invalidRequest("Only subscriptions with `collection_method=charge_automatically` can be resumed.");
  }
}

/** What was used while it was paused is never billed. */
function takeEffect(
  context: Context,
  before: Stripe.Subscription,
  planned: Stripe.Subscription,
  status: "active" | "past_due",
): void {
  const { status_details: _paused, ...after }: Stripe.Subscription = { ...planned, status };
  saveAndTell(context, "subscription", after, before, "customer.subscription.updated");
  settleUsage(
    context,
    after.id,
    after.items.data.filter(isMetered).map(({ id }) => id),
  );
  planPeriodEnd(context, after);
  emitEvent(context, "customer.subscription.resumed", after);
}
