import type Stripe from "stripe";
import type { Context } from "@/local/stripe/context";
import { emitEvent } from "@/local/stripe/events/emit-event";
import { confirmPaymentIntent } from "@/local/stripe/payment-intents/confirm-payment-intent";
import { getByPath, idOf } from "@/local/stripe/references";
import { fieldEquals, listAllObjects } from "@/local/stripe/store/list-objects";
import { saveObject } from "@/local/stripe/store/store";

/**
 * Attempts to pay an open invoice with the payment method and tells how it went.
 * https://docs.stripe.com/billing/invoices/subscription
 */
export function payInvoice(
  context: Context,
  invoice: Stripe.Invoice,
  method: Stripe.PaymentMethod,
): Stripe.Invoice {
  const payment = findInvoicePayment(context, invoice.id);
  const intentId = payment?.payment.payment_intent;
  if (!payment || !intentId) throw new Error(`The invoice ${invoice.id} has no payment intent.`);
  const attempted: Stripe.Invoice = { ...invoice, attempt_count: invoice.attempt_count + 1, attempted: true };
  saveObject(context.store, "invoice", attempted);

  const intent = getByPath(context, "payment_intent", idOf(intentId));
  const paid = confirmPaymentIntent(context, intent, method);
  if (paid.status !== "succeeded") {
    emitEvent(context, "invoice.payment_failed", attempted);
    return attempted;
  }
  const settled: Stripe.InvoicePayment = {
    ...payment,
    amount_paid: paid.amount_received,
    status: "paid",
    status_transitions: { canceled_at: null, paid_at: context.now },
  };
  saveObject(context.store, "invoice_payment", settled);
  emitEvent(context, "invoice_payment.paid", settled);
  return markInvoicePaid(context, attempted);
}

/** Marks an invoice paid in full. Also what happens to an invoice over nothing. */
export function markInvoicePaid(context: Context, invoice: Stripe.Invoice): Stripe.Invoice {
  const paid: Stripe.Invoice = {
    ...invoice,
    amount_paid: invoice.amount_due,
    amount_remaining: 0,
    attempted: true,
    auto_advance: false,
    status: "paid",
    status_transitions: { ...invoice.status_transitions, paid_at: context.now },
  };
  saveObject(context.store, "invoice", paid);
  emitEvent(context, "invoice.paid", paid);
  emitEvent(context, "invoice.payment_succeeded", paid);
  return paid;
}

/** The payment of an invoice, which exists once an invoice with money due is finalized. */
export function findInvoicePayment(context: Context, invoiceId: string): Stripe.InvoicePayment | null {
  return listAllObjects(context.store, "invoice_payment", [fieldEquals("$.invoice", invoiceId)])[0] ?? null;
}
