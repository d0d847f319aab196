import type Stripe from "stripe";
import type { Context } from "@/local/stripe/context";
import { emitEvent } from "@/local/stripe/events/emit-event";
import { newId } from "@/local/stripe/ids";
import { attachItems, listPendingItems } from "@/local/stripe/invoiceitems/create-invoice-item";
import { lineOfItem } from "@/local/stripe/invoiceitems/line-of-item";
import { insertObject } from "@/local/stripe/store/store";
import { planDue } from "@/local/stripe/time/due";
import { newInvoice } from "./new-invoice";
import type { NewLine } from "./new-line";

/** An invoice takes up at most so many items. https://docs.stripe.com/api/invoiceitems/create */
export const MAX_ITEMS = 250;

export type DraftInput = {
  /** Reserved before, where a subscription already names it as its latest. */
  id?: string;
  customer: string;
  currency: string;
  billingReason: Stripe.Invoice.BillingReason;
  /** Gives the parent and, unless they are given here, discounts, tax settings, collection method and texts. */
  subscription: Stripe.Subscription | null;
  lines: NewLine[];
  /**
   * Pending invoice items of the customer are taken up: of this subscription or of none; for a manual invoice
   * those of its subscription alone, or without one all of them.
   */
  includesPendingItems: boolean;
  /** When invoice items could be added to it. https://docs.stripe.com/api/invoices/object#invoice_object-period_end */
  period: { start: number; end: number };
  /** When it is finalized and collected by itself; null leaves that to somebody. */
  finalizesAt: number | null;
  /** Unless given, it advances by itself exactly if it is finalized by itself. */
  autoAdvance?: boolean;
  automaticTax?: boolean;
  collectionMethod?: Stripe.Invoice.CollectionMethod;
  customFields?: Stripe.Invoice.CustomField[] | null;
  daysUntilDue?: number;
  defaultPaymentMethod?: string;
  defaultTaxRates?: Stripe.TaxRate[];
  description?: string;
  /** Ids; unless given, the subscription's or else the customer's. */
  discounts?: string[];
  dueDate?: number;
  effectiveAt?: number;
  footer?: string;
  metadata?: Record<string, string>;
  number?: string;
  statementDescriptor?: string;
  /** For previews of prorations: the moment they are reckoned from. */
  prorationDate?: number;
};

/**
 * Makes a draft: takes up pending items, works out its amounts, makes the clock finalize it if it is to be finalized by
 * itself, and tells `invoice.created`. https://docs.stripe.com/api/invoices/create
 */
export function createDraft(context: Context, input: DraftInput): Stripe.Invoice {
  const id = input.id ?? newId("in");
  const items = pendingItemsFor(context, input);
  const lines = [...items.map((item) => lineOfItem(context, item)), ...input.lines];
  const { invoice, terms } = newInvoice(context, id, input, lines, id);
  insertObject(context.store, "invoice", invoice, terms);
  attachItems(context, items, id);
  if (input.finalizesAt !== null) {
    planDue(context.store, { at: input.finalizesAt, kind: "finalize_invoice", objectId: id });
  }
  emitEvent(context, "invoice.created", invoice);
  return invoice;
}

/**
 * The invoice `createDraft` would make of the same input: the very same computation, nothing stored and nothing told.
 * https://docs.stripe.com/api/invoices/create_preview
 */
export function previewInvoice(context: Context, input: DraftInput): Stripe.Invoice {
  const pending = pendingItemsFor(context, input).map((item) => lineOfItem(context, item));
  const id = input.id ?? newId("upcoming_in");
  return newInvoice(context, id, input, [...pending, ...input.lines], null).invoice;
}

/** Newest first, as they stand on the invoice. https://docs.stripe.com/api/invoices/object#invoice_object-lines */
function pendingItemsFor(context: Context, input: DraftInput): Stripe.InvoiceItem[] {
  if (!input.includesPendingItems) return [];
  const subscription = input.subscription?.id ?? null;
  const items = listPendingItems(context, {
    customer: input.customer,
    subscription,
    currency: input.currency,
  });
  const isManualOf = input.billingReason === "manual" && subscription !== null;
  const eligible = isManualOf
    ? items.filter((item) => item.parent?.subscription_details?.subscription === subscription)
    : items;
  // The oldest come first when there are too many; the rest waits for the next invoice. Items of one moment stand in the
  // order they were made in, a proration's credit before its debit.
  return eligible
    .slice(-MAX_ITEMS)
    .reverse()
    .sort((a, b) => b.date - a.date);
}
