import type Stripe from "stripe";
import { divideRounded, toTrillionths } from "@/local/stripe/decimal";

/** A line after its discounts, with the rates it is taxed at. */
export type TaxedLine = {
  amount: number;
  taxBehavior: "inclusive" | "exclusive" | "unspecified";
  rates: Stripe.TaxRate[];
};

export type LineTax = { rate: string; amount: number; taxableAmount: number; inclusive: boolean };

/**
 * The tax on one line, per rate, each rounded to the minor unit. A manual rate says itself whether it is inclusive; an
 * automatic one is as the price's tax behaviour says, exclusive where that says nothing. Inclusive tax is taken out of
 * the amount first, and exclusive tax is due on what remains, because tax is not taxed.
 * https://docs.stripe.com/tax/tax-rates
 */
export function lineTaxes(line: TaxedLine): LineTax[] {
  const rates = line.rates.map((rate) => ({
    id: rate.id,
    percent: toTrillionths(rate.percentage),
    isInclusive: isInclusive(rate, line.taxBehavior),
  }));
  const hundred = toTrillionths(100);
  const inclusivePercent = rates
    .filter(({ isInclusive }) => isInclusive)
    .reduce((sum, { percent }) => sum + percent, 0n);
  const amount = BigInt(line.amount);
  const inclusive = rates.map(({ isInclusive, percent }) =>
    isInclusive ? divideRounded(amount * percent, hundred + inclusivePercent) : 0,
  );
  const net = line.amount - inclusive.reduce((sum, tax) => sum + tax, 0);
  return rates.map(({ id, percent, isInclusive }, index) => ({
    rate: id,
    amount: isInclusive ? (inclusive[index] ?? 0) : divideRounded(BigInt(net) * percent, hundred),
    taxableAmount: net,
    inclusive: isInclusive,
  }));
}

/** Rates made by automatic tax have a `rate_type`; people's own have none. */
function isInclusive(rate: Stripe.TaxRate, behavior: TaxedLine["taxBehavior"]): boolean {
  return rate.rate_type === null ? rate.inclusive : behavior === "inclusive";
}
