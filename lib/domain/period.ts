import type { AllowanceWindow } from "./catalogue";

/**
 * Windows: the stretch of time an allowance is counted in, as [start, end).
 *
 * `day` is the calendar day in the customer's time zone. `month` begins each month on the anchor's day and
 * time, clamped to the month's last day (31 Jan, 28 Feb, 31 Mar: the anchor itself never moves), so monthly
 * windows tile a quarter or a year exactly. `period` is the billing period as Stripe has it, and for a
 * customer without one the anchored month. `lifetime` never ends. (S2-11, S0-104, K-12)
 */
export type WindowAnchor = {
  /** The subscription's billing cycle anchor; without a subscription, the sign-up. */
  anchor: Date;
  /** IANA name, e.g. "Europe/Berlin". */
  timeZone: string;
  /** The current billing period, when there is one. */
  period: UsageWindow | null;
};

export type UsageWindow = { start: Date; end: Date };

export function windowAt(
  window: AllowanceWindow,
  { anchor, timeZone, period }: WindowAnchor,
  now: Date,
): UsageWindow {
  switch (window) {
    case "day":
      return dayAt(timeZone, now);
    case "month":
      return anchoredMonthAt(anchor, now);
    case "period":
      return period && period.start <= now && now < period.end ? period : anchoredMonthAt(anchor, now);
    case "lifetime":
      return { start: BEGINNING_OF_TIME, end: END_OF_TIME };
  }
}

/**
 * The window a use is counted in, when `last` is the last that was begun. One in progress goes on until it ends, so a
 * changed anchor or time zone takes effect with the next, which begins where that one ended: no gap and no overlap. Only
 * the billing period is as Stripe has it. The database does the same (`decide_uses`). (K-12)
 * @param terms the window as anchor and time zone would have it now.
 */
export function windowInProgress(
  window: AllowanceWindow,
  last: UsageWindow | null,
  terms: UsageWindow,
  now: Date,
): UsageWindow {
  if (!last || window === "period") return { start: terms.start, end: terms.end };
  if (now < last.end) return last;
  return { start: new Date(Math.max(last.end.getTime(), terms.start.getTime())), end: terms.end };
}

const BEGINNING_OF_TIME = new Date("1970-01-01T00:00:00Z");
const END_OF_TIME = new Date("9999-01-01T00:00:00Z");

/** `anchor` plus a number of months, clamped to the last day of the month it falls in. UTC. */
export function addMonths(anchor: Date, months: number): Date {
  const result = new Date(anchor);
  result.setUTCDate(1);
  result.setUTCMonth(anchor.getUTCMonth() + months);
  const lastDay = new Date(Date.UTC(result.getUTCFullYear(), result.getUTCMonth() + 1, 0)).getUTCDate();
  result.setUTCDate(Math.min(anchor.getUTCDate(), lastDay));
  return result;
}

function anchoredMonthAt(anchor: Date, now: Date): UsageWindow {
  let months =
    (now.getUTCFullYear() - anchor.getUTCFullYear()) * 12 + (now.getUTCMonth() - anchor.getUTCMonth());
  // The calendar months apart are at most one too many: the anchor's day may still lie ahead.
  if (addMonths(anchor, months) > now) months -= 1;
  return { start: addMonths(anchor, months), end: addMonths(anchor, months + 1) };
}

/** The day that was last asked for in a zone: most customers of a zone ask for the same, and a calendar is slow to ask. */
const days = new Map<string, UsageWindow>();

function dayAt(timeZone: string, now: Date): UsageWindow {
  const known = days.get(timeZone);
  if (known && known.start <= now && now < known.end) return known;
  const { year, month, day } = localDate(timeZone, now);
  const start = startOfDay(timeZone, year, month, day);
  const found = { start, end: startOfDay(timeZone, year, month, day + 1) };
  days.set(timeZone, found);
  return found;
}

/** The first instant of a calendar day in a zone. `day` may run over the month's end. */
function startOfDay(timeZone: string, year: number, month: number, day: number): Date {
  const wallMidnight = Date.UTC(year, month - 1, day);
  // The offset at the guess may differ from the one at the result when clocks change that night: ask again.
  let instant = wallMidnight - offsetMs(timeZone, wallMidnight);
  instant = wallMidnight - offsetMs(timeZone, instant);
  // Where midnight itself is skipped, the formula lands on the day before: its day begins at the change. So does a day
  // that is skipped whole, as the 30th of December 2011 in Samoa was: it ends there too.
  while (dayOf(timeZone, instant) < wallMidnight) instant += 15 * 60_000;
  return new Date(instant);
}

/** The calendar day of an instant in a zone, as UTC midnight of that day. */
function dayOf(timeZone: string, instant: number): number {
  const { year, month, day } = localDate(timeZone, new Date(instant));
  return Date.UTC(year, month - 1, day);
}

function offsetMs(timeZone: string, instant: number): number {
  const { year, month, day, hour, minute, second } = localDate(timeZone, new Date(instant));
  return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(instant / 1000) * 1000;
}

type LocalDate = { year: number; month: number; day: number; hour: number; minute: number; second: number };

const formatters = new Map<string, Intl.DateTimeFormat>();

function localDate(timeZone: string, instant: Date): LocalDate {
  let formatter = formatters.get(timeZone);
  if (!formatter) {
    formatter = new Intl.DateTimeFormat("en-US", {
      timeZone,
      calendar: "gregory",
      hourCycle: "h23",
      year: "numeric",
      month: "numeric",
      day: "numeric",
      hour: "numeric",
      minute: "numeric",
      second: "numeric",
    });
    formatters.set(timeZone, formatter);
  }
  const parts = new Map(formatter.formatToParts(instant).map((part) => [part.type, Number(part.value)]));
  const read = (type: Intl.DateTimeFormatPartTypes): number => parts.get(type) ?? 0;
  return {
    year: read("year"),
    month: read("month"),
    day: read("day"),
    hour: read("hour"),
    minute: read("minute"),
    second: read("second"),
  };
}
