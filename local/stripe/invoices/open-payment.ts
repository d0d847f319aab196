import type Stripe from "stripe";
import type { Context } from "@/local/stripe/context";
import { createPaymentIntent } from "@/local/stripe/payment-intents/create-payment-intent";
import { getByPath, idOf } from "@/local/stripe/references";
import { insertObject, saveObject } from "@/local/stripe/store/store";
import { findInvoicePayment, paymentIdOf } from "./invoice-payment";

/** Gives a finalized invoice its default payment, with the intent behind it. https://docs.stripe.com/api/invoice-payment */
export function openPayment(context: Context, invoice: Stripe.Invoice, customer: string): void {
  const intent = createPaymentIntent(context, {
    amount: invoice.amount_due,
    currency: invoice.currency,
    customer,
    description: descriptionOf(invoice),
    metadata: {},
    receiptEmail: null,
    setupFutureUsage: "off_session",
    statementDescriptor: invoice.statement_descriptor,
  });
  const payment: Stripe.InvoicePayment = {
    id: paymentIdOf(invoice.id),
    object: "invoice_payment",
    amount_paid: null,
    amount_requested: invoice.amount_due,
    created: context.now,
    currency: invoice.currency,
    invoice: invoice.id,
    is_default: true,
    livemode: false,
    payment: { payment_intent: intent.id, type: "payment_intent" },
    status: "open",
    status_transitions: { canceled_at: null, paid_at: null },
  };
  insertObject(context.store, "invoice_payment", payment, {});
}

/**
 * Keeps the default payment and its intent at what remains to be paid.
 * https://docs.stripe.com/api/invoice-payment/object#invoice_payment_object-is_default
 */
export function resizePayment(context: Context, invoice: Stripe.Invoice): void {
  const payment = findInvoicePayment(context, invoice.id);
  const reference = payment?.payment.payment_intent;
  if (!payment || !reference) return;
  const amount = invoice.amount_remaining;
  saveObject(context.store, "invoice_payment", { ...payment, amount_requested: amount });
  const intent = getByPath(context, "payment_intent", idOf(reference));
  saveObject(context.store, "payment_intent", { ...intent, amount });
}

function descriptionOf({ billing_reason: reason }: Stripe.Invoice): string {
  if (reason === "subscription_create") return "Subscription creation";
  return reason === "subscription_update" ? "Subscription update" : "Payment for Invoice";
}
