import type { Prisma } from "@/lib/db/generated/client";
import { toSafeNumber } from "@/lib/db/safe-number";
import type { Overage, PlanTerms } from "@/lib/domain/catalogue";

/** What has to be read to know a plan version's terms. */
export const PLAN_VERSION_INCLUDE = {
  plan: true,
  prices: { orderBy: [{ interval: "asc" }, { intervalCount: "asc" }, { currency: "asc" }] },
  allowances: true,
  overage: { orderBy: { fromUnit: "asc" } },
  features: true,
} satisfies Prisma.PlanVersionInclude;

export type PlanVersionRow = Prisma.PlanVersionGetPayload<{ include: typeof PLAN_VERSION_INCLUDE }>;

export function toPlanTerms(row: PlanVersionRow): PlanTerms {
  return {
    planVersionId: row.id,
    slug: row.plan.slug,
    version: row.version,
    name: row.name,
    tagline: row.tagline,
    rank: row.plan.rank,
    availability: row.plan.availability,
    isPopular: row.isPopular,
    billingModels: row.billingModels,
    seats: row.seats,
    trial: row.trialDays === null ? null : { days: row.trialDays, requiresCard: row.trialRequiresCard },
    prices: row.prices.map(({ id, interval, intervalCount, currency, amountMinor }) => ({
      id,
      interval,
      intervalCount,
      currency,
      amountMinor,
    })),
    allowances: row.allowances.map(({ meterKey, window, amount, beyond }) => ({
      meter: meterKey,
      window,
      amount: amount === null ? null : toSafeNumber(amount),
      beyond,
    })),
    overage: toOverage(row.overage),
    // Written by publishCatalogue from a parsed catalogue: true, false, a number or a text.
    features: Object.fromEntries(
      row.features.map(({ featureKey, value }) => [featureKey, value as PlanTerms["features"][string]]),
    ),
  };
}

/** @param tiers in the order of their first units */
function toOverage(tiers: PlanVersionRow["overage"]): Overage[] {
  const meters = [...new Set(tiers.map(({ meterKey }) => meterKey))];
  return meters.map((meter) => {
    const own = tiers.filter(({ meterKey }) => meterKey === meter);
    return {
      meter,
      tiers: own.map(({ unitAmountMinor }, index) => {
        const next = own[index + 1];
        return { upTo: next ? toSafeNumber(next.fromUnit) - 1 : null, unitAmountMinor };
      }),
    };
  });
}
