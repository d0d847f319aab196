import type Stripe from "stripe";
import { decimal, fromTrillionths, multiplyRounded, toTrillionths } from "@/local/stripe/decimal";

/**
 * One charge on an invoice: a flat or per-unit price gives one, a graduated one may give one per tier (and one more for
 * its flat fee). Every amount is exact and rounded once, halves away from zero.
 */
export type PriceCharge = {
  amount: number;
  quantity: number;
  unitAmountDecimal: Stripe.Decimal | null;
  tier: { from: number; upTo: number | null; isFlatFee: boolean } | null;
};

/** The parts of a price that are shown only when expanded, and that amounts are made from. */
type Amounts = {
  unitAmountDecimal: Stripe.Decimal | null;
  tiers: readonly Stripe.Price.Tier[] | null;
};

/**
 * What a quantity of a price costs for one period, in minor units of the currency (the price's own unless another of
 * its `currency_options` is named). Stored prices show `tiers` and `currency_options` to nobody who does not expand
 * them, so the price goes through `withAmounts(context, price)` first wherever it may have either. A quantity with
 * decimals (usage) is given as a string.
 * https://docs.stripe.com/products-prices/pricing-models
 */
export function chargesOf(
  price: Stripe.Price,
  quantity: number | string,
  currency = price.currency,
): PriceCharge[] {
  const { tiers, unitAmountDecimal } = amountsIn(price, currency);
  if (price.billing_scheme !== "tiered") {
    const units = transformed(price.transform_quantity, quantity);
    return [perUnit(unitAmountDecimal ?? decimal(0), units, null)];
  }
  if (!tiers) throw new Error(`${price.id} came without its tiers; see withAmounts.`);
  return price.tiers_mode === "volume" ? volumeCharges(tiers, quantity) : graduatedCharges(tiers, quantity);
}

/** The sum of the charges. */
export function amountOfPrice(
  price: Stripe.Price,
  quantity: number | string,
  currency = price.currency,
): number {
  return chargesOf(price, quantity, currency).reduce((sum, charge) => sum + charge.amount, 0);
}

function amountsIn(price: Stripe.Price, currency: string): Amounts {
  if (currency === price.currency) {
    return { unitAmountDecimal: price.unit_amount_decimal, tiers: price.tiers ?? null };
  }
  const option = price.currency_options?.[currency];
  if (!option) throw new Error(`${price.id} has no amount in ${currency}; see withAmounts.`);
  return { unitAmountDecimal: option.unit_amount_decimal, tiers: option.tiers ?? null };
}

/** Packages: the quantity divided, then rounded to whole ones. */
function transformed(
  transform: Stripe.Price.TransformQuantity | null,
  quantity: number | string,
): number | string {
  if (!transform) return quantity;
  const units = toTrillionths(quantity);
  const divisor = toTrillionths(transform.divide_by);
  const whole = units / divisor;
  return Number(transform.round === "up" && units % divisor > 0n ? whole + 1n : whole);
}

/** Every unit at the price of the tier the whole quantity falls into, and that tier's flat fee. */
function volumeCharges(tiers: readonly Stripe.Price.Tier[], quantity: number | string): PriceCharge[] {
  const units = toTrillionths(quantity);
  const index = tiers.findIndex(({ up_to }) => up_to === null || units <= toTrillionths(up_to));
  const tier = tiers[index];
  if (!tier) return [];
  return chargesInTier(tier, { from: startOf(tiers, index), upTo: tier.up_to }, units);
}

/** Units fill the tiers from the first one on; a flat fee is due for every tier that is reached. */
function graduatedCharges(tiers: readonly Stripe.Price.Tier[], quantity: number | string): PriceCharge[] {
  const units = toTrillionths(quantity);
  return tiers.flatMap((tier, index) => {
    const below = toTrillionths(startOf(tiers, index) - 1);
    if (units <= below && index > 0) return [];
    const isLast = tier.up_to === null || units <= toTrillionths(tier.up_to);
    const top = isLast ? units : toTrillionths(tier.up_to ?? 0);
    return chargesInTier(tier, { from: startOf(tiers, index), upTo: tier.up_to }, top - below);
  });
}

function startOf(tiers: readonly Stripe.Price.Tier[], index: number): number {
  return (tiers[index - 1]?.up_to ?? 0) + 1;
}

function chargesInTier(
  tier: Stripe.Price.Tier,
  span: { from: number; upTo: number | null },
  units: bigint,
): PriceCharge[] {
  const flat = tier.flat_amount_decimal;
  const hasUnitPrice = tier.unit_amount_decimal !== null;
  return [
    ...(hasUnitPrice || flat === null
      ? [
          perUnit(tier.unit_amount_decimal ?? decimal(0), fromTrillionths(units), {
            ...span,
            isFlatFee: false,
          }),
        ]
      : []),
    ...(flat === null ? [] : [perUnit(flat, 1, { ...span, isFlatFee: true })]),
  ];
}

function perUnit(
  unitAmountDecimal: Stripe.Decimal,
  quantity: number | string,
  tier: PriceCharge["tier"],
): PriceCharge {
  return {
    amount: multiplyRounded(unitAmountDecimal, quantity),
    quantity: Number(quantity),
    unitAmountDecimal,
    tier,
  };
}
