import type Stripe from "stripe";
import type { Context } from "@/local/stripe/context";
import { findObject } from "@/local/stripe/store/store";
import { recordInvoicedDebits, recordPendingDebits } from "./record-debits";
import type { WaitingChange } from "./secrets";

/** A change that waited is made: what its invoice debits counts from now on, and what it credited does not any more. */
export function settleWaitingDebits(
  context: Context,
  invoice: Stripe.Invoice,
  after: Stripe.Subscription,
  { prorations, settled }: WaitingChange,
): void {
  const items = prorations.flatMap((id) => findObject(context.store, "invoiceitem", id) ?? []);
  recordPendingDebits(context, items, after, settled);
  recordInvoicedDebits(context, invoice, after);
}
