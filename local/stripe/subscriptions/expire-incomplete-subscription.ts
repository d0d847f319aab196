import type Stripe from "stripe";
import type { Context } from "@/local/stripe/context";
import { saveAndTell } from "@/local/stripe/events/emit-event";
import { voidInvoice } from "@/local/stripe/invoices/void-invoice";
import { getByPath, idOf } from "@/local/stripe/references";
import { forgetDue, planDue } from "@/local/stripe/time/due";

/** How long a first payment may take. https://docs.stripe.com/billing/subscriptions/overview#handle-the-invoice */
const PAYMENT_WINDOW_SECONDS = 23 * 60 * 60;

/** Makes the clock give an unpaid first invoice up. */
export function planExpiry(context: Context, { id, created }: Stripe.Subscription): void {
  const at = created + PAYMENT_WINDOW_SECONDS;
  planDue(context.store, { at, kind: "expire_incomplete_subscription", objectId: id });
}

/** A subscription that was never paid for is over, and its invoice is void. */
export function expireIncompleteSubscription(context: Context, before: Stripe.Subscription): void {
  if (before.status !== "incomplete") return;
  if (before.latest_invoice !== null) {
    voidInvoice(context, getByPath(context, "invoice", idOf(before.latest_invoice)));
  }
  endIncompleteSubscription(context, before);
}

/** The same once the invoice is void. */
export function endIncompleteSubscription(context: Context, before: Stripe.Subscription): void {
  forgetDue(context.store, before.id);
  const subscription: Stripe.Subscription = {
    ...before,
    ended_at: context.now,
    status: "incomplete_expired",
  };
  saveAndTell(context, "subscription", subscription, before, "customer.subscription.updated");
}
