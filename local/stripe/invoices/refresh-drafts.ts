import type { Context } from "@/local/stripe/context";
import { fieldEquals, listAllObjects, ofCustomer } from "@/local/stripe/store/list-objects";
import { readHidden, saveObject } from "@/local/stripe/store/store";
import { recomputeInvoice } from "./recompute-invoice";

/**
 * Lets a customer's drafts follow the customer: its balance, address and name. Silently, as nobody changed them.
 * https://docs.stripe.com/api/invoices/object#invoice_object-starting_balance
 */
export function refreshDrafts(context: Context, customerId: string): void {
  const drafts = listAllObjects(context.store, "invoice", [
    ofCustomer(customerId),
    fieldEquals("$.status", "draft"),
  ]);
  for (const draft of drafts) {
    const terms = readHidden(context.store, "invoice", draft.id);
    saveObject(context.store, "invoice", recomputeInvoice(context, draft, terms));
  }
}
