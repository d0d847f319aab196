import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { addMonths, type WindowAnchor, windowAt } from "./period";

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
