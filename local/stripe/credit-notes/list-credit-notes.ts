import type Stripe from "stripe";
import { idOf } from "@/local/stripe/references";
import { fieldEquals, listAllObjects, ofCustomer } from "@/local/stripe/store/list-objects";
import type { Store } from "@/local/stripe/store/store";

/** The credit notes of an invoice, void ones included, newest first. */
export function listCreditNotes(store: Store, invoice: Stripe.Invoice): Stripe.CreditNote[] {
  if (invoice.customer === null) return [];
  return listAllObjects(store, "credit_note", [
    ofCustomer(idOf(invoice.customer)),
    fieldEquals("$.invoice", invoice.id),
  ]);
}
