import type Stripe from "stripe";
import type { Context } from "@/local/stripe/context";
import type { DiscountParam } from "@/local/stripe/discounts/discount-params";
import { newId } from "@/local/stripe/ids";
import { idOf } from "@/local/stripe/references";
import type { Period } from "./item-periods";

export type NewItem = {
  price: Stripe.Price;
  quantity: number;
  /** Whether somebody named the quantity, which a metered price does not take. */
  hasQuantity?: boolean;
  /** Whether the price need not be active: it was made in passing, or was promised while it was. */
  mayBeInactive?: boolean;
  metadata: Record<string, string>;
  discounts?: DiscountParam[];
  taxRates?: Stripe.TaxRate[];
};

/** A new item in the given period. A metered one has no quantity. */
export function buildItem(
  context: Context,
  subscription: string,
  item: NewItem,
  period: Period,
): Stripe.SubscriptionItem {
  const { price } = item;
  if (!price.recurring) throw new Error(`The price ${price.id} does not recur.`);
  return {
    id: newId("si"),
    object: "subscription_item",
    billing_thresholds: null,
    created: context.now,
    current_period_end: period.end,
    current_period_start: period.start,
    current_trial: null,
    discounts: [],
    metadata: item.metadata,
    plan: planOf(price, price.recurring),
    price,
    ...(price.recurring.usage_type === "metered" ? {} : { quantity: item.quantity }),
    subscription,
    tax_rates: item.taxRates ?? [],
  };
}

/**
 * An item with another price, and all that shows the price. The quantity goes back to 1.
 * https://docs.stripe.com/billing/subscriptions/change-price#changing
 */
export function withPrice(item: Stripe.SubscriptionItem, price: Stripe.Price): Stripe.SubscriptionItem {
  if (!price.recurring) throw new Error(`The price ${price.id} does not recur.`);
  const { quantity: _old, ...rest } = item;
  const isMetered = price.recurring.usage_type === "metered";
  return {
    ...rest,
    plan: planOf(price, price.recurring),
    price,
    ...(isMetered ? {} : { quantity: 1 }),
  };
}

/** The legacy view of a price, which items still carry. */
function planOf(price: Stripe.Price, recurring: Stripe.Price.Recurring): Stripe.Plan {
  return {
    id: price.id,
    object: "plan",
    active: price.active,
    amount: price.unit_amount,
    amount_decimal: price.unit_amount_decimal,
    billing_scheme: price.billing_scheme,
    created: price.created,
    currency: price.currency,
    interval: recurring.interval,
    interval_count: recurring.interval_count,
    livemode: false,
    metadata: price.metadata,
    meter: recurring.meter,
    nickname: price.nickname,
    product: idOf(price.product),
    tiers_mode: price.tiers_mode,
    transform_usage: price.transform_quantity,
    trial_period_days: null,
    usage_type: recurring.usage_type,
  };
}
