import { expect, test } from "vitest";
import { addIntervals } from "./billing-period";

const seconds = (iso: string) => Date.parse(iso) / 1000;
const iso = (time: number) => new Date(time * 1000).toISOString();

// https://docs.stripe.com/billing/subscriptions/billing-cycle: a month without the anchor's day bills on its last.
test.each([
  ["2026-01-31T10:20:30Z", "month", 1, 1, "2026-02-28T10:20:30.000Z"],
  ["2026-01-31T10:20:30Z", "month", 1, 2, "2026-03-31T10:20:30.000Z"],
  ["2028-01-31T00:00:00Z", "month", 1, 1, "2028-02-29T00:00:00.000Z"],
  ["2026-11-30T23:59:59Z", "month", 3, 1, "2027-02-28T23:59:59.000Z"],
  ["2026-11-30T23:59:59Z", "month", 3, 2, "2027-05-30T23:59:59.000Z"],
  ["2028-02-29T12:00:00Z", "year", 1, 1, "2029-02-28T12:00:00.000Z"],
  ["2028-02-29T12:00:00Z", "year", 1, 4, "2032-02-29T12:00:00.000Z"],
  ["2026-12-31T00:00:00Z", "week", 2, 1, "2027-01-14T00:00:00.000Z"],
  ["2026-02-28T00:00:00Z", "day", 30, 1, "2026-03-30T00:00:00.000Z"],
])("%s plus a period of %s × %i, %i times, is %s", (anchor, interval, interval_count, count, expected) => {
  expect(iso(addIntervals(seconds(anchor), { interval, interval_count }, count))).toBe(expected);
});
