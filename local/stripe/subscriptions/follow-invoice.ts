import type Stripe from "stripe";
import type { Context } from "@/local/stripe/context";
import { saveAndTell } from "@/local/stripe/events/emit-event";
import { findInvoicePayment } from "@/local/stripe/invoices/invoice-payment";
import { listSubscriptionInvoices } from "@/local/stripe/invoices/list-subscription-invoices";
import { getByPath, idOf } from "@/local/stripe/references";
import { findObject } from "@/local/stripe/store/store";
import { forgetDue } from "@/local/stripe/time/due";
import { endDunning } from "./end-dunning";
import { hasEnded } from "./list-live-subscriptions";
import { applyPendingUpdate } from "./pending-update";
import { planPeriodEnd } from "./plan-period-end";
import { followResumption } from "./resume-subscription";
import { readSecrets } from "./secrets";

/**
 * What an invoice's fate does to its subscription and its customer. The latest finalized invoice decides: paid,
 * the subscription is active; failed, it is past due. https://docs.stripe.com/billing/subscriptions/overview#subscription-statuses
 */
export function followPaidInvoice(context: Context, invoice: Stripe.Invoice): void {
  setDelinquent(context, invoice, false);
  const found = findSubscription(context, invoice);
  if (!found) return;
  applyPendingUpdate(context, invoice, found.id);
  followResumption(context, invoice, found.id, true);
  const before = saveMethodUsed(context, getByPath(context, "subscription", found.id), invoice);
  if (before.status === "incomplete") {
    forgetDue(context.store, before.id, "expire_incomplete_subscription");
    planPeriodEnd(context, setStatus(context, before, "active"));
  } else if (isOwing(before) && isLatestFinalized(context, before, invoice)) {
    setStatus(context, before, "active");
  }
}

/** `next_payment_attempt` tells whether the invoice will be tried again. A first invoice is left to the customer. */
export function followFailedInvoice(context: Context, invoice: Stripe.Invoice): void {
  const before = findSubscription(context, invoice);
  if (!before || before.status === "incomplete") return;
  const { waiting } = readSecrets(context, before.id);
  if (waiting?.invoice === invoice.id) {
    followResumption(context, invoice, before.id, false);
    return;
  }
  setDelinquent(context, invoice, true);
  if (!isLatestFinalized(context, before, invoice)) return;
  const subscription = before.status === "active" ? setStatus(context, before, "past_due") : before;
  // An update's invoice is nobody's to retry, so its failure is not a last one.
  // https://docs.stripe.com/billing/invoices/subscription
  if (invoice.auto_advance && invoice.next_payment_attempt === null)
    endDunning(context, subscription, invoice);
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
  if (!intent?.payment_method) return before;
  const after: Stripe.Subscription = { ...before, default_payment_method: idOf(intent.payment_method) };
  saveAndTell(context, "subscription", after, before, "customer.subscription.updated");
  return after;
}

function isOwing({ status }: Stripe.Subscription): boolean {
  return status === "past_due" || status === "unpaid";
}

function isLatestFinalized(
  context: Context,
  subscription: Stripe.Subscription,
  invoice: Stripe.Invoice,
): boolean {
  const finalized = listSubscriptionInvoices(context, subscription).filter(
    ({ status }) => status !== "draft" && status !== "void",
  );
  return finalized[0]?.id === invoice.id;
}

function findSubscription(context: Context, invoice: Stripe.Invoice): Stripe.Subscription | null {
  const reference = invoice.parent?.subscription_details?.subscription;
  const subscription = reference ? findObject(context.store, "subscription", idOf(reference)) : null;
  return subscription && !hasEnded(subscription) ? subscription : null;
}

function setStatus(
  context: Context,
  before: Stripe.Subscription,
  status: Stripe.Subscription.Status,
): Stripe.Subscription {
  const subscription: Stripe.Subscription = { ...before, status };
  saveAndTell(context, "subscription", subscription, before, "customer.subscription.updated");
  return subscription;
}

/** https://docs.stripe.com/api/customers/object#customer_object-delinquent */
function setDelinquent(context: Context, invoice: Stripe.Invoice, delinquent: boolean): void {
  if (invoice.customer === null) return;
  const before = getByPath(context, "customer", idOf(invoice.customer));
  saveAndTell(context, "customer", { ...before, delinquent }, before, "customer.updated");
}
