/**
 * Billing periods follow an anchor. Month ends are clamped and the anchor's day is remembered:
 * 31 Jan, 28 Feb, 31 Mar. https://docs.stripe.com/billing/subscriptions/billing-cycle
 */

export type Interval = { interval: string; interval_count: number };

const DAY_SECONDS = 24 * 60 * 60;

/** The longest each interval can be, so that dividing by it never counts too many. */
const LONGEST_SECONDS: Record<string, number> = {
  day: DAY_SECONDS,
  week: 7 * DAY_SECONDS,
  month: 31 * DAY_SECONDS,
  year: 366 * DAY_SECONDS,
};

/** The moment `count` whole intervals after the anchor, in unix seconds, at the anchor's time of day (UTC). */
export function addIntervals(anchor: number, { interval, interval_count }: Interval, count: number): number {
  const units = interval_count * count;
  switch (interval) {
    case "day":
      return anchor + units * DAY_SECONDS;
    case "week":
      return anchor + units * 7 * DAY_SECONDS;
    case "month":
      return addMonths(anchor, units);
    case "year":
      return addMonths(anchor, units * 12);
    default:
      throw new Error(`Unknown interval ${interval}.`);
  }
}

/** When the period ends that runs at the moment: the first boundary after it. The anchor lies at or before it. */
export function periodEndAfter(anchor: number, interval: Interval, moment: number): number {
  const longest = (LONGEST_SECONDS[interval.interval] ?? DAY_SECONDS) * interval.interval_count;
  let count = Math.max(0, Math.floor((moment - anchor) / longest));
  let end = addIntervals(anchor, interval, count);
  while (end <= moment) {
    count += 1;
    end = addIntervals(anchor, interval, count);
  }
  return end;
}

/**
 * The period that contains the moment, its start included; the anchor may lie before or after it. A moment before the
 * anchor is in the period that ends at the anchor, or in one before that.
 */
export function periodAt(anchor: number, interval: Interval, moment: number): { start: number; end: number } {
  const longest = (LONGEST_SECONDS[interval.interval] ?? DAY_SECONDS) * interval.interval_count;
  let count = Math.floor((moment - anchor) / longest);
  while (addIntervals(anchor, interval, count) > moment) count -= 1;
  while (addIntervals(anchor, interval, count + 1) <= moment) count += 1;
  return { start: addIntervals(anchor, interval, count), end: addIntervals(anchor, interval, count + 1) };
}

function addMonths(anchor: number, months: number): number {
  const date = new Date(anchor * 1000);
  const [year, month] = [date.getUTCFullYear(), date.getUTCMonth() + months];
  const lastDay = new Date(Date.UTC(year, month + 1, 0)).getUTCDate();
  const midnight = Date.UTC(year, month, Math.min(date.getUTCDate(), lastDay));
  return midnight / 1000 + (anchor % DAY_SECONDS);
}
