import type { AllowanceWindow } from "./catalogue";
import type { WindowUse } from "./limit-reached";

/** What is used of a meter in the windows it is counted in, and what is asked for now. */
export type MeterUse = { meter: string; asked: number; windows: WindowUse[] };

/**
 * What a window's use will come to by its end if it goes on as it began, and at least what is used and asked for now.
 * A rate taken over a few moments says nothing, so a tenth of the window counts as passed from its first moment on. What
 * is given for a lifetime has no end to look ahead to. Open holds count as used. (K-13)
 */
export function projectedUse(window: WindowUse, asked: number, now: Date): bigint {
  const used = BigInt(window.used + window.held);
  const least = used + BigInt(asked);
  if (window.window === "lifetime") return least;
  const length = window.end.getTime() - window.start.getTime();
  const elapsed = Math.min(length, Math.max(now.getTime() - window.start.getTime(), Math.ceil(length / 10)));
  return elapsed > 0 ? largest([least, divideUp(used * BigInt(length), BigInt(elapsed))]) : least;
}

/**
 * The units of a meter that another plan must hold in one of its windows, if its billing period has that many months:
 * months and billing periods are converted into each other. Where the window is not counted, at least what the shorter
 * ones come to.
 */
export function neededIn(window: AllowanceWindow, months: bigint, use: MeterUse, now: Date): bigint {
  const counted = (name: AllowanceWindow) => use.windows.find((entry) => entry.window === name);
  if (window === "month" || window === "period") {
    const same = counted(window) ?? counted(window === "month" ? "period" : "month");
    const wanted = window === "month" ? 1n : months;
    if (same) return divideUp(projectedUse(same, use.asked, now) * wanted, monthsOf(same));
  }
  const same = counted(window);
  if (same) return projectedUse(same, use.asked, now);
  const shorter = use.windows.filter(
    (entry) => SHORTEST_FIRST.indexOf(entry.window) < SHORTEST_FIRST.indexOf(window),
  );
  return largest([BigInt(use.asked), ...shorter.map((entry) => projectedUse(entry, use.asked, now))]);
}

/** How many months a billing period has: 1 for any month, 3 for any quarter. */
export function monthsOf({ start, end }: Pick<WindowUse, "start" | "end">): bigint {
  return BigInt(Math.max(1, Math.round((end.getTime() - start.getTime()) / AVERAGE_MONTH_MS)));
}

/** Zero of none. */
export function largest(counts: bigint[]): bigint {
  let most = 0n;
  for (const count of counts) if (count > most) most = count;
  return most;
}

/** Of natural numbers. */
export function divideUp(dividend: bigint, divisor: bigint): bigint {
  return (dividend + divisor - 1n) / divisor;
}

const SHORTEST_FIRST: AllowanceWindow[] = ["day", "month", "period", "lifetime"];
const AVERAGE_MONTH_MS = 30.4375 * 24 * 60 * 60 * 1000;
