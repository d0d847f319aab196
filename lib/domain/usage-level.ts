/**
 * How full an allowance is, in three steps: from 80 % the customer is warned, at 100 % nothing is left. Screens
 * tell each step by words and an icon, never by colour alone. (S0-58)
 */
export type UsageLevel = "ok" | "near" | "reached";

export const NEAR_LIMIT_PERCENT = 80;

/** @param limit units; null = unlimited. An allowance of nothing is used up from the start. */
export function usageLevel(used: number, limit: number | null): UsageLevel {
  if (limit === null) return "ok";
  if (used >= limit) return "reached";
  return used * 100 >= limit * NEAR_LIMIT_PERCENT ? "near" : "ok";
}
