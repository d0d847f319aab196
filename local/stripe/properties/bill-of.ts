import type Stripe from "stripe";
import { idOf } from "@/local/stripe/references";
import { plain } from "./life";

/** What a customer is charged and for what: everything of an invoice that a preview of it must already say. */
export function billOf(invoice: Stripe.Invoice) {
  return plain({
    currency: invoice.currency,
    billing_period: { start: invoice.period_start, end: invoice.period_end },
    lines: invoice.lines.data.map(billedLine),
    subtotal: invoice.subtotal,
    subtotal_excluding_tax: invoice.subtotal_excluding_tax,
    total: invoice.total,
    total_excluding_tax: invoice.total_excluding_tax,
    total_discount_amounts: (invoice.total_discount_amounts ?? []).map(({ amount }) => amount),
    total_taxes: invoice.total_taxes,
    starting_balance: invoice.starting_balance,
    amount_due: invoice.amount_due,
  });
}

/** A line without its ids: those of a preview belong to nothing. */
function billedLine(line: Stripe.InvoiceLineItem) {
  const item = line.parent?.subscription_item_details;
  return {
    amount: line.amount,
    subtotal: line.subtotal,
    description: line.description,
    currency: line.currency,
    discountable: line.discountable,
    discount_amounts: (line.discount_amounts ?? []).map(({ amount }) => amount),
    period: line.period,
    price: line.pricing?.price_details && idOf(line.pricing.price_details.price),
    unit_amount_decimal: line.pricing?.unit_amount_decimal,
    proration: item?.proration ?? null,
    quantity: line.quantity,
    taxes: line.taxes,
  };
}
