import type Stripe from "stripe";
import { divideRounded, toTrillionths } from "@/local/stripe/decimal";

/** A line of an invoice as discounts see it. Its own discounts come before the invoice's. */
export type DiscountedLine = {
  amount: number;
  discountable: boolean;
  product: string | null;
  ownDiscounts: AppliedDiscount[];
};

/** A discount with what it takes off; `coupon.amount_off` is in the currency of the invoice. */
export type AppliedDiscount = { discount: string; coupon: Stripe.Coupon; appliesTo: string[] | null };

/**
 * What discounts take off each line, in the order they are given: a line's own first, then the invoice's. Each works on
 * what the ones before left over, so percentages multiply. An amount is spread over the lines in proportion to what is
 * left of them, the last line taking the remainder. No line goes below zero, and credits (negative lines) get nothing.
 * https://docs.stripe.com/billing/subscriptions/coupons
 */
export function discountAmounts(
  lines: DiscountedLine[],
  invoiceDiscounts: AppliedDiscount[],
): { discount: string; amount: number }[][] {
  const left = lines.map((line) => line.amount);
  const taken: { discount: string; amount: number }[][] = lines.map(() => []);

  const apply = (applied: AppliedDiscount, indexes: number[]): void => {
    const eligible = indexes.filter((index) => canDiscount(lines[index], applied));
    const amounts = amountsOff(
      applied.coupon,
      eligible.map((index) => Math.max(0, left[index] ?? 0)),
    );
    eligible.forEach((index, position) => {
      const amount = amounts[position] ?? 0;
      left[index] = (left[index] ?? 0) - amount;
      taken[index]?.push({ discount: applied.discount, amount });
    });
  };

  lines.forEach((line, index) => {
    for (const applied of line.ownDiscounts) apply(applied, [index]);
  });
  for (const applied of invoiceDiscounts) apply(applied, [...lines.keys()]);
  return taken;
}

function canDiscount(line: DiscountedLine | undefined, { appliesTo }: AppliedDiscount): boolean {
  if (!line?.discountable || line.amount <= 0) return false;
  return appliesTo === null || (line.product !== null && appliesTo.includes(line.product));
}

function amountsOff(coupon: Stripe.Coupon, bases: number[]): number[] {
  if (coupon.percent_off !== null) {
    const percent = toTrillionths(coupon.percent_off);
    return bases.map((base) => divideRounded(BigInt(base) * percent, toTrillionths(100)));
  }
  return spread(coupon.amount_off ?? 0, bases);
}

/** At most the bases themselves; shares are rounded down but the last, which takes what is then missing. */
function spread(amountOff: number, bases: number[]): number[] {
  const total = bases.reduce((sum, base) => sum + base, 0);
  const wanted = Math.min(amountOff, total);
  const shares = bases.map((base) =>
    total === 0 ? 0 : Number((BigInt(wanted) * BigInt(base)) / BigInt(total)),
  );
  let missing = wanted - shares.reduce((sum, share) => sum + share, 0);
  for (let index = shares.length - 1; index >= 0 && missing > 0; index -= 1) {
    const room = Math.min(missing, (bases[index] ?? 0) - (shares[index] ?? 0));
    shares[index] = (shares[index] ?? 0) + room;
    missing -= room;
  }
  return shares;
}
