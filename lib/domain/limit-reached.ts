import type { PlanTerms } from "./catalogue";
import type { CountedWindow } from "./counted-window";
import { intervalMonths } from "./money";

/**
 * The answer at a limit: what ran out, when it comes back, and the cheapest way on. Its shape is stable, so
 * that programs may rely on it. (S1-94, S2-54, K-11)
 */
export type LimitReached = {
  meter: string;
  window: CountedWindow["window"];
  limit: number;
  /** What is used up of it, open holds included. */
  used: number;
  /** Null for a lifetime window, which never resets. */
  resetAt: Date | null;
  suggestion: { kind: "upgrade"; plan: string; name: string } | null;
};

export type WindowUse = CountedWindow & { used: number; held: number };

/** Of the windows without room for `quantity`, the one that stays closed longest. Null = there is room in all. */
export function findExhaustedWindow(
  windows: WindowUse[],
  quantity: number,
): (WindowUse & { limit: number }) | null {
  return windows
    .flatMap((window) => (window.limit === null ? [] : [{ ...window, limit: window.limit }]))
    .filter((window) => window.used + window.held + quantity > window.limit)
    .reduce<(WindowUse & { limit: number }) | null>(
      (last, window) => (last && last.end >= window.end ? last : window),
      null,
    );
}

/** The cheapest plan on public sale that allows more of the meter in that window than the limit that was hit. (K-13) */
export function suggestUpgrade(
  plans: PlanTerms[],
  meter: string,
  exhausted: CountedWindow,
): LimitReached["suggestion"] {
  const limit = exhausted.limit ?? Number.POSITIVE_INFINITY;
  const [cheapest] = plans
    .filter((plan) => plan.availability === "public" && plan.prices.length > 0)
    .filter((plan) => allows(plan, meter, exhausted.window) > limit)
    .sort((a, b) => monthlyMinor(a) - monthlyMinor(b));
  return cheapest ? { kind: "upgrade", plan: cheapest.slug, name: cheapest.name } : null;
}

function allows(plan: PlanTerms, meter: string, window: CountedWindow["window"]): number {
  const allowances = plan.allowances.filter((entry) => entry.meter === meter);
  if (allowances.length === 0) return 0;
  return allowances.find((entry) => entry.window === window)?.amount ?? Number.POSITIVE_INFINITY;
}

function monthlyMinor(plan: PlanTerms): number {
  return Math.min(...plan.prices.map((price) => price.amountMinor / intervalMonths(price)));
}
