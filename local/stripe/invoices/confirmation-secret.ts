import type Stripe from "stripe";
import type { Context } from "@/local/stripe/context";
import { getByPath, idOf } from "@/local/stripe/references";
import { findInvoicePayment } from "./invoice-payment";

/** What a client needs to pay the invoice itself; null when there is nothing to pay. */
export function confirmationSecretOf(
  context: Context,
  invoice: Stripe.Invoice,
): Stripe.Invoice.ConfirmationSecret | null {
  const intent = findInvoicePayment(context, invoice.id)?.payment.payment_intent;
  if (!intent) return null;
  const { client_secret: secret } = getByPath(context, "payment_intent", idOf(intent));
  return secret === null ? null : { client_secret: secret, type: "payment_intent" };
}
