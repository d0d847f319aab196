import type Stripe from "stripe";
import type { Context } from "@/local/stripe/context";
import { decimal, fromTrillionths, toTrillionths } from "@/local/stripe/decimal";
import { emitEvent } from "@/local/stripe/events/emit-event";
import { newId } from "@/local/stripe/ids";
import { taxBehaviorOf } from "@/local/stripe/invoices/line-item";
import type { TaxBehavior } from "@/local/stripe/invoices/line-terms";
import { getByParam, idOf } from "@/local/stripe/references";
import { fieldEquals, fieldIsNull, listAllObjects, ofCustomer } from "@/local/stripe/store/list-objects";
import { deleteObject, insertObject, saveObject } from "@/local/stripe/store/store";

export type NewInvoiceItem = {
  customer: string;
  currency: string;
  /** In minor units; below zero it is a credit. */
  amount: number;
  description: string | null;
  period: { start: number; end: number };
  price?: Stripe.Price | null;
  quantity?: number;
  /** Unless given, the price's, or the amount divided by the quantity. */
  unitAmountDecimal?: Stripe.Decimal;
  proration: boolean;
  prorationDetails?: Stripe.InvoiceItem.ProrationDetails;
  subscription?: string;
  subscriptionItem?: string;
  /** A draft it is put on at once by the caller; without one it waits for the next invoice. */
  invoice?: string;
  /** Unless given: not for prorations and credits. */
  discountable?: boolean;
  /** Ids. */
  discounts?: string[];
  /** Ids. */
  taxRates?: string[];
  taxBehavior?: TaxBehavior;
  metadata?: Record<string, string>;
  id?: string;
};

/** Stores an invoice item and tells `invoiceitem.created`. https://docs.stripe.com/api/invoiceitems/create */
export function createInvoiceItem(context: Context, input: NewInvoiceItem): Stripe.InvoiceItem {
  const item = buildInvoiceItem(context, input);
  const taxBehavior = input.taxBehavior ?? taxBehaviorOf(input.price ?? null);
  insertObject(context.store, "invoiceitem", item, { taxBehavior });
  emitEvent(context, "invoiceitem.created", item);
  return item;
}

/** An invoice item as it looks when new; stores nothing. https://docs.stripe.com/api/invoiceitems/object */
export function buildInvoiceItem(context: Context, input: NewInvoiceItem): Stripe.InvoiceItem {
  const { price = null, quantity = 1 } = input;
  return {
    id: input.id ?? newId("ii"),
    object: "invoiceitem",
    amount: input.amount,
    currency: input.currency,
    customer: input.customer,
    customer_account: null,
    date: context.now,
    description: input.description,
    discountable: input.discountable ?? (!input.proration && input.amount >= 0),
    discounts: input.discounts ?? [],
    invoice: input.invoice ?? null,
    livemode: false,
    metadata: input.metadata ?? {},
    parent: parentOf(input),
    period: { end: input.period.end, start: input.period.start },
    pricing: {
      ...(price ? { price_details: { price: price.id, product: idOf(price.product) } } : {}),
      type: "price_details",
      unit_amount_decimal: input.unitAmountDecimal ?? perUnit(input.amount, quantity),
    },
    proration: input.proration,
    ...(input.prorationDetails ? { proration_details: input.prorationDetails } : {}),
    quantity,
    quantity_decimal: decimal(quantity),
    tax_rates: (input.taxRates ?? []).map((id) => getByParam(context, "tax_rate", id, "tax_rates")),
    test_clock: getByParam(context, "customer", input.customer, "customer").test_clock ?? null,
  };
}

/**
 * Items no invoice has taken up yet, newest first: with a subscription those of it or of none, without one all of the
 * customer's.
 */
export function listPendingItems(
  context: Context,
  of: { customer: string; subscription: string | null; currency?: string },
): Stripe.InvoiceItem[] {
  const items = listAllObjects(context.store, "invoiceitem", [
    ofCustomer(of.customer),
    fieldIsNull("$.invoice"),
    ...(of.currency === undefined ? [] : [fieldEquals("$.currency", of.currency)]),
  ]);
  if (of.subscription === null) return items;
  return items.filter((item) => {
    const subscription = item.parent?.subscription_details?.subscription ?? null;
    return subscription === null || subscription === of.subscription;
  });
}

/** Forgets a pending item and tells `invoiceitem.deleted`. */
export function deletePendingItem(context: Context, item: Stripe.InvoiceItem): void {
  deleteObject(context.store, item.id);
  emitEvent(context, "invoiceitem.deleted", item);
}

/** Marks items as taken up by the invoice. */
export function attachItems(context: Context, items: Stripe.InvoiceItem[], invoice: string | null): void {
  for (const item of items) saveObject(context.store, "invoiceitem", { ...item, invoice });
}

function parentOf({ subscription, subscriptionItem }: NewInvoiceItem): Stripe.InvoiceItem.Parent | null {
  if (subscription === undefined) return null;
  return {
    subscription_details: {
      subscription,
      ...(subscriptionItem === undefined ? {} : { subscription_item: subscriptionItem }),
    },
    type: "subscription_details",
  };
}

/** The amount divided by the quantity, to twelve places. */
function perUnit(amount: number, quantity: number): Stripe.Decimal {
  if (quantity === 0) return decimal(0);
  return decimal(fromTrillionths(toTrillionths(amount) / BigInt(quantity)));
}
