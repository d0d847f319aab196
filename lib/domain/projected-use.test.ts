import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { WindowUse } from "./limit-reached";
import { monthsOf, neededIn, projectedUse } from "./projected-use";

const START = new Date("2026-04-01T00:00:00Z");
const END = new Date("2026-05-01T00:00:00Z");
const day = (date: number, time = "00:00:00.000") =>
  new Date(`2026-04-${String(date).padStart(2, "0")}T${time}Z`);

function month(used: number, held = 0): WindowUse {
  return { window: "month", start: START, end: END, limit: null, used, beyond: 0, held };
}

describe("what a month's use comes to (K-13)", () => {
  test.each([
    ["in the middle, twice as much", 40, 0, 1, day(16), 80n],
    ["open holds included", 30, 10, 1, day(16), 80n],
    ["a part of a unit is a whole one", 10, 0, 0, day(29), 11n],
    ["at its end, what is used and asked for", 40, 0, 3, END, 43n],
    ["after its end, no less", 40, 0, 3, day(30, "23:59:59.999"), 43n],
    ["never less than what is asked for", 0, 0, 500, day(16), 500n],
    ["in the first millisecond, ten times as much", 40, 0, 1, new Date(START.getTime() + 1), 400n],
    ["at the very start, no division by zero", 40, 0, 1, START, 400n],
    ["before a tenth has passed, the same", 40, 0, 1, day(3, "23:59:59.999"), 400n],
    ["from then on by the time that has passed", 40, 0, 1, day(5), 300n],
    ["before it began, as at its start", 40, 0, 1, new Date("2026-03-01T00:00:00Z"), 400n],
  ])("%s", (_name, used, held, asked, now, projected) => {
    expect(projectedUse(month(used, held), asked, now)).toBe(projected);
  });

  test("a lifetime has no end to look ahead to", () => {
    const lifetime: WindowUse = { ...month(7, 1), window: "lifetime" };
    expect(projectedUse(lifetime, 2, day(2))).toBe(10n);
  });

  test("a window without length is not divided by", () => {
    expect(projectedUse({ ...month(7), end: START }, 2, START)).toBe(9n);
  });

  test("is exact for any counts, between what is asked for and ten times what is used, and never falls as more is used", () => {
    const counts = fc.tuple(fc.maxSafeNat(), fc.maxSafeNat(), fc.nat());
    const times = fc.integer({ min: START.getTime(), max: END.getTime() });
    fc.assert(
      fc.property(counts, times, ([used, asked, more], time) => {
        const now = new Date(time);
        const projected = projectedUse(month(used), asked, now);
        expect(projected >= BigInt(used) + BigInt(asked)).toBe(true);
        expect(projected <= BigInt(used) * 10n + BigInt(asked)).toBe(true);
        if (used + more <= Number.MAX_SAFE_INTEGER)
          expect(projectedUse(month(used + more), asked, now) >= projected).toBe(true);
      }),
    );
  });
});

describe("what another plan must hold", () => {
  const today: WindowUse = {
    window: "day",
    start: day(16),
    end: day(17),
    limit: 3,
    used: 3,
    held: 0,
    beyond: 0,
  };
  const noon = day(16, "12:00:00.000");
  const use = { meter: "m", asked: 1, windows: [today, month(30)] };

  test.each([
    ["day", 1n, 6n],
    ["month", 1n, 59n],
    // Without a billing period of one's own it is the month.
    ["period", 1n, 59n],
    ["period", 3n, 177n],
    ["period", 12n, 708n],
    // Nothing is known of it but what the others come to.
    ["lifetime", 1n, 59n],
  ] as const)("in a %s where a period has %d months", (window, months, units) => {
    expect(neededIn(window, months, use, noon)).toBe(units);
  });

  test("of a window that is not counted, nothing is known from longer ones", () => {
    expect(neededIn("day", 1n, { ...use, windows: [month(30)] }, noon)).toBe(1n);
  });

  test("a quarter's use is shared out over its months", () => {
    const quarter: WindowUse = { ...month(300), window: "period", end: new Date("2026-07-01T00:00:00Z") };
    const spent = { meter: "m", asked: 0, windows: [quarter] };
    expect(monthsOf(quarter)).toBe(3n);
    expect(neededIn("period", 1n, spent, quarter.end)).toBe(100n);
    expect(neededIn("period", 3n, spent, quarter.end)).toBe(300n);
    expect(neededIn("month", 3n, spent, quarter.end)).toBe(100n);
  });

  test.each([
    ["2026-02-01", "2026-03-01", 1n],
    ["2026-01-31", "2026-02-28", 1n],
    ["2026-12-01", "2027-03-01", 3n],
    ["2026-01-01", "2027-01-01", 12n],
    ["2026-01-01", "2026-01-08", 1n],
  ])("a billing period from %s to %s has %d months", (start, end, months) => {
    expect(monthsOf({ start: new Date(start), end: new Date(end) })).toBe(months);
  });
});
