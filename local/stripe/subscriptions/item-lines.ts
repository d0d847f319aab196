import type Stripe from "stripe";
import type { Context } from "@/local/stripe/context";
import { decimal, divideRounded } from "@/local/stripe/decimal";
import { activeDiscounts } from "@/local/stripe/discounts/active-discounts";
import { discountAmounts } from "@/local/stripe/discounts/discount-amounts";
import type { NewLine } from "@/local/stripe/invoices/new-line";
import { formatInterval, formatUnitAmount } from "@/local/stripe/money";
import { chargesOf, type PriceCharge } from "@/local/stripe/prices/price-amount";
import { withAmounts } from "@/local/stripe/prices/with-amounts";
import { idOf } from "@/local/stripe/references";
import { findObject } from "@/local/stripe/store/store";
import { periodAt } from "./billing-period";
import { isMetered, usageOf } from "./metered-usage";
import type { Debit } from "./secrets";

type Period = { start: number; end: number };

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
    return [remainingLine(context, subscription, item, period.start, period.end)];
  }
  const name = productName(context, item.price);
  return charges(context, subscription, item, item.quantity ?? 1).map((charge) =>
    lineOf(subscription, item, period, charge, describeCharge(name, item.price, charge)),
  );
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
  const charge = { amount: 0, quantity: item.quantity ?? 1, unitAmountDecimal: decimal(0), tier: null };
  const description = `Free trial for ${charge.quantity} × ${productName(context, item.price)}`;
  return [lineOf(subscription, item, period, charge, description)];
}

/** What a metered item used in a stretch of time. https://docs.stripe.com/billing/subscriptions/usage-based */
export function usageLines(
  context: Context,
  subscription: Stripe.Subscription,
  item: Stripe.SubscriptionItem,
  period: Period,
): NewLine[] {
  if (!isMetered(item)) return [];
  return usageOf(context, subscription, item, period).flatMap((used) => {
    const name = productName(context, used.price);
    const priced = { ...item, price: used.price };
    return charges(context, subscription, priced, used.quantity).map((charge) =>
      lineOf(subscription, priced, used.period, charge, describeCharge(name, used.price, charge)),
    );
  });
}

/**
 * The debit for what remains of an item's period: its price for a whole period, discounts taken off, in proportion to the
 * seconds left. https://docs.stripe.com/billing/subscriptions/prorations
 */
export function remainingLine(
  context: Context,
  subscription: Stripe.Subscription,
  item: Stripe.SubscriptionItem,
  from: number,
  until = item.current_period_end,
): NewLine {
  const natural = naturalPeriod(subscription, item, from);
  const amount = inProportion(
    wholeAmount(context, subscription, item),
    until - from,
    natural.end - natural.start,
  );
  return prorationLine(
    subscription,
    item,
    { start: from, end: until },
    amount,
    `Remaining time on ${quantityPrefix(item)}${productName(context, item.price)} after ${formatDay(from)}`,
    null,
  );
}

/**
 * The credits for what was debited for an item and has not passed: one for every debit, for the part of its time that
 * lies ahead. https://docs.stripe.com/billing/subscriptions/prorations#credit-prorations
 */
export function unusedLines(
  context: Context,
  subscription: Stripe.Subscription,
  item: Stripe.SubscriptionItem,
  debits: readonly Debit[],
  from: number,
): NewLine[] {
  return debits.flatMap((debit) => {
    const start = Math.max(from, debit.start);
    if (debit.end <= start || debit.amount <= 0) return [];
    const amount = inProportion(debit.amount, debit.end - start, debit.end - debit.start);
    return [
      prorationLine(
        subscription,
        item,
        { start, end: debit.end },
        -amount,
        `Unused time on ${quantityPrefix(item)}${productName(context, item.price)} after ${formatDay(from)}`,
        debit.on,
      ),
    ];
  });
}

/** The period of the price's own length around a moment, aligned with the anchor. */
export function naturalPeriod(
  subscription: Stripe.Subscription,
  item: Stripe.SubscriptionItem,
  moment: number,
): Period {
  const { recurring } = item.price;
  if (!recurring) throw new Error(`The price ${item.price.id} does not recur.`);
  return periodAt(subscription.billing_cycle_anchor, recurring, moment);
}

/** What a whole period costs after the discounts that count now. */
function wholeAmount(
  context: Context,
  subscription: Stripe.Subscription,
  item: Stripe.SubscriptionItem,
): number {
  const amount = charges(context, subscription, item, item.quantity ?? 1).reduce(
    (sum, charge) => sum + charge.amount,
    0,
  );
  const { currency } = subscription;
  const of = (discounts: (string | Stripe.Discount)[]) =>
    activeDiscounts(context, discounts.map(idOf), context.now, currency);
  const line = {
    amount,
    discountable: true,
    product: idOf(item.price.product),
    ownDiscounts: of(item.discounts),
  };
  const [taken = []] = discountAmounts([line], of(subscription.discounts));
  return amount - taken.reduce((sum, discount) => sum + discount.amount, 0);
}

function charges(
  context: Context,
  subscription: Stripe.Subscription,
  item: Stripe.SubscriptionItem,
  quantity: number | string,
): PriceCharge[] {
  return chargesOf(withAmounts(context, item.price), quantity, subscription.currency);
}

function inProportion(amount: number, part: number, whole: number): number {
  return divideRounded(BigInt(amount) * BigInt(part), BigInt(whole));
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

/** Discounts are in the amount already, so none touches the line. */
function prorationLine(
  subscription: Stripe.Subscription,
  item: Stripe.SubscriptionItem,
  period: Period,
  amount: number,
  description: string,
  credited: Debit["on"] | null,
): NewLine {
  const charge = { amount, quantity: item.quantity ?? 1, unitAmountDecimal: null };
  const line = lineOf(subscription, item, period, charge, description);
  return {
    ...line,
    discountable: false,
    discounts: [],
    source: {
      type: "subscription_item",
      subscription: subscription.id,
      subscriptionItem: item.id,
      proration: true,
      creditedItems:
        credited && "invoice" in credited
          ? { invoice: credited.invoice, invoiceLineItems: [credited.line] }
          : null,
      ...(credited && "invoiceItem" in credited ? { creditedInvoiceItem: credited.invoiceItem } : {}),
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

function productName(context: Context, price: Stripe.Price): string {
  return findObject(context.store, "product", idOf(price.product))?.name ?? "subscription";
}

function quantityPrefix({ quantity = 1 }: Stripe.SubscriptionItem): string {
  return quantity === 1 ? "" : `${quantity} × `;
}

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** "01 Sep 2020", in UTC. */
function formatDay(at: number): string {
  const date = new Date(at * 1000);
  const day = String(date.getUTCDate()).padStart(2, "0");
  return `${day} ${MONTHS[date.getUTCMonth()]} ${date.getUTCFullYear()}`;
}
