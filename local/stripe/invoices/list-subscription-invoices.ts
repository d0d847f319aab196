import type Stripe from "stripe";
import type { Context } from "@/local/stripe/context";
import { idOf } from "@/local/stripe/references";
import { fieldEquals, listAllObjects, ofCustomer } from "@/local/stripe/store/list-objects";

/** A subscription's invoices, newest first. */
export function listSubscriptionInvoices(
  context: Context,
  subscription: Stripe.Subscription,
): Stripe.Invoice[] {
  return listAllObjects(context.store, "invoice", [
    ofCustomer(idOf(subscription.customer)),
    fieldEquals("$.parent.subscription_details.subscription", subscription.id),
  ]);
}
