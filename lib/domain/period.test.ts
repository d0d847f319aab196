import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { AllowanceWindow } from "./catalogue";
import { addMonths, type UsageWindow, type WindowAnchor, windowAt, windowInProgress } from "./period";

const utc = (text: string) => new Date(text);
const anchored = (anchor: string, timeZone = "UTC"): WindowAnchor => ({
  anchor: utc(anchor),
  timeZone,
  period: null,
});

describe("the month window begins on the anchor's day (S2-11, S0-104, R14)", () => {
  test.each([
    ["2026-01-31T09:30:00Z", "2026-02-15T00:00:00Z", "2026-01-31T09:30:00Z", "2026-02-28T09:30:00Z"],
    ["2026-01-31T09:30:00Z", "2026-02-28T09:29:59Z", "2026-01-31T09:30:00Z", "2026-02-28T09:30:00Z"],
    ["2026-01-31T09:30:00Z", "2026-02-28T09:30:00Z", "2026-02-28T09:30:00Z", "2026-03-31T09:30:00Z"],
    ["2026-01-31T09:30:00Z", "2028-02-29T10:00:00Z", "2028-02-29T09:30:00Z", "2028-03-31T09:30:00Z"],
    ["2026-05-15T00:00:00Z", "2026-05-15T00:00:00Z", "2026-05-15T00:00:00Z", "2026-06-15T00:00:00Z"],
    ["2026-05-15T00:00:00Z", "2026-05-14T23:59:59Z", "2026-04-15T00:00:00Z", "2026-05-15T00:00:00Z"],
    ["2026-12-31T00:00:00Z", "2027-01-01T00:00:00Z", "2026-12-31T00:00:00Z", "2027-01-31T00:00:00Z"],
  ])("anchored %s, at %s it is [%s, %s)", (anchor, now, start, end) => {
    expect(windowAt("month", anchored(anchor), utc(now))).toEqual({ start: utc(start), end: utc(end) });
  });

  test("monthly windows tile fifty years with no gap and no overlap, from any anchor", () => {
    fc.assert(
      fc.property(
        fc.date({ min: utc("2020-01-01"), max: utc("2030-12-31"), noInvalidDate: true }),
        (anchor) => {
          const where = { anchor, timeZone: "UTC", period: null };
          let now = anchor;
          for (let month = 0; month < 600; month += 1) {
            const window = windowAt("month", where, now);
            expect(window.start).toEqual(now);
            expect(window.end).toEqual(addMonths(anchor, month + 1));
            expect(windowAt("month", where, new Date(window.end.getTime() - 1))).toEqual(window);
            now = window.end;
          }
        },
      ),
      { numRuns: 25 },
    );
  });
});

describe("the day window is the calendar day where the customer is (K-12)", () => {
  test.each([
    ["UTC", "2026-03-10T12:00:00Z", "2026-03-10T00:00:00Z", "2026-03-11T00:00:00Z"],
    ["UTC", "2026-03-11T00:00:00Z", "2026-03-11T00:00:00Z", "2026-03-12T00:00:00Z"],
    ["Asia/Kolkata", "2026-03-10T19:00:00Z", "2026-03-10T18:30:00Z", "2026-03-11T18:30:00Z"],
    ["Europe/Berlin", "2026-03-29T12:00:00Z", "2026-03-28T23:00:00Z", "2026-03-29T22:00:00Z"],
    ["Europe/Berlin", "2026-10-25T12:00:00Z", "2026-10-24T22:00:00Z", "2026-10-25T23:00:00Z"],
    // In Santiago clocks go forward at midnight: the day begins at one o'clock.
    ["America/Santiago", "2026-09-06T12:00:00Z", "2026-09-06T04:00:00Z", "2026-09-07T03:00:00Z"],
    ["Pacific/Auckland", "2026-12-31T12:00:00Z", "2026-12-31T11:00:00Z", "2027-01-01T11:00:00Z"],
  ])("in %s at %s it is [%s, %s)", (timeZone, now, start, end) => {
    expect(windowAt("day", anchored("2026-01-01T00:00:00Z", timeZone), utc(now))).toEqual({
      start: utc(start),
      end: utc(end),
    });
  });

  test("days tile a year in every zone, daylight saving or not", () => {
    for (const timeZone of [
      "UTC",
      "Europe/Berlin",
      "America/Santiago",
      "Australia/Lord_Howe",
      "Asia/Kathmandu",
    ]) {
      let now = utc("2026-01-01T12:00:00Z");
      for (let day = 0; day < 366; day += 1) {
        const { start, end } = windowAt("day", anchored("2026-01-01T00:00:00Z", timeZone), now);
        expect(windowAt("day", anchored("2026-01-01T00:00:00Z", timeZone), end).start).toEqual(end);
        expect(start.getTime()).toBeLessThan(end.getTime());
        now = end;
      }
    }
  });
});

describe("the period window", () => {
  const period = { start: utc("2026-01-01T00:00:00Z"), end: utc("2026-04-01T00:00:00Z") };
  const where = { anchor: utc("2026-01-01T00:00:00Z"), timeZone: "UTC", period };

  test("is the billing period as Stripe has it, while it lasts", () => {
    expect(windowAt("period", where, utc("2026-03-31T23:59:59Z"))).toEqual(period);
  });

  test("is the anchored month when the period is over and its renewal unknown", () => {
    expect(windowAt("period", where, utc("2026-04-01T00:00:00Z")).start).toEqual(utc("2026-04-01T00:00:00Z"));
  });
});

describe("fifty years of windows tile with no gap and no overlap (R14)", () => {
  const YEARS = 50;

  // Cairo changes its clocks at midnight, Santiago skips midnight, Apia skipped a whole day in 2011, Lord Howe moves by
  // half an hour.
  test.each([
    "Africa/Cairo",
    "America/Santiago",
    "Pacific/Apia",
    "Australia/Lord_Howe",
    "Europe/Berlin",
    "America/St_Johns",
  ])("days in %s", { timeout: 60_000 }, (timeZone) => {
    const where = anchored("2005-01-01T12:00:00Z", timeZone);
    let window = windowAt("day", where, where.anchor);
    for (let day = 0; day < YEARS * 365; day += 1) {
      const next = windowAt("day", where, window.end);
      expect(next.start.getTime()).toBe(window.end.getTime());
      expect(next.end.getTime()).toBeGreaterThan(next.start.getTime());
      window = next;
    }
    expect(window.end.getUTCFullYear()).toBeGreaterThanOrEqual(2005 + YEARS - 1);
  });

  test("months, from anchors on the 29th, 30th and 31st too, and the last moment of each is its own", () => {
    const anchors = fc
      .record({
        year: fc.integer({ min: 1999, max: 2030 }),
        month: fc.integer({ min: 0, max: 11 }),
        day: fc.integer({ min: 28, max: 31 }),
        ms: fc.integer({ min: 0, max: 86_399_999 }),
      })
      .map(({ year, month, day, ms }) => new Date(Date.UTC(year, month, day) + ms));
    fc.assert(
      fc.property(anchors, (anchor) => {
        const where = { anchor, timeZone: "UTC", period: null };
        let window = windowAt("month", where, anchor);
        for (let month = 0; month < YEARS * 12; month += 1) {
          const next = windowAt("month", where, window.end);
          expect(next.start.getTime()).toBe(window.end.getTime());
          expect(windowAt("month", where, new Date(next.end.getTime() - 1)).start.getTime()).toBe(
            next.start.getTime(),
          );
          expect(next.start.getUTCDate()).toBeLessThanOrEqual(anchor.getUTCDate());
          window = next;
        }
      }),
      { numRuns: 40 },
    );
  });

  test.each([
    ["quarter", 3],
    ["half year", 6],
    ["year", 12],
  ])("a billing period of a %s is filled by whole months", (_, interval) => {
    fc.assert(
      fc.property(
        fc.date({ min: utc("2000-01-01"), max: utc("2030-12-31"), noInvalidDate: true }),
        fc.integer({ min: 0, max: Math.floor((YEARS * 12) / interval) }),
        (anchor, renewals) => {
          const period = {
            start: addMonths(anchor, renewals * interval),
            end: addMonths(anchor, (renewals + 1) * interval),
          };
          const where = { anchor, timeZone: "UTC", period };
          let at = period.start;
          for (let month = 0; month < interval; month += 1) {
            const window = windowAt("month", where, at);
            expect(window.start).toEqual(at);
            expect(windowAt("period", where, at)).toEqual(period);
            at = window.end;
          }
          expect(at).toEqual(period.end);
          // Until the renewal is known the next month goes on from there.
          expect(windowAt("period", where, at).start).toEqual(period.end);
        },
      ),
      { numRuns: 200 },
    );
  });
});

describe("a window in progress (K-12)", () => {
  const windows = fc.constantFrom<AllowanceWindow>("day", "month", "lifetime");
  const changes = fc.array(
    fc.record({
      afterMinutes: fc.integer({ min: 1, max: 60 * 24 * 20 }),
      timeZone: fc.constantFrom("UTC", "Africa/Cairo", "America/Santiago", "Pacific/Apia", "Asia/Kolkata"),
      moves: fc.boolean(),
    }),
    { minLength: 1, maxLength: 60 },
  );

  test("goes on until it ends, whatever becomes of anchor and zone; no two ever overlap, and each moment has one", () => {
    fc.assert(
      fc.property(windows, changes, (name, steps) => {
        let now = utc("2026-01-31T09:30:00Z");
        let anchor = now;
        let last: UsageWindow | null = null;
        for (const { afterMinutes, timeZone, moves } of steps) {
          now = new Date(now.getTime() + afterMinutes * 60_000);
          if (moves) anchor = now;
          const terms = windowAt(name, { anchor, timeZone, period: null }, now);
          const window = windowInProgress(name, last, terms, now);
          expect(window.start <= now && now < window.end).toBe(true);
          if (last && now < last.end) expect(window).toEqual(last);
          // Begun anew, it begins where the last one ended, or later where nothing was used for a while.
          else if (last) expect(window.start.getTime()).toBeGreaterThanOrEqual(last.end.getTime());
          if (last && window !== last && terms.start <= last.end && now >= last.end)
            expect(window.start).toEqual(last.end);
          last = window;
        }
      }),
      { numRuns: 500 },
    );
  });

  test("is the billing period itself where that changes in the middle: it is Stripe's", () => {
    const last = { start: utc("2026-01-01T00:00:00Z"), end: utc("2026-02-01T00:00:00Z") };
    const terms = { start: utc("2026-01-10T00:00:00Z"), end: utc("2026-02-10T00:00:00Z") };
    expect(windowInProgress("period", last, terms, utc("2026-01-10T00:00:00Z"))).toEqual(terms);
  });
});
