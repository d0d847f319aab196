import type Stripe from "stripe";
import type { Context } from "@/local/stripe/context";
import { emitEvent, saveAndTell } from "@/local/stripe/events/emit-event";
import { confirmPaymentIntent } from "@/local/stripe/payment-intents/confirm-payment-intent";
import { getByPath, idOf } from "@/local/stripe/references";
import { saveObject } from "@/local/stripe/store/store";
import { followFailedInvoice } from "@/local/stripe/subscriptions/follow-invoice";
import { findInvoicePayment } from "./invoice-payment";
import { markInvoicePaid } from "./mark-invoice-paid";
import { planRetry, retryAfter } from "./retry-schedule";

/**
 * Attempts to pay an open invoice, tells how it went and what follows from it. Without a payment method the
 * attempt fails and nobody is asked. https://docs.stripe.com/billing/invoices/subscription
 * @param isScheduled an attempt by hand counts only if it is the first.
 *   https://docs.stripe.com/api/invoices/object#invoice_object-attempt_count
 */
export function payInvoice(
  context: Context,
  invoice: Stripe.Invoice,
  method: Stripe.PaymentMethod | null,
  isScheduled = true,
): Stripe.Invoice {
  const payment = findInvoicePayment(context, invoice.id);
  const intentId = payment?.payment.payment_intent;
  if (!payment || !intentId) throw new Error(`The invoice ${invoice.id} has no payment intent.`);
  const isCounted = isScheduled || invoice.attempt_count === 0;
  const attempted: Stripe.Invoice = {
    ...invoice,
    attempt_count: invoice.attempt_count + (isCounted ? 1 : 0),
    attempted: true,
  };
  const intent = getByPath(context, "payment_intent", idOf(intentId));
  const confirmed = method && confirmPaymentIntent(context, intent, method);
  if (confirmed?.status !== "succeeded") {
    return failAttempt(context, invoice, {
      ...attempted,
      next_payment_attempt: isCounted ? retryAfter(context, attempted) : invoice.next_payment_attempt,
    });
  }
  const settled: Stripe.InvoicePayment = {
    ...payment,
    amount_paid: confirmed.amount_received,
    status: "paid",
    status_transitions: { canceled_at: null, paid_at: context.now },
  };
  saveObject(context.store, "invoice_payment", settled);
  emitEvent(context, "invoice_payment.paid", settled);
  return markInvoicePaid(context, attempted, invoice);
}

function failAttempt(context: Context, before: Stripe.Invoice, failed: Stripe.Invoice): Stripe.Invoice {
  planRetry(context, failed);
  emitEvent(context, "invoice.payment_failed", failed);
  saveAndTell(context, "invoice", failed, before, "invoice.updated");
  followFailedInvoice(context, failed);
  return getByPath(context, "invoice", failed.id);
}
