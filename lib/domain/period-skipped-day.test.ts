import { expect, test } from "vitest";
import { windowAt } from "./period";

/** Samoa crossed the date line: in Apia the 29th of December 2011 was followed by the 31st. */
test("a day that the calendar skipped is nobody's: the one before it ends where the one after it begins (R14)", () => {
  const where = { anchor: new Date("2011-01-01T00:00:00Z"), timeZone: "Pacific/Apia", period: null };
  const last = windowAt("day", where, new Date("2011-12-30T09:00:00Z"));
  expect(last).toEqual({ start: new Date("2011-12-29T10:00:00Z"), end: new Date("2011-12-30T10:00:00Z") });
  expect(windowAt("day", where, last.end)).toEqual({
    start: last.end,
    end: new Date("2011-12-31T10:00:00Z"),
  });
});
