import type Stripe from "stripe";
import type { Context } from "@/local/stripe/context";
import { listSubscriptionInvoices } from "@/local/stripe/invoices/list-subscription-invoices";
import { idOf } from "@/local/stripe/references";
import { findObject } from "@/local/stripe/store/store";
import { hasEnded } from "./list-live-subscriptions";

/** The subscription an invoice belongs to, unless it is over; null for a one-off invoice. */
export function findInvoicedSubscription(
  context: Context,
  invoice: Stripe.Invoice,
): Stripe.Subscription | null {
  const reference = invoice.parent?.subscription_details?.subscription;
  const subscription = reference ? findObject(context.store, "subscription", idOf(reference)) : null;
  return subscription && !hasEnded(subscription) ? subscription : null;
}

/**
 * Whether the invoice decides about its subscription: the latest finalized one does, and the latest of all where drafts
 * are left lying because the subscription is `unpaid`. Void ones count for nothing.
 * https://docs.stripe.com/billing/subscriptions/overview#handle-unpaid-subscriptions
 */
export function isLatestInvoice(
  context: Context,
  subscription: Stripe.Subscription,
  invoice: Stripe.Invoice,
): boolean {
  const countsDrafts = subscription.status === "unpaid";
  const latest = listSubscriptionInvoices(context, subscription).find(
    ({ status }) => status !== "void" && (countsDrafts || status !== "draft"),
  );
  return latest?.id === invoice.id;
}
