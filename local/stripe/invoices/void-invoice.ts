import type Stripe from "stripe";
import type { Context } from "@/local/stripe/context";
import { emitEvent, saveAndTell } from "@/local/stripe/events/emit-event";
import { cancelPaymentIntent } from "@/local/stripe/payment-intents/cancel-payment-intent";
import { getByPath, idOf } from "@/local/stripe/references";
import { saveObject } from "@/local/stripe/store/store";
import { forgetDue } from "@/local/stripe/time/due";
import { findInvoicePayment } from "./invoice-payment";

/** Voids an open invoice: nobody owes it any more, and its payment intent is canceled. https://docs.stripe.com/api/invoices/void */
export function voidInvoice(context: Context, before: Stripe.Invoice): void {
  if (before.status !== "open") return;
  const invoice: Stripe.Invoice = {
    ...before,
    auto_advance: false,
    next_payment_attempt: null,
    status: "void",
    status_transitions: { ...before.status_transitions, voided_at: context.now },
  };
  forgetDue(context.store, invoice.id);
  saveAndTell(context, "invoice", invoice, before, "invoice.updated");
  emitEvent(context, "invoice.voided", invoice);
  const payment = findInvoicePayment(context, invoice.id);
  const intent = payment?.payment.payment_intent;
  if (!payment || !intent) return;
  saveObject(context.store, "invoice_payment", {
    ...payment,
    status: "canceled",
    status_transitions: { canceled_at: context.now, paid_at: null },
  });
  cancelPaymentIntent(context, getByPath(context, "payment_intent", idOf(intent)), "void_invoice");
}
