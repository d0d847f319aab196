import type Stripe from "stripe";
import type { Context } from "@/local/stripe/context";
import { findObject } from "@/local/stripe/store/store";

/** The payment of an invoice, which exists once an invoice with money due is finalized. */
export function findInvoicePayment(context: Context, invoiceId: string): Stripe.InvoicePayment | null {
  return findObject(context.store, "invoice_payment", paymentIdOf(invoiceId));
}

/** An invoice has one default payment, so its id follows from the invoice's and nobody has to search for it. */
export function paymentIdOf(invoiceId: string): string {
  return invoiceId.replace(/^in_/, "inpay_");
}
