import type Stripe from "stripe";
import type { Context } from "@/local/stripe/context";
import { createInvoiceItem } from "@/local/stripe/invoiceitems/create-invoice-item";
import { createDraft, type DraftInput } from "@/local/stripe/invoices/create-draft";
import type { NewLine } from "@/local/stripe/invoices/new-line";
import { idOf } from "@/local/stripe/references";
import type { Change } from "./plan-change";
import { recordInvoicedDebits, recordPendingDebits } from "./record-debits";

/** The change's prorations as pending items, where an invoice or its preview finds them. */
export function putProrations(
  context: Context,
  { after, prorations }: Pick<Change, "after" | "prorations">,
): Stripe.InvoiceItem[] {
  return prorations.map((line) => createProration(context, after, line));
}

/**
 * Leaves the prorations of a change to the subscription's next invoice, as pending invoice items.
 * https://docs.stripe.com/billing/subscriptions/prorations
 */
export function leavePending(
  context: Context,
  change: Pick<Change, "after" | "prorations" | "settled">,
): void {
  recordPendingDebits(context, putProrations(context, change), change.after, change.settled);
}

/**
 * The invoice of a change that is made now, as a draft: its prorations with everything that waited before, and the
 * periods that begin with it.
 */
export function billChange(context: Context, change: Change, id: string): Stripe.Invoice {
  leavePending(context, change);
  const invoice = createDraft(context, { ...changeInvoice(context, change), id });
  recordInvoicedDebits(context, invoice, change.after);
  return invoice;
}

/** The same for a change that waits for its invoice to be paid: what it debits counts once it is made. */
export function billWaitingChange(
  context: Context,
  change: Change,
  id: string,
): { invoice: Stripe.Invoice; prorations: string[] } {
  const items = putProrations(context, change);
  const invoice = createDraft(context, { ...changeInvoice(context, change), id });
  return { invoice, prorations: items.map((item) => item.id) };
}

/** What the change's invoice is made of, apart from its prorations, which wait among the pending items. */
export function changeInvoice(context: Context, change: Change): DraftInput {
  const { after, newPeriods } = change;
  return {
    customer: idOf(after.customer),
    currency: after.currency,
    billingReason: "subscription_update",
    subscription: after,
    lines: newPeriods,
    // https://docs.stripe.com/billing/subscriptions/billing-mode/compare#consistently-include-pending-invoice-items
    includesPendingItems: true,
    period: { start: context.now, end: context.now },
    finalizesAt: null,
  };
}

function createProration(
  context: Context,
  subscription: Stripe.Subscription,
  line: NewLine,
): Stripe.InvoiceItem {
  const { source } = line;
  return createInvoiceItem(context, {
    customer: idOf(subscription.customer),
    currency: line.currency,
    amount: line.amount,
    description: line.description,
    period: line.period,
    price: line.price,
    quantity: line.quantity ?? 1,
    ...(line.unitAmountDecimal === null ? {} : { unitAmountDecimal: line.unitAmountDecimal }),
    proration: source.proration,
    ...(source.proration ? { prorationDetails: detailsOf(source) } : {}),
    subscription: subscription.id,
    ...(source.subscriptionItem === null ? {} : { subscriptionItem: source.subscriptionItem }),
    discountable: line.discountable,
    discounts: line.discounts,
    taxRates: line.taxRates,
    metadata: line.metadata,
  });
}

function detailsOf(source: NewLine["source"]): Stripe.InvoiceItem.ProrationDetails {
  const { creditedItems } = source;
  const item = source.type === "subscription_item" ? source.creditedInvoiceItem : undefined;
  return { discount_amounts: [], credited_items: creditedOf(creditedItems, item) };
}

function creditedOf(
  lines: NewLine["source"]["creditedItems"],
  item: string | undefined,
): Stripe.InvoiceItem.ProrationDetails.CreditedItems | null {
  if (lines) {
    const details = { invoice: lines.invoice, invoice_line_items: lines.invoiceLineItems };
    return { invoice_line_item_details: details, type: "invoice_line_items" };
  }
  return item === undefined ? null : { invoice_item: item, type: "invoice_item" };
}
