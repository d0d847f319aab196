import type { Allowance, AllowanceWindow } from "./catalogue";
import { type WindowAnchor, windowAt } from "./period";

/**
 * Which windows a use of a meter is counted in. Every window the plan limits, and always the day and the
 * month, because customers are shown both whether or not they are limited. A meter that the plan does not
 * include is not unlimited: there is none of it, ever. (S0-53, S1-111)
 */
export type CountedWindow = {
  window: AllowanceWindow;
  start: Date;
  end: Date;
  /** Units; null = unlimited. */
  limit: number | null;
};

export function countedWindows(
  meter: string,
  allowances: Allowance[],
  anchor: WindowAnchor,
  now: Date,
): CountedWindow[] {
  const limits = new Map<AllowanceWindow, number | null>([
    ["day", null],
    ["month", null],
  ]);
  for (const allowance of allowances) {
    if (allowance.meter === meter) limits.set(allowance.window, allowance.amount);
  }
  if (!allowances.some((allowance) => allowance.meter === meter)) limits.set("lifetime", 0);
  return [...limits].map(([window, limit]) => ({ window, limit, ...windowAt(window, anchor, now) }));
}
