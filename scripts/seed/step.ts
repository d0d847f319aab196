import type { Context } from "@/lib/context";

/** One thing that happens in the demo world, at its moment. Doing it again changes nothing. */
export type Step = { at: Date; run: (ctx: Context) => Promise<void> };

const DAY_MS = 24 * 60 * 60 * 1000;

/** A moment so many days (or parts of one) before another. */
export function daysBefore(moment: Date, days: number): Date {
  return new Date(moment.getTime() - days * DAY_MS);
}

/** A moment so many days (or parts of one) after another. */
export function daysAfter(moment: Date, days: number): Date {
  return daysBefore(moment, -days);
}
