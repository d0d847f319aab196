import { describe, expect, it } from "vitest";
import type { WindowUse } from "./limit-reached";
import { mostUsedWindow } from "./most-used-window";

const START = new Date("2026-11-21T00:00:00Z");
const END = new Date("2026-11-22T00:00:00Z");

function use(window: WindowUse["window"], used: number, limit: number | null, held = 0): WindowUse {
  return { window, used, held, beyond: 0, limit, start: START, end: END };
}

describe("the fullest of a plan's limits", () => {
  it("is the one with the least left in proportion, over all meters", () => {
    const fullest = mostUsedWindow([
      { meter: "requests", windows: [use("day", 50, 200), use("month", 900, 1_000)] },
      { meter: "images", windows: [use("day", 8, 10)] },
    ]);
    expect(fullest).toMatchObject({ meter: "requests", window: { window: "month", limit: 1_000 } });
  });

  it("counts open holds as used", () => {
    const meters = [{ meter: "requests", windows: [use("day", 1, 10, 7), use("month", 5, 10)] }];
    expect(mostUsedWindow(meters)?.window.window).toBe("day");
  });

  it("is the one named first where two are equally full", () => {
    const meters = [
      { meter: "requests", windows: [use("day", 0, 3)] },
      { meter: "images", windows: [use("day", 0, 9)] },
    ];
    expect(mostUsedWindow(meters)?.meter).toBe("requests");
  });

  it("does not exist where nothing is limited, or the plan includes nothing of it", () => {
    expect(mostUsedWindow([{ meter: "requests", windows: [use("day", 5, null)] }])).toBeNull();
    expect(mostUsedWindow([{ meter: "images", windows: [use("lifetime", 0, 0)] }])).toBeNull();
    expect(mostUsedWindow([])).toBeNull();
  });
});
