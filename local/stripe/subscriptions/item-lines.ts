import type Stripe from "stripe";
import type { Context } from "@/local/stripe/context";
import { decimal } from "@/local/stripe/decimal";
import type { NewLine } from "@/local/stripe/invoices/new-line";
import { formatInterval, formatUnitAmount } from "@/local/stripe/money";
import { chargesOf, type PriceCharge } from "@/local/stripe/prices/price-amount";
import { withAmounts } from "@/local/stripe/prices/with-amounts";
import { idOf } from "@/local/stripe/references";
import { naturalPeriod, type Period } from "./item-periods";
import { isMetered, unbilledUsage } from "./metered-usage";
import { productName } from "./product-name";
import { remainingLine } from "./proration-lines";

/**
 * An item's lines for its current period, which is billed in advance: one for a flat price, one per tier otherwise. A
 * period shorter than the price's interval is billed in part. Metered items are billed afterwards and have none.
 * https://docs.stripe.com/billing/invoices/subscription
 */
export function periodLines(
  context: Context,
  subscription: Stripe.Subscription,
  item: Stripe.SubscriptionItem,
): NewLine[] {
  if (isMetered(item)) return [];
  const period = { start: item.current_period_start, end: item.current_period_end };
  const natural = naturalPeriod(subscription, item, period.start);
  if (period.end - period.start < natural.end - natural.start) {
    return [remainingLine(context, subscription, item, period)];
  }
  return chargeLines(context, subscription, item, period, item.quantity ?? 1);
}

/**
 * A trial's line is over nothing.
 * https://docs.stripe.com/billing/subscriptions/billing-mode/compare#standardize-trial-period-line-item-description
 */
export function trialLine(
  context: Context,
  subscription: Stripe.Subscription,
  item: Stripe.SubscriptionItem,
): NewLine[] {
  if (isMetered(item)) return [];
  const period = { start: item.current_period_start, end: item.current_period_end };
  return [freeLine(context, subscription, item, period, item.quantity ?? 1)];
}

/** What a metered item used and was not billed for yet. https://docs.stripe.com/billing/subscriptions/usage-based */
export function usageLines(
  context: Context,
  subscription: Stripe.Subscription,
  item: Stripe.SubscriptionItem,
  until = item.current_period_end,
): NewLine[] {
  if (!isMetered(item)) return [];
  const { quantity, period } = unbilledUsage(context, subscription, item, until);
  return chargeLines(context, subscription, item, period, quantity);
}

/** What a metered item used up to now, where it goes or gets another price before its period is over. */
export function usageSoFar(
  context: Context,
  subscription: Stripe.Subscription,
  item: Stripe.SubscriptionItem,
): NewLine[] {
  return usageLines(context, subscription, item, context.now).filter(({ amount }) => amount !== 0);
}

/**
 * What a metered item used during its trial, which is not billed.
 * https://docs.stripe.com/billing/subscriptions/trials/free-trials#trials-with-usage-based-billing
 */
export function trialUsageLine(
  context: Context,
  subscription: Stripe.Subscription,
  item: Stripe.SubscriptionItem,
): NewLine[] {
  if (!isMetered(item)) return [];
  const { quantity, period } = unbilledUsage(context, subscription, item, item.current_period_end);
  return [freeLine(context, subscription, item, period, Number(quantity))];
}

function chargeLines(
  context: Context,
  subscription: Stripe.Subscription,
  item: Stripe.SubscriptionItem,
  period: Period,
  quantity: number | string,
): NewLine[] {
  const name = productName(context, item.price);
  return chargesOf(withAmounts(context, item.price), quantity, subscription.currency).map((charge) =>
    lineOf(subscription, item, period, charge, describeCharge(name, item.price, charge)),
  );
}

function freeLine(
  context: Context,
  subscription: Stripe.Subscription,
  item: Stripe.SubscriptionItem,
  period: Period,
  quantity: number,
): NewLine {
  const charge = { amount: 0, quantity, unitAmountDecimal: decimal(0) };
  const description = `Free trial for ${quantity} × ${productName(context, item.price)}`;
  return lineOf(subscription, item, period, charge, description);
}

function lineOf(
  subscription: Stripe.Subscription,
  item: Stripe.SubscriptionItem,
  period: Period,
  charge: Omit<PriceCharge, "tier">,
  description: string,
): NewLine {
  return {
    amount: charge.amount,
    currency: subscription.currency,
    description,
    period,
    quantity: charge.quantity,
    price: item.price,
    unitAmountDecimal: charge.unitAmountDecimal,
    discountable: true,
    discounts: item.discounts.map(idOf),
    taxRates: (item.tax_rates ?? []).map(idOf),
    metadata: subscription.metadata,
    source: {
      type: "subscription_item",
      subscription: subscription.id,
      subscriptionItem: item.id,
      proration: false,
      creditedItems: null,
    },
  };
}

/** As Stripe words it: "1 × Community Pro (at $54.00 / every 3 months)", with the tier it falls into. */
function describeCharge(
  product: string,
  price: Stripe.Price,
  { quantity, unitAmountDecimal, tier }: PriceCharge,
): string {
  const interval = price.recurring ? formatInterval(price.recurring).replace(/^per /, "") : "once";
  const unit = formatUnitAmount(unitAmountDecimal ?? decimal(0), price.currency);
  const tierName = tier ? `Tier ${tier.from === 1 ? 1 : `from ${tier.from}`} ` : "";
  if (tier?.isFlatFee) return `${product} (${tierName}flat fee at ${unit} / ${interval})`;
  return `${quantity} × ${product} (${tierName}at ${unit} / ${interval})`;
}
