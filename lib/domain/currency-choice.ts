import type { PlanPrice, PlanTerms } from "./catalogue";
import { isKnownCurrency } from "./currency";

/**
 * In which currency prices are shown and paid. Whoever has paid once keeps that currency; others may ask for any that
 * something is sold in, and get the catalogue's own where they ask for none, or for another.
 */
export type CurrencyChoice = {
  currency: string;
  /** Why it is this one, where that is not what was asked for. */
  note: string | null;
};

/** The currencies that plans are sold in, the catalogue's own first. A choice is offered where there are several. */
export function soldCurrencies({ currency, plans }: Sold): string[] {
  const others = plans.flatMap(({ prices }) => prices.map((price) => price.currency));
  return [...new Set([currency, ...others.sort()])];
}

/**
 * @param asked as it stands in an address, so possibly anything
 * @param kept the currency of the customer's first purchase
 */
export function chooseCurrency(
  sold: readonly string[],
  { asked, kept }: { asked?: string | null | undefined; kept?: string | null | undefined },
): CurrencyChoice {
  const [own = "usd"] = sold;
  const wanted = asked?.toLowerCase();
  if (kept && sold.includes(kept)) {
    const isPlain = sold.length === 1 && (wanted === undefined || wanted === kept);
    return { currency: kept, note: isPlain ? null : keptWords(kept) };
  }
  if (wanted === undefined || sold.includes(wanted)) return { currency: wanted ?? own, note: null };
  const named = isKnownCurrency(wanted) ? wanted.toUpperCase() : "that currency";
  return {
    currency: own,
    note: `Nothing is sold in ${named} here, so prices are in ${own.toUpperCase()}.`,
  };
}

/** A plan's prices in a currency; where it has none in that, all it has, and the price itself says which. */
export function pricesIn(plan: Pick<PlanTerms, "prices">, currency: string): PlanPrice[] {
  const own = plan.prices.filter((price) => price.currency === currency);
  return own.length > 0 ? own : plan.prices;
}

function keptWords(kept: string): string {
  return `Prices are in ${kept.toUpperCase()}: an account keeps the currency of its first purchase.`;
}

type Sold = { currency: string; plans: readonly Pick<PlanTerms, "prices">[] };
