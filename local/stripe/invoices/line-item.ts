import type Stripe from "stripe";
import { decimal } from "@/local/stripe/decimal";
import { newId } from "@/local/stripe/ids";
import { idOf } from "@/local/stripe/references";
import type { LineTerms } from "./line-terms";
import type { NewLine } from "./new-line";

/** A line as it stands on an invoice, before discounts and taxes are worked out. */
export function lineItemOf(line: NewLine, invoice: string | null): Stripe.InvoiceLineItem {
  return {
    // A preview's lines are never stored; their ids say so.
    id: newId(invoice === null ? "il_tmp" : "il"),
    object: "line_item",
    amount: line.amount,
    currency: line.currency,
    description: line.description,
    discount_amounts: [],
    discountable: line.discountable,
    discounts: line.discounts,
    invoice,
    livemode: false,
    metadata: line.metadata,
    parent: parentOf(line.source),
    period: { end: line.period.end, start: line.period.start },
    pretax_credit_amounts: [],
    pricing: pricingOf(line),
    quantity: line.quantity,
    quantity_decimal: line.quantity === null ? null : decimal(line.quantity),
    subscription: line.source.subscription,
    subtotal: line.amount,
    taxes: [],
  };
}

/** What the line does not show and computing it anew needs. */
export function lineTermsOf(line: NewLine): LineTerms {
  return {
    taxRates: line.taxRates,
    taxBehavior: line.taxBehavior ?? taxBehaviorOf(line.price),
  };
}

/** A price's tax behaviour; what has no price has none. */
export function taxBehaviorOf(price: Stripe.Price | null): LineTerms["taxBehavior"] {
  if (price?.tax_behavior === "inclusive") return "inclusive";
  return price?.tax_behavior === "exclusive" ? "exclusive" : "unspecified";
}

function pricingOf({ price, unitAmountDecimal }: NewLine): Stripe.InvoiceLineItem.Pricing | null {
  if (price === null && unitAmountDecimal === null) return null;
  return {
    ...(price === null ? {} : { price_details: { price: price.id, product: idOf(price.product) } }),
    type: "price_details",
    unit_amount_decimal: unitAmountDecimal,
  };
}

/** What belongs to a subscription's item names it, and the invoice item that carried it here if there was one. */
function parentOf(source: NewLine["source"]): Stripe.InvoiceLineItem.Parent {
  const { creditedItems: credited, proration, subscription, subscriptionItem } = source;
  const details = {
    proration,
    proration_details: {
      credited_items: credited && {
        invoice: credited.invoice,
        invoice_line_items: credited.invoiceLineItems,
      },
    },
    subscription,
  };
  const invoiceItem = source.type === "invoice_item" ? source.invoiceItem : null;
  if (subscriptionItem !== null) {
    return {
      invoice_item_details: null,
      subscription_item_details: {
        ...details,
        invoice_item: invoiceItem,
        subscription_item: subscriptionItem,
      },
      type: "subscription_item_details",
    };
  }
  if (invoiceItem === null) throw new Error("A line comes from a subscription's item or an invoice item.");
  return {
    invoice_item_details: { ...details, invoice_item: invoiceItem },
    subscription_item_details: null,
    type: "invoice_item_details",
  };
}
