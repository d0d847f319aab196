import type Stripe from "stripe";
import type { Context } from "@/local/stripe/context";
import { emitEvent } from "@/local/stripe/events/emit-event";
import { idOf } from "@/local/stripe/references";
import { fieldIsOneOf, listAllObjects, ofCustomer } from "@/local/stripe/store/list-objects";
import { saveObject } from "@/local/stripe/store/store";
import { findInvoicePayment } from "./invoice-payment";
import { markInvoicePaid } from "./mark-invoice-paid";

/**
 * What a payment intent that succeeded does to the invoice it pays: its payment is paid, and so is the invoice, with
 * all that follows for its subscription. Does nothing for an intent without an invoice, or a second time.
 * https://docs.stripe.com/api/invoice-payment
 * @returns the paid invoice, or null when the intent pays none.
 */
export function settleInvoicePayment(context: Context, intent: Stripe.PaymentIntent): Stripe.Invoice | null {
  if (intent.status !== "succeeded") return null;
  const invoice = findInvoiceOfIntent(context, intent);
  if (!invoice) return null;
  return settlePayment(context, intent, invoice, invoice);
}

/** The open or written-off invoice the intent pays, or null. */
export function findInvoiceOfIntent(context: Context, intent: Stripe.PaymentIntent): Stripe.Invoice | null {
  if (intent.customer === null) return null;
  const owing = listAllObjects(context.store, "invoice", [
    ofCustomer(idOf(intent.customer)),
    fieldIsOneOf("$.status", ["open", "uncollectible"]),
  ]);
  const isPaidByIt = ({ id }: Stripe.Invoice) => {
    const reference = findInvoicePayment(context, id)?.payment.payment_intent;
    return reference !== undefined && idOf(reference) === intent.id;
  };
  return owing.find(isPaidByIt) ?? null;
}

/** Marks the invoice's payment and the invoice itself as paid by the intent. */
export function settlePayment(
  context: Context,
  intent: Stripe.PaymentIntent,
  invoice: Stripe.Invoice,
  before: Stripe.Invoice,
): Stripe.Invoice {
  const payment = findInvoicePayment(context, invoice.id);
  if (!payment) throw new Error(`The invoice ${invoice.id} has no payment.`);
  const settled: Stripe.InvoicePayment = {
    ...payment,
    amount_paid: intent.amount_received,
    status: "paid",
    status_transitions: { canceled_at: null, paid_at: context.now },
  };
  saveObject(context.store, "invoice_payment", settled);
  emitEvent(context, "invoice_payment.paid", settled);
  return markInvoicePaid(context, invoice, before);
}
