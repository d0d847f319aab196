import type Stripe from "stripe";
import type { Context } from "@/local/stripe/context";
import { dropItemLines } from "@/local/stripe/invoices/put-item-lines";
import { draftOf } from "./change-item";
import { deletePendingItem } from "./create-invoice-item";

/** Deletes an item that waits or stands on a draft, which goes without it. https://docs.stripe.com/api/invoiceitems/delete */
export function removeItem(context: Context, item: Stripe.InvoiceItem): Stripe.DeletedInvoiceItem {
  if (item.invoice !== null) dropItemLines(context, draftOf(context, item.invoice), [item.id]);
  deletePendingItem(context, item);
  return { id: item.id, object: "invoiceitem", deleted: true };
}
