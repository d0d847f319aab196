import type { Context } from "@/lib/context";
import { NOBODY } from "@/lib/db/decide-uses";
import { toSafeNumber } from "@/lib/db/safe-number";
import { countedWindows } from "@/lib/domain/counted-window";
import type { WindowUse } from "@/lib/domain/limit-reached";
import { windowInProgress } from "@/lib/domain/period";
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
  const [entitlements, counters] = await Promise.all([
    getEntitlements(ctx, { customerId }),
    // Of each window the last that has begun: it is in progress, or the next begins where it ended.
    ctx.db.usageCounter.findMany({
      where: { customerId, userId: NOBODY, windowStart: { lte: ctx.now } },
      orderBy: { windowStart: "desc" },
      distinct: ["meterKey", "window"],
    }),
  ]);
  const meters = entitlements.catalogue.meters
    .filter(
      ({ kind, key, isListed }) =>
        kind === "counter" && (isListed || entitlements.allowances.some(({ meter }) => meter === key)),
    )
    .map((meter) => ({
      meter,
      windows: countedWindows(meter.key, entitlements.allowances, entitlements.anchor, ctx.now).map(
        (window) => {
          const counter = counters.find((row) => row.meterKey === meter.key && row.window === window.window);
          const last = counter && { start: counter.windowStart, end: counter.windowEnd };
          const { start, end } = windowInProgress(window.window, last ?? null, window, ctx.now);
          const isCounted = counter?.windowStart.getTime() === start.getTime();
          return {
            ...window,
            start,
            end,
            used: toSafeNumber(isCounted ? counter.used : 0n),
            held: toSafeNumber(isCounted ? counter.held : 0n),
            beyond: toSafeNumber(
              isCounted ? counter.creditUnits + counter.overageUnits + counter.uncoveredUnits : 0n,
            ),
          };
        },
      ),
    }));
  return { asOf: ctx.now, meters, entitlements };
}
