import type { PlanPrice } from "./catalogue";

/**
 * Money is an integer of the currency's minor unit. How many minor units make a major one is what Stripe says, whose
 * amounts these are: 100 cents, 1 yen, 1,000 fils. `Intl` is not asked, because it knows how prices are written in
 * shops: it gives forints and rupiah no decimals where Stripe counts hundredths, and its lists change with the browser.
 */
export function formatMoney(amountMinor: number, currency: string, locale = "en-US"): string {
  const digits = minorDigits(currency);
  // "$54" reads better than "$54.00", and "$18.50" must stay whole.
  const shown = amountMinor % 10 ** digits === 0 ? 0 : digits;
  const format = new Intl.NumberFormat(locale, {
    style: "currency",
    currency,
    minimumFractionDigits: shown,
    maximumFractionDigits: shown,
  });
  // A decimal text is formatted digit by digit, where a division would round. An integer before "e-2" is a number's text.
  return format.format(`${amountMinor}e-${digits}` as `${number}`);
}

/**
 * How many digits of an amount stand behind the point: two but for Stripe's lists. ISK and UGX have no coins and are on
 * neither, since Stripe takes them in hundredths that must be full hundreds; HUF and TWD are whole in payouts alone.
 * https://docs.stripe.com/currencies#zero-decimal, #three-decimal, #special-cases
 */
export function minorDigits(currency: string): 0 | 2 | 3 {
  const code = currency.toLowerCase();
  if (ZERO_DECIMAL.has(code)) return 0;
  return THREE_DECIMAL.has(code) ? 3 : 2;
}

const ZERO_DECIMAL = new Set("bif clp djf gnf jpy kmf krw mga pyg rwf vnd vuv xaf xof xpf".split(" "));
const THREE_DECIMAL = new Set("bhd jod kwd omr tnd".split(" "));

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
