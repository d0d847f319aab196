import type Stripe from "stripe";
import type { Context } from "@/local/stripe/context";
import { saveAndTell } from "@/local/stripe/events/emit-event";
import { listSubscriptionInvoices } from "@/local/stripe/invoices/list-subscription-invoices";
import { getByPath, idOf } from "@/local/stripe/references";
import { findObject } from "@/local/stripe/store/store";
import { forgetDue } from "@/local/stripe/time/due";
import { endDunning } from "./end-dunning";
import { hasEnded } from "./list-live-subscriptions";
import { planPeriodEnd } from "./plan-period-end";

/**
 * What an invoice's fate does to its subscription and its customer. The latest finalized invoice decides: paid,
 * the subscription is active; failed, it is past due. https://docs.stripe.com/billing/subscriptions/overview#subscription-statuses
 */
export function followPaidInvoice(context: Context, invoice: Stripe.Invoice): void {
  setDelinquent(context, invoice, false);
  const before = findSubscription(context, invoice);
  if (!before) return;
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
  setDelinquent(context, invoice, true);
  if (!isLatestFinalized(context, before, invoice)) return;
  const subscription = before.status === "active" ? setStatus(context, before, "past_due") : before;
  if (invoice.next_payment_attempt === null) endDunning(context, subscription, invoice);
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
