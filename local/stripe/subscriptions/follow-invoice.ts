import type Stripe from "stripe";
import type { Context } from "@/local/stripe/context";
import { saveAndTell } from "@/local/stripe/events/emit-event";
import { findInvoicePayment } from "@/local/stripe/invoices/invoice-payment";
import { getByPath, idOf } from "@/local/stripe/references";
import { findObject } from "@/local/stripe/store/store";
import { forgetDue } from "@/local/stripe/time/due";
import { setDelinquent } from "./delinquency";
import { endDunning } from "./end-dunning";
import { findInvoicedSubscription, isLatestInvoice } from "./invoiced-subscription";
import { applyPendingUpdate } from "./pending-update";
import { planPeriodEnd } from "./plan-period-end";
import { followResumption } from "./resume-subscription";
import { readSecrets } from "./secrets";
import { setStatus } from "./set-status";

/**
 * What a paid invoice does to its subscription and its customer. The first one begins the subscription; the latest one
 * makes it active again. https://docs.stripe.com/billing/subscriptions/overview#subscription-statuses
 */
export function followPaidInvoice(context: Context, invoice: Stripe.Invoice): void {
  setDelinquent(context, invoice, false);
  const found = findInvoicedSubscription(context, invoice);
  if (!found) return;
  applyPendingUpdate(context, invoice, found.id);
  followResumption(context, invoice, found.id, "settled");
  const before = saveMethodUsed(context, getByPath(context, "subscription", found.id), invoice);
  if (before.status === "incomplete") {
    begin(context, before);
  } else if (isOwing(before) && isLatestInvoice(context, before, invoice)) {
    setStatus(context, before, "active");
  }
}

/**
 * What a payment that is under way for days does: the first one begins the subscription, which would not live to see its
 * end otherwise. https://docs.stripe.com/billing/subscriptions/overview#payment-status
 */
export function followProcessingInvoice(context: Context, invoice: Stripe.Invoice): void {
  const found = findInvoicedSubscription(context, invoice);
  if (found?.status === "incomplete") begin(context, getByPath(context, "subscription", found.id));
}

/**
 * What becomes of a subscription whose invoice nobody paid: the latest one makes it past due, and its last retry ends
 * it. A first invoice is left to the customer, and a paused subscription stays paused. `next_payment_attempt` tells
 * whether the invoice will be tried again.
 * https://docs.stripe.com/billing/subscriptions/overview#subscription-statuses
 * @param isAutomatic whether Stripe tried by itself, which makes the customer delinquent.
 */
export function followFailedInvoice(context: Context, invoice: Stripe.Invoice, isAutomatic: boolean): void {
  const before = findInvoicedSubscription(context, invoice);
  if (before?.status === "incomplete") return;
  if (before && readSecrets(context, before.id).waiting?.invoice === invoice.id) {
    followResumption(context, invoice, before.id, "failed");
    return;
  }
  if (isAutomatic) setDelinquent(context, invoice, true);
  if (!before || before.status === "paused" || !isLatestInvoice(context, before, invoice)) return;
  const subscription = before.status === "active" ? setStatus(context, before, "past_due") : before;
  // An update's invoice is nobody's to retry, so its failure is not a last one.
  // https://docs.stripe.com/billing/invoices/subscription
  if (invoice.auto_advance && invoice.next_payment_attempt === null) {
    endDunning(context, subscription, invoice);
  }
}

/**
 * An invoice that somebody writes off keeps its subscription active.
 * https://docs.stripe.com/billing/subscriptions/overview#handle-unpaid-subscriptions
 */
export function followWrittenOffInvoice(context: Context, invoice: Stripe.Invoice): void {
  setDelinquent(context, invoice, false);
  const found = findInvoicedSubscription(context, invoice);
  if (!found) return;
  followResumption(context, invoice, found.id, "settled");
  const before = getByPath(context, "subscription", found.id);
  if (isOwing(before) && isLatestInvoice(context, before, invoice)) setStatus(context, before, "active");
}

/**
 * With `save_default_payment_method=on_subscription` what paid becomes the subscription's default.
 * https://docs.stripe.com/api/subscriptions/create#create_subscription-payment_settings-save_default_payment_method
 */
function saveMethodUsed(
  context: Context,
  before: Stripe.Subscription,
  invoice: Stripe.Invoice,
): Stripe.Subscription {
  if (before.payment_settings?.save_default_payment_method !== "on_subscription") return before;
  const intentId = findInvoicePayment(context, invoice.id)?.payment.payment_intent;
  const intent = intentId ? findObject(context.store, "payment_intent", idOf(intentId)) : null;
  if (intent?.status !== "succeeded" || !intent.payment_method) return before;
  const method = getByPath(context, "payment_method", idOf(intent.payment_method));
  if (method.customer === null) return before;
  const after: Stripe.Subscription = { ...before, default_payment_method: method.id };
  saveAndTell(context, "subscription", after, before, "customer.subscription.updated");
  return after;
}

function begin(context: Context, before: Stripe.Subscription): void {
  forgetDue(context.store, before.id, "expire_incomplete_subscription");
  const hasTrial = before.trial_end !== null && before.trial_end > context.now;
  planPeriodEnd(context, setStatus(context, before, hasTrial ? "trialing" : "active"));
}

function isOwing({ status }: Stripe.Subscription): boolean {
  return status === "past_due" || status === "unpaid";
}
