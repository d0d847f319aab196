import type Stripe from "stripe";
import type { Context } from "@/local/stripe/context";
import { saveAndTell } from "@/local/stripe/events/emit-event";
import { findMethodToCharge } from "@/local/stripe/invoices/collect-invoice";
import { finalizeInvoice } from "@/local/stripe/invoices/finalize-invoice";
import { payInvoice } from "@/local/stripe/invoices/pay-invoice";
import { cardDeclined } from "@/local/stripe/payment-methods/attach-payment-method";
import { chargeOutcome } from "@/local/stripe/payment-methods/charge-outcome";
import { getByPath, idOf } from "@/local/stripe/references";

export type PaymentBehavior =
  | "allow_incomplete"
  | "default_incomplete"
  | "error_if_incomplete"
  | "pending_if_incomplete";

/**
 * Finalizes the invoice of a change and collects it as `payment_behavior` says. An invoice that is sent stays open until
 * it is paid. https://docs.stripe.com/api/subscriptions/update#update_subscription-payment_behavior
 * @throws StripeApiError 402 when the card is declined and the behavior is `error_if_incomplete`.
 */
export function collectChange(
  context: Context,
  draft: Stripe.Invoice,
  behavior: PaymentBehavior,
  isOffSession: boolean,
): Stripe.Invoice {
  const invoice = finalizeInvoice(context, draft);
  if (invoice.status !== "open" || invoice.collection_method === "send_invoice") return invoice;
  if (behavior === "default_incomplete") {
    markPastDue(context, invoice);
    return invoice;
  }
  const method = findMethodToCharge(context, invoice);
  const decline = method && chargeOutcome(context, method, { isOffSession });
  if (decline && behavior === "error_if_incomplete") throw cardDeclined(decline);
  return payInvoice(context, invoice, method);
}

/** The client is to pay; until then the subscription owes. */
function markPastDue(context: Context, invoice: Stripe.Invoice): void {
  const reference = invoice.parent?.subscription_details?.subscription;
  if (!reference) return;
  const before = getByPath(context, "subscription", idOf(reference));
  if (before.status !== "active") return;
  const after: Stripe.Subscription = { ...before, status: "past_due" };
  saveAndTell(context, "subscription", after, before, "customer.subscription.updated");
}
