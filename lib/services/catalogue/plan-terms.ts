import type { Prisma } from "@/lib/db/generated/client";
import { toSafeNumber } from "@/lib/db/safe-number";
import type { PlanTerms } from "@/lib/domain/catalogue";

/** What has to be read to know a plan version's terms. */
export const PLAN_VERSION_INCLUDE = {
  plan: true,
  prices: { orderBy: [{ interval: "asc" }, { intervalCount: "asc" }] },
  allowances: true,
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
    // Written by publishCatalogue from a parsed catalogue: true, false, a number or a text.
    features: Object.fromEntries(
      row.features.map(({ featureKey, value }) => [featureKey, value as PlanTerms["features"][string]]),
    ),
  };
}
