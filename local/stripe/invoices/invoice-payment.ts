import type Stripe from "stripe";
import type { Context } from "@/local/stripe/context";
import { fieldEquals, listAllObjects } from "@/local/stripe/store/list-objects";

/** The payment of an invoice, which exists once an invoice with money due is finalized. */
export function findInvoicePayment(context: Context, invoiceId: string): Stripe.InvoicePayment | null {
  return listAllObjects(context.store, "invoice_payment", [fieldEquals("$.invoice", invoiceId)])[0] ?? null;
}
