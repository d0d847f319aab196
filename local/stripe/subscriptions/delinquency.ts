import type Stripe from "stripe";
import type { Context } from "@/local/stripe/context";
import { saveAndTell } from "@/local/stripe/events/emit-event";
import { getByPath, idOf } from "@/local/stripe/references";

/**
 * Notes on the customer how its latest invoice to change fared: an automatic charge that failed and a due date that
 * passed make it delinquent; what is paid, or written off by somebody, makes it no longer so.
 * https://docs.stripe.com/api/customers/object#customer_object-delinquent
 */
export function setDelinquent(context: Context, invoice: Stripe.Invoice, delinquent: boolean): void {
  if (invoice.customer === null) return;
  const before = getByPath(context, "customer", idOf(invoice.customer));
  saveAndTell(context, "customer", { ...before, delinquent }, before, "customer.updated");
}
