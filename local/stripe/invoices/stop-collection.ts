import type Stripe from "stripe";
import type { Context } from "@/local/stripe/context";
import { saveAndTell } from "@/local/stripe/events/emit-event";
import { forgetDue } from "@/local/stripe/time/due";
import { listSubscriptionInvoices } from "./list-subscription-invoices";

/**
 * Stops collecting what a subscription still owes: its drafts and open invoices stay as they are and can be
 * paid by hand. https://docs.stripe.com/billing/subscriptions/cancel
 */
export function stopCollection(context: Context, subscription: Stripe.Subscription): void {
  for (const before of listSubscriptionInvoices(context, subscription)) {
    if (before.status !== "draft" && before.status !== "open") continue;
    const stopped: Stripe.Invoice = {
      ...before,
      auto_advance: false,
      automatically_finalizes_at: null,
      next_payment_attempt: null,
    };
    forgetDue(context.store, before.id);
    saveAndTell(context, "invoice", stopped, before, "invoice.updated");
  }
}
