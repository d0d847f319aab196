import { describe, expect, it } from "vitest";
import { formatRelativeTime } from "./format-relative-time";

const NOW = new Date("2026-11-21T12:00:00.000Z");

describe("how far away a moment is", () => {
  it.each([
    ["2026-11-21T12:00:00.000Z", "just now"],
    ["2026-11-21T11:59:00.001Z", "just now"],
    ["2026-11-21T12:00:59.999Z", "in less than a minute"],
    ["2026-11-21T11:59:00.000Z", "1 minute ago"],
    ["2026-11-21T12:59:59.999Z", "in 59 minutes"],
    ["2026-11-21T13:00:00.000Z", "in 1 hour"],
    ["2026-11-20T12:00:00.001Z", "23 hours ago"],
    ["2026-11-20T12:00:00.000Z", "1 day ago"],
    ["2026-11-24T11:59:59.999Z", "in 2 days"],
    ["2026-11-24T12:00:00.000Z", "in 3 days"],
    ["2026-12-22T12:00:00.000Z", "in 31 days"],
  ])("says of %s: %s", (iso, words) => {
    expect(formatRelativeTime(new Date(iso), NOW)).toBe(words);
  });

  it("leaves what is more than a month away to its date", () => {
    expect(formatRelativeTime(new Date("2026-12-22T12:00:00.001Z"), NOW)).toBeNull();
    expect(formatRelativeTime(new Date("2026-10-21T11:59:59.999Z"), NOW)).toBeNull();
  });
});
