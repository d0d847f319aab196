import type { Context } from "@/lib/context";
import { toSafeNumber } from "@/lib/db/safe-number";
import { countedWindows } from "@/lib/domain/counted-window";
import type { WindowUse } from "@/lib/domain/limit-reached";
import type { MeterTerms } from "@/lib/services/catalogue/get-catalogue";
import { type CustomerEntitlements, getEntitlements } from "@/lib/services/entitlements/get-entitlements";

export type MeterUsage = { meter: MeterTerms; windows: WindowUse[] };
export type CustomerUsage = { asOf: Date; meters: MeterUsage[]; entitlements: CustomerEntitlements };

/**
 * What a customer has used in the windows that are open at `ctx.now`, per meter. (S1-92, S1-111, S2-32)
 * @throws AppError `not_found`.
 */
export async function getUsage(
  ctx: Pick<Context, "db" | "now">,
  { customerId }: { customerId: string },
): Promise<CustomerUsage> {
  const entitlements = await getEntitlements(ctx, { customerId });
  const counters = await ctx.db.usageCounter.findMany({
    where: { customerId, windowStart: { lte: ctx.now }, windowEnd: { gt: ctx.now } },
  });
  const meters = entitlements.catalogue.meters
    .filter(
      ({ kind, key, isListed }) =>
        kind === "counter" && (isListed || entitlements.allowances.some(({ meter }) => meter === key)),
    )
    .map((meter) => ({
      meter,
      windows: countedWindows(meter.key, entitlements.allowances, entitlements.anchor, ctx.now).map(
        (window) => {
          const counter = counters.find(
            (row) =>
              row.meterKey === meter.key &&
              row.window === window.window &&
              row.windowStart.getTime() === window.start.getTime(),
          );
          return {
            ...window,
            used: toSafeNumber(counter?.used ?? 0n),
            held: toSafeNumber(counter?.held ?? 0n),
          };
        },
      ),
    }));
  return { asOf: ctx.now, meters, entitlements };
}
