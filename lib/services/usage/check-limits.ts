import type { Context } from "@/lib/context";
import type { WindowUse } from "@/lib/domain/limit-reached";
import { windowAt } from "@/lib/domain/period";
import type { UpgradeSuggestion } from "@/lib/domain/upgrade-suggestion";
import { readCustomerFacts } from "@/lib/services/entitlements/customer-facts";
import { findSuggestion } from "./find-suggestion";
import { getUsage } from "./get-usage";
import { listLevels } from "./list-levels";

export type LimitWarning = {
  meter: string;
  window: WindowUse & { limit: number };
  /** The catalogue's highest share that is reached, and what it says there. */
  percent: number;
  text: string;
};

export type LimitCheck = {
  asOf: Date;
  plan: string;
  /** The fullest first. */
  warnings: LimitWarning[];
  /** The cheapest way to go on as now; null = nothing is near its limit, or there is no better way. */
  suggestion: UpgradeSuggestion | null;
};

/**
 * Which limits are near or reached, in the catalogue's words, and the cheapest way on. Open holds count as used. Writes
 * nothing. (S3-16, S3-44, S3-45)
 * @throws AppError `not_found`.
 */
export async function checkLimits(
  ctx: Pick<Context, "db" | "now">,
  { customerId }: { customerId: string },
): Promise<LimitCheck> {
  const [usage, levels] = await Promise.all([getUsage(ctx, { customerId }), listLevels(ctx, { customerId })]);
  const { entitlements } = usage;
  const forever = windowAt("lifetime", entitlements.anchor, ctx.now);
  const meters = [
    ...usage.meters.map(({ meter, windows }) => ({ meter: meter.key, windows })),
    ...levels.map(({ meter, level, held, limit }) => ({
      meter: meter.key,
      windows: [{ window: "lifetime" as const, ...forever, limit, used: level, held, beyond: 0 }],
    })),
  ];
  const warnings = meters
    .flatMap(({ meter, windows }) =>
      windows.flatMap((window) => warningOf(meter, window, entitlements.policy.warnings)),
    )
    .sort((a, b) => shareOf(b.window) - shareOf(a.window));
  const uses = meters
    .filter(({ meter }) => warnings.some((warning) => warning.meter === meter))
    // Of what is used up, at least one more is wanted.
    .map(({ meter, windows }) => ({ meter, windows, asked: windows.some(isFull) ? 1 : 0 }));
  const facts = await readCustomerFacts(ctx, entitlements.catalogue, customerId);
  const suggestion =
    uses.length === 0 ? null : findSuggestion({ entitlements, facts, uses, isRefused: false }, ctx.now);
  return { asOf: ctx.now, plan: entitlements.plan.slug, warnings, suggestion };
}

/** What is not included at all is not used up either. */
function warningOf(
  meter: string,
  window: WindowUse,
  steps: { percent: number; text: string }[],
): LimitWarning[] {
  const { limit } = window;
  if (limit === null || limit === 0) return [];
  const [reached] = steps
    .filter(({ percent }) => (window.used + window.held) * 100 >= limit * percent)
    .sort((a, b) => b.percent - a.percent);
  return reached ? [{ meter, window: { ...window, limit }, ...reached }] : [];
}

function shareOf({ used, held, limit }: LimitWarning["window"]): number {
  return (used + held) / limit;
}

function isFull({ used, held, limit }: WindowUse): boolean {
  return limit !== null && used + held >= limit;
}
