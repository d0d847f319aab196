import type Stripe from "stripe";
import type { Context } from "@/local/stripe/context";
import { decimal } from "@/local/stripe/decimal";
import { newId } from "@/local/stripe/ids";
import { formatInterval, formatMoney } from "@/local/stripe/money";
import { idOf } from "@/local/stripe/references";
import { findObject } from "@/local/stripe/store/store";
import { amountOf } from "@/local/stripe/subscriptions/start-subscription";

/** One invoice line per item for its current period; during a trial the lines are over nothing. */
export function subscriptionLines(
  context: Context,
  subscription: Stripe.Subscription,
): Stripe.InvoiceLineItem[] {
  const isTrial = subscription.status === "trialing";
  return subscription.items.data.map((item) => {
    const quantity = item.quantity ?? 1;
    const amount = isTrial ? 0 : amountOf(item.price, quantity);
    const product = findObject(context.store, "product", idOf(item.price.product))?.name ?? "subscription";
    return {
      id: newId("il"),
      object: "line_item",
      amount,
      currency: subscription.currency,
      description: isTrial ? `Trial period for ${product}` : describeLine(product, item.price, quantity),
      discount_amounts: [],
      discountable: true,
      discounts: [],
      invoice: null,
      livemode: false,
      metadata: subscription.metadata,
      parent: {
        invoice_item_details: null,
        subscription_item_details: {
          invoice_item: null,
          proration: false,
          proration_details: { credited_items: null },
          subscription: subscription.id,
          subscription_item: item.id,
        },
        type: "subscription_item_details",
      },
      period: { end: item.current_period_end, start: item.current_period_start },
      pretax_credit_amounts: [],
      pricing: {
        price_details: { price: item.price.id, product: idOf(item.price.product) },
        type: "price_details",
        unit_amount_decimal: isTrial ? decimal(0) : item.price.unit_amount_decimal,
      },
      quantity,
      quantity_decimal: decimal(quantity),
      subscription: subscription.id,
      subtotal: amount,
      taxes: [],
    };
  });
}

/** As Stripe words it: "1 × Community Pro (at $54.00 / every 3 months)". */
function describeLine(product: string, price: Stripe.Price, quantity: number): string {
  const interval = price.recurring ? formatInterval(price.recurring).replace(/^per /, "") : "once";
  return `${quantity} × ${product} (at ${formatMoney(price.unit_amount ?? 0, price.currency)} / ${interval})`;
}
