import type Stripe from "stripe";
import type { Context } from "@/local/stripe/context";
import type { NewLine } from "@/local/stripe/invoices/new-line";
import { idOf } from "@/local/stripe/references";
import { findObject, readHidden } from "@/local/stripe/store/store";

/** The line an invoice item becomes on an invoice. https://docs.stripe.com/api/invoice-line-item/object */
export function lineOfItem(context: Context, item: Stripe.InvoiceItem): NewLine {
  const priceReference = item.pricing?.price_details?.price;
  const details = item.parent?.subscription_details;
  return {
    amount: item.amount,
    currency: item.currency,
    description: item.description ?? "",
    period: item.period,
    quantity: item.quantity,
    price: priceReference ? findObject(context.store, "price", idOf(priceReference)) : null,
    unitAmountDecimal: item.pricing?.unit_amount_decimal ?? null,
    discountable: item.discountable,
    discounts: (item.discounts ?? []).map(idOf),
    taxRates: (item.tax_rates ?? []).map(({ id }) => id),
    taxBehavior: readHidden(context.store, "invoiceitem", item.id).taxBehavior,
    metadata: item.metadata ?? {},
    source: {
      type: "invoice_item",
      invoiceItem: item.id,
      subscription: details?.subscription ?? null,
      subscriptionItem: details?.subscription_item ?? null,
      proration: item.proration,
      creditedItems: creditedLines(item),
    },
  };
}

/** A line names lines only; an item may also credit an item that no invoice has taken up. */
function creditedLines({ proration_details: details }: Stripe.InvoiceItem) {
  const lines = details?.credited_items?.invoice_line_item_details;
  return lines ? { invoice: lines.invoice, invoiceLineItems: lines.invoice_line_items } : null;
}
