import { describe, expect, it } from "vitest";
import { formatDate, formatDateTime, formatTime } from "./format-date";

describe("dates on screen", () => {
  it.each([
    ["2026-11-28T09:41:00Z", "28 Nov 2026"],
    ["2026-09-01T00:00:00Z", "1 Sep 2026"],
    ["2026-12-31T23:59:59.999Z", "31 Dec 2026"],
  ])("writes %s as %s whatever zone the machine is in", (iso, words) => {
    expect(formatDate(new Date(iso))).toBe(words);
  });

  it("writes midnight as 00:00 and names UTC", () => {
    expect(formatTime(new Date("2026-11-28T00:00:00Z"))).toBe("00:00 UTC");
    expect(formatDateTime(new Date("2026-11-28T00:00:00Z"))).toBe("28 Nov 2026, 00:00 UTC");
  });

  it("moves the day with the zone", () => {
    const midnight = new Date("2026-11-28T00:00:00Z");
    expect(formatDateTime(midnight, "Europe/Berlin")).toBe("28 Nov 2026, 01:00");
    expect(formatDate(midnight, "America/New_York")).toBe("27 Nov 2026");
  });
});
