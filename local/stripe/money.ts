import type Stripe from "stripe";
import { minorDigits } from "./currencies";

/** An amount in minor units as people write it, e.g. `formatMoney(5400, "usd")` is "$54.00". */
export function formatMoney(amountMinor: number, currency: string): string {
  const digits = minorDigits(currency.toLowerCase());
  return formatIn(currency, digits, digits).format(amountMinor / 10 ** digits);
}

/**
 * A price per unit, which may have more places than the currency: "$54.00", "$0.0002". The places are those of the
 * decimal, never fewer than the currency's own.
 */
export function formatUnitAmount(unitAmount: Stripe.Decimal | number, currency: string): string {
  const digits = minorDigits(currency.toLowerCase());
  const places = String(unitAmount).split(".")[1]?.length ?? 0;
  return formatIn(currency, digits, digits + places).format(Number(unitAmount) / 10 ** digits);
}

/** How often a price recurs: "per month", "every 3 months". */
export function formatInterval(recurring: { interval: string; interval_count: number }): string {
  const { interval, interval_count: count } = recurring;
  return count === 1 ? `per ${interval}` : `every ${count} ${interval}s`;
}

/** A price as people read it: "$54.00 every 3 months". */
export function formatPrice(price: Stripe.Price, quantity = 1): string {
  const amount = formatMoney((price.unit_amount ?? 0) * quantity, price.currency);
  return price.recurring ? `${amount} ${formatInterval(price.recurring)}` : amount;
}

/** Making a format takes longer than all else about an invoice line. */
const formats = new Map<string, Intl.NumberFormat>();

function formatIn(currency: string, minDigits: number, maxDigits: number): Intl.NumberFormat {
  const key = `${currency} ${minDigits} ${maxDigits}`;
  const known = formats.get(key);
  if (known) return known;
  const format = new Intl.NumberFormat("en-US", {
    style: "currency",
    currency: currency.toUpperCase(),
    minimumFractionDigits: minDigits,
    maximumFractionDigits: maxDigits,
  });
  formats.set(key, format);
  return format;
}

/** "1 Sep 2026", in UTC. */
export function formatDate(at: number): string {
  return new Date(at * 1000).toLocaleDateString("en-US", {
    day: "numeric",
    month: "short",
    year: "numeric",
    timeZone: "UTC",
  });
}
