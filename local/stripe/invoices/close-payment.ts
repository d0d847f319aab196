import type Stripe from "stripe";
import type { Context } from "@/local/stripe/context";
import { cancelPaymentIntent } from "@/local/stripe/payment-intents/cancel-payment-intent";
import { getByPath, idOf } from "@/local/stripe/references";
import { saveObject } from "@/local/stripe/store/store";
import { findInvoicePayment } from "./invoice-payment";

/** Nobody is to pay the invoice through its intent any more: both are canceled. */
export function closePayment(
  context: Context,
  invoice: Stripe.Invoice,
  reason: Stripe.PaymentIntent.CancellationReason,
): void {
  const payment = findInvoicePayment(context, invoice.id);
  const reference = payment?.payment.payment_intent;
  if (!payment || !reference || payment.status !== "open") return;
  saveObject(context.store, "invoice_payment", {
    ...payment,
    status: "canceled",
    status_transitions: { canceled_at: context.now, paid_at: null },
  });
  cancelPaymentIntent(context, getByPath(context, "payment_intent", idOf(reference)), reason);
}
