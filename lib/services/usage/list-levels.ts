import type { Context } from "@/lib/context";
import { NOBODY } from "@/lib/db/decide-uses";
import { toSafeNumber } from "@/lib/db/safe-number";
import type { MeterTerms } from "@/lib/services/catalogue/get-catalogue";
import { getEntitlements } from "@/lib/services/entitlements/get-entitlements";

/** How much of a gauge meter a customer has. */
export type Level = {
  meter: MeterTerms;
  level: number;
  /** Units that open reservations keep: whoever raises the level does so beside them. */
  held: number;
  /** Null = unlimited. */
  limit: number | null;
};

/**
 * The levels of a customer at `ctx.now`: of every gauge meter that is on sale or in the customer's plan.
 * @throws AppError `not_found`.
 */
export async function listLevels(
  ctx: Pick<Context, "db" | "now">,
  { customerId }: { customerId: string },
): Promise<Level[]> {
  const [{ catalogue, allowances }, counters] = await Promise.all([
    getEntitlements(ctx, { customerId }),
    ctx.db.usageCounter.findMany({ where: { customerId, userId: NOBODY, window: "lifetime" } }),
  ]);
  return catalogue.meters.flatMap((meter) => {
    const own = allowances.filter((allowance) => allowance.meter === meter.key);
    if (meter.kind !== "gauge" || (!meter.isListed && own.length === 0)) return [];
    const counter = counters.find(({ meterKey }) => meterKey === meter.key);
    const level = counter
      ? counter.used + counter.creditUnits + counter.overageUnits + counter.uncoveredUnits
      : 0n;
    // A meter that the plan does not include is not unlimited: there is none of it.
    const limit = own.length === 0 ? 0 : (own.find(({ window }) => window === "lifetime")?.amount ?? null);
    return [{ meter, level: toSafeNumber(level), held: toSafeNumber(counter?.held ?? 0n), limit }];
  });
}
