import type { PlanPrice } from "./catalogue";

/**
 * Money is an integer of the currency's minor unit. How many minor units make a major one is the currency's
 * own: 100 cents, 1 yen, 1,000 fils. Stripe counts the same way for every currency formatted here.
 */
export function formatMoney(amountMinor: number, currency: string, locale = "en-US"): string {
  const format = new Intl.NumberFormat(locale, { style: "currency", currency });
  const digits = format.resolvedOptions().maximumFractionDigits ?? 2;
  const major = amountMinor / 10 ** digits;
  // "$54" reads better than "$54.00", and "$18.50" must stay whole.
  const whole = Number.isInteger(major);
  return new Intl.NumberFormat(locale, {
    style: "currency",
    currency,
    minimumFractionDigits: whole ? 0 : digits,
    maximumFractionDigits: whole ? 0 : digits,
  }).format(major);
}

/** A price's months per charge: a quarter is 3, a year 12. */
export function intervalMonths(price: Pick<PlanPrice, "interval" | "intervalCount">): number {
  return price.interval === "year" ? price.intervalCount * 12 : price.intervalCount;
}

/** What a month of a price comes to, rounded to the minor unit. Shown as "equivalent", never charged. (K-04) */
export function monthEquivalentMinor(price: PlanPrice): number {
  return Math.round(price.amountMinor / intervalMonths(price));
}

/** "month", "quarter", "6 months", "year": what stands after "per". */
export function intervalName(price: Pick<PlanPrice, "interval" | "intervalCount">): string {
  const months = intervalMonths(price);
  if (months === 1) return "month";
  if (months === 3) return "quarter";
  if (months === 12) return "year";
  return months % 12 === 0 ? `${months / 12} years` : `${months} months`;
}
