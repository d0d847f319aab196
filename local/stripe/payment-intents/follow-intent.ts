import type Stripe from "stripe";
import type { Context } from "@/local/stripe/context";
import { followProcessingPayment } from "@/local/stripe/invoices/pay-invoice";
import { settleInvoicePayment } from "@/local/stripe/invoices/settle-invoice-payment";
import { getByPath } from "@/local/stripe/references";

/**
 * What follows from an intent that was confirmed by itself rather than through its invoice: a paid invoice, or one
 * that waits for a bank, with all that follows from that. https://docs.stripe.com/billing/subscriptions/build-subscriptions
 */
export function followIntent(context: Context, intent: Stripe.PaymentIntent): Stripe.PaymentIntent {
  if (intent.status === "processing") followProcessingPayment(context, intent);
  if (intent.status !== "succeeded") return intent;
  settleInvoicePayment(context, intent);
  return getByPath(context, "payment_intent", intent.id);
}
