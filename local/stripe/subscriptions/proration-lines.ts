import type Stripe from "stripe";
import type { Context } from "@/local/stripe/context";
import { divideRounded } from "@/local/stripe/decimal";
import { activeDiscounts } from "@/local/stripe/discounts/active-discounts";
import { discountAmounts } from "@/local/stripe/discounts/discount-amounts";
import type { NewLine } from "@/local/stripe/invoices/new-line";
import { amountOfPrice } from "@/local/stripe/prices/price-amount";
import { withAmounts } from "@/local/stripe/prices/with-amounts";
import { idOf } from "@/local/stripe/references";
import { intervalOf, naturalPeriod, type Period } from "./item-periods";
import { isMetered } from "./metered-usage";
import { productName } from "./product-name";
import { creditFrom, isStanding } from "./record-debits";
import { type Debit, readSecrets } from "./secrets";

/**
 * The debit for a part of an item's period: its price for a whole period, discounts taken off, in proportion to the
 * seconds. https://docs.stripe.com/billing/subscriptions/prorations
 */
export function remainingLine(
  context: Context,
  subscription: Stripe.Subscription,
  item: Stripe.SubscriptionItem,
  period: Period,
): NewLine {
  const natural = naturalPeriod(subscription, item, period.start);
  const whole = BigInt(wholeAmount(context, subscription, item));
  const amount = divideRounded(
    whole * BigInt(period.end - period.start),
    BigInt(natural.end - natural.start),
  );
  const description = `Remaining time on ${describeItem(context, item)} after ${formatDay(period.start)}`;
  return prorationLine(subscription, item, { period, amount, description, credited: null });
}

/**
 * The credits for what was debited for items and lies after a moment: one for every debit, for its part. Flexible billing
 * reckons with what was really debited, not with the price of the day.
 * https://docs.stripe.com/billing/subscriptions/prorations#credit-prorations
 */
export function creditLines(
  context: Context,
  subscription: Stripe.Subscription,
  items: readonly Stripe.SubscriptionItem[],
  from: number,
): NewLine[] {
  const { debits } = readSecrets(context, subscription.id);
  return items.flatMap((item) => unusedLines(context, subscription, item, debits[item.id] ?? [], from));
}

function unusedLines(
  context: Context,
  subscription: Stripe.Subscription,
  item: Stripe.SubscriptionItem,
  debits: readonly Debit[],
  from: number,
): NewLine[] {
  const description = `Unused time on ${describeItem(context, item)} after ${formatDay(from)}`;
  return debits.flatMap((debit) => {
    if (debit.end <= from || !isStanding(context, debit)) return [];
    const amount = -creditFrom(debit, from);
    const period = { start: Math.max(from, debit.start), end: debit.end };
    return [prorationLine(subscription, item, { period, amount, description, credited: debit.on })];
  });
}

/**
 * What a whole period costs after the discounts that count now. An amount off is shared with the items that are billed
 * along with this one.
 * https://docs.stripe.com/billing/subscriptions/billing-mode/compare#proportional-discount-application-for-prorations
 */
function wholeAmount(
  context: Context,
  subscription: Stripe.Subscription,
  item: Stripe.SubscriptionItem,
): number {
  const { currency } = subscription;
  const of = (discounts: (string | Stripe.Discount)[]) =>
    activeDiscounts(context, discounts.map(idOf), context.now, currency);
  const others = subscription.items.data.filter(
    (other) => other.id !== item.id && !isMetered(other) && intervalOf(other) === intervalOf(item),
  );
  const lines = [item, ...others].map((each) => ({
    amount: amountOfPrice(withAmounts(context, each.price), each.quantity ?? 1, currency),
    discountable: true,
    product: idOf(each.price.product),
    ownDiscounts: of(each.discounts),
  }));
  const [taken = []] = discountAmounts(lines, of(subscription.discounts));
  return (lines[0]?.amount ?? 0) - taken.reduce((sum, discount) => sum + discount.amount, 0);
}

/** Discounts are in the amount already, so none touches the line. */
function prorationLine(
  subscription: Stripe.Subscription,
  item: Stripe.SubscriptionItem,
  line: { period: Period; amount: number; description: string; credited: Debit["on"] | null },
): NewLine {
  const { credited } = line;
  return {
    amount: line.amount,
    currency: subscription.currency,
    description: line.description,
    period: line.period,
    quantity: item.quantity ?? 1,
    price: item.price,
    unitAmountDecimal: null,
    discountable: false,
    discounts: [],
    taxRates: (item.tax_rates ?? []).map(idOf),
    metadata: subscription.metadata,
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

/** "2 × Community Pro"; a single one goes without its number. */
function describeItem(context: Context, { price, quantity = 1 }: Stripe.SubscriptionItem): string {
  const name = productName(context, price);
  return quantity === 1 ? name : `${quantity} × ${name}`;
}

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** "01 Sep 2020", in UTC. */
function formatDay(at: number): string {
  const date = new Date(at * 1000);
  const day = String(date.getUTCDate()).padStart(2, "0");
  return `${day} ${MONTHS[date.getUTCMonth()]} ${date.getUTCFullYear()}`;
}
