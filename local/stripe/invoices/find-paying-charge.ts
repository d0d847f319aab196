import type Stripe from "stripe";
import { idOf } from "@/local/stripe/references";
import { listAllObjects, ofCustomer } from "@/local/stripe/store/list-objects";
import { findObject, type Store } from "@/local/stripe/store/store";
import { paymentIdOf } from "./invoice-payment";

/** The charge that paid the invoice, or null. */
export function findPayingCharge(store: Store, { id }: Stripe.Invoice): Stripe.Charge | null {
  const payment = findObject(store, "invoice_payment", paymentIdOf(id));
  const reference = payment?.status === "paid" ? payment.payment.payment_intent : undefined;
  const intent = reference ? findObject(store, "payment_intent", idOf(reference)) : null;
  return intent?.latest_charge ? findObject(store, "charge", idOf(intent.latest_charge)) : null;
}

/** The invoice the charge paid, or null. */
export function findPaidInvoice(store: Store, charge: Stripe.Charge): Stripe.Invoice | null {
  const { customer, payment_intent: intent } = charge;
  if (customer === null || intent === null) return null;
  const isPaidByIt = ({ id }: Stripe.Invoice) => {
    const reference = findObject(store, "invoice_payment", paymentIdOf(id))?.payment.payment_intent;
    return reference !== undefined && idOf(reference) === idOf(intent);
  };
  return listAllObjects(store, "invoice", [ofCustomer(idOf(customer))]).find(isPaidByIt) ?? null;
}
