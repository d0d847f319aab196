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
import { draftChange, leavePending, settleDebits } from "./bill-change";
import { periodAt } from "./billing-period";
import { periodLines, remainingLine } from "./item-lines";
import { isMetered } from "./metered-usage";
import type { Change } from "./plan-change";
import { planPeriodEnd } from "./plan-period-end";
import { readSecrets, saveSecrets } from "./secrets";
import type { subscriptionResumeParams } from "./subscription-params";

type Params = ParamsOf<typeof subscriptionResumeParams>;

/** Without an attempt to pay for so long the subscription stays paused. */
const WAIT_SECONDS = 23 * 60 * 60;

/**
 * Resumes a paused subscription. With a new anchor, the default, its periods begin now and are billed in full; with the
 * old one what remains of the running period is billed. An invoice over money is finalized at once, and the subscription
 * is active when it is paid. https://docs.stripe.com/api/subscriptions/resume
 * @throws StripeApiError
 */
export function resumeSubscription(context: Context, id: string, params: Params): Stripe.Subscription {
  const before = getByPath(context, "subscription", id);
  if (before.status !== "paused") {
    throw invalidRequest(`Only paused subscriptions can be resumed; ${id} is \`${before.status}\`.`);
  }
  const behavior = params.payment_behavior ?? "resume_on_payment_attempt";
  const change = planResumption(context, before, params);
  if (!change.isInvoicedNow) {
    leavePending(context, change);
    takeEffect(context, before, change.after, "active");
    return getByPath(context, "subscription", id);
  }
  const invoiceId = newId("in");
  const waiting = { ...before, latest_invoice: invoiceId };
  saveObject(context.store, "subscription", waiting);
  saveSecrets(context, id, {
    waiting: {
      kind: "resumption",
      invoice: invoiceId,
      settled: change.settled,
      takesEffectOnAttempt: behavior === "resume_on_payment_attempt",
      after: {
        billing_cycle_anchor: change.after.billing_cycle_anchor,
        items: change.after.items,
        trial_end: change.after.trial_end,
      },
    },
  });
  planDue(context.store, { at: context.now + WAIT_SECONDS, kind: "expire_resumption", objectId: id });
  saveAndTell(context, "subscription", waiting, before, "customer.subscription.updated");
  const invoice = finalizeInvoice(context, draftChange(context, change, invoiceId));
  if (invoice.status === "open" && behavior === "resume_on_payment_success") {
    payInvoice(context, invoice, findMethodToCharge(context, invoice));
  }
  return getByPath(context, "subscription", id);
}

/** What became of the resumption's invoice: paid, it resumes; tried in vain, it resumes as past due if it was to. */
export function followResumption(
  context: Context,
  invoice: Stripe.Invoice,
  id: string,
  isPaid: boolean,
): void {
  const { waiting } = readSecrets(context, id);
  if (waiting?.kind !== "resumption" || waiting.invoice !== invoice.id) return;
  if (!isPaid && !waiting.takesEffectOnAttempt) return;
  const before = getByPath(context, "subscription", id);
  const after = { ...before, ...waiting.after };
  saveSecrets(context, id, { waiting: null });
  forgetDue(context.store, id, "expire_resumption");
  takeEffect(context, before, after, isPaid ? "active" : "past_due");
  settleDebits(context, invoice, { after, settled: waiting.settled });
}

/** Nobody tried to pay: the invoice is void and the subscription stays paused. */
export function expireResumption(context: Context, before: Stripe.Subscription): void {
  const { waiting } = readSecrets(context, before.id);
  if (waiting?.kind !== "resumption") return;
  saveSecrets(context, before.id, { waiting: null });
  voidInvoice(context, getByPath(context, "invoice", waiting.invoice));
}

function takeEffect(
  context: Context,
  before: Stripe.Subscription,
  planned: Stripe.Subscription,
  status: "active" | "past_due",
): void {
  const { status_details: _paused, ...after }: Stripe.Subscription = { ...planned, status };
  saveAndTell(context, "subscription", after, before, "customer.subscription.updated");
  planPeriodEnd(context, after);
  emitEvent(context, "customer.subscription.resumed", after);
}

/** What resuming means: which periods run and what of them is billed. */
export function planResumption(context: Context, before: Stripe.Subscription, params: Params): Change {
  const isAnchoredNow = (params.billing_cycle_anchor?.type ?? "now") === "now";
  const behavior = params.proration_behavior ?? "create_prorations";
  const at = params.proration_date ?? context.now;
  const anchor = isAnchoredNow ? context.now : before.billing_cycle_anchor;
  const data = before.items.data.map((item) => {
    const { recurring } = item.price;
    if (!recurring) throw new Error(`The price ${item.price.id} does not recur.`);
    const period = periodAt(anchor, recurring, context.now);
    return { ...item, current_period_start: period.start, current_period_end: period.end };
  });
  const after: Stripe.Subscription = {
    ...before,
    billing_cycle_anchor: anchor,
    items: { ...before.items, data },
  };
  const prorations =
    isAnchoredNow || behavior === "none"
      ? []
      : data.flatMap((item) => (isMetered(item) ? [] : [remainingLine(context, after, item, at)]));
  const newPeriods = isAnchoredNow ? data.flatMap((item) => periodLines(context, after, item)) : [];
  return {
    before,
    after,
    prorations,
    newPeriods,
    isInvoicedNow: newPeriods.length > 0 || (behavior === "always_invoice" && prorations.length > 0),
    restarts: isAnchoredNow,
    settled: data.map(({ id }) => id),
    prorationDate: at,
  };
}
