import type { PlanPrice, PlanTerms } from "./catalogue";
import { intervalMonths, intervalName } from "./money";

/** An interval that something is sold by: "month", "quarter", "year". */
export type BillingInterval = { slug: string; name: string; months: number };

/** The intervals there are prices for, the shortest first: a switch offers no other. (K-04, S1-99) */
export function offeredIntervals(plans: readonly Pick<PlanTerms, "prices">[]): BillingInterval[] {
  const byMonths = new Map<number, BillingInterval>();
  for (const price of plans.flatMap(({ prices }) => prices)) {
    const months = intervalMonths(price);
    byMonths.set(months, { slug: intervalSlug(price), name: intervalName(price), months });
  }
  return [...byMonths.values()].sort((a, b) => a.months - b.months);
}

/** A plan's price by an interval; where it has none by that, its shortest. Null = it is not sold. */
export function priceForInterval(plan: Pick<PlanTerms, "prices">, slug: string | null): PlanPrice | null {
  const shortest = plan.prices.toSorted((a, b) => intervalMonths(a) - intervalMonths(b))[0] ?? null;
  return plan.prices.find((price) => intervalSlug(price) === slug) ?? shortest;
}

/** What a price saves against paying the plan's shortest interval over and over, in whole percent, rounded down. */
export function savingPercent(plan: Pick<PlanTerms, "prices">, price: PlanPrice): number {
  const { whole, paid } = costs(plan, price);
  return whole === 0 ? 0 : Math.max(0, Math.floor(((whole - paid) * 100) / whole));
}

/** The same in the currency's minor unit, over a year, rounded down. */
export function savingPerYearMinor(plan: Pick<PlanTerms, "prices">, price: PlanPrice): number {
  const { whole, paid, months } = costs(plan, price);
  return months === 0 ? 0 : Math.max(0, Math.floor(((whole - paid) * 12) / months));
}

/** How an interval is written in an address. */
export function intervalSlug(price: Pick<PlanPrice, "interval" | "intervalCount">): string {
  return intervalName(price).replaceAll(" ", "-");
}

/** What the shortest interval's price and another come to over the same time: the one's months times the other's. */
function costs(plan: Pick<PlanTerms, "prices">, price: PlanPrice) {
  const shortest = priceForInterval({ prices: plan.prices.filter(isIn(price.currency)) }, null);
  if (!shortest) return { whole: 0, paid: 0, months: 0 };
  return {
    whole: shortest.amountMinor * intervalMonths(price),
    paid: price.amountMinor * intervalMonths(shortest),
    months: intervalMonths(price) * intervalMonths(shortest),
  };
}

function isIn(currency: string): (price: PlanPrice) => boolean {
  return (price) => price.currency === currency;
}
