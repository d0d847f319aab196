import { expect, test } from "vitest";
import { addIntervals, periodEndAfter } from "./billing-period";

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

test.each([
  ["month", 1, ["2026-02-28", "2026-03-31", "2026-04-30", "2026-05-31"]],
  ["month", 3, ["2026-04-30", "2026-07-31", "2026-10-31", "2027-01-31"]],
  ["year", 1, ["2027-01-31", "2028-01-31", "2029-01-31", "2030-01-31"]],
  ["week", 2, ["2026-02-14", "2026-02-28", "2026-03-14", "2026-03-28"]],
])(
  "from the 31st of January on, periods of %s × %i end one after the other",
  (interval, interval_count, days) => {
    const anchor = seconds("2026-01-31T10:20:30Z");
    let moment = anchor;
    const ends = days.map(() => {
      moment = periodEndAfter(anchor, { interval, interval_count }, moment);
      return iso(moment).slice(0, 10);
    });
    expect(ends).toEqual(days);
  },
);

test("a period ends after each of its moments, and at its end the next has begun", () => {
  const anchor = seconds("2028-02-29T00:00:00Z");
  const monthly = { interval: "month", interval_count: 1 };
  const boundary = seconds("2037-02-28T00:00:00Z");
  expect(periodEndAfter(anchor, monthly, boundary - 1)).toBe(boundary);
  expect(iso(periodEndAfter(anchor, monthly, boundary))).toBe("2037-03-29T00:00:00.000Z");
});
