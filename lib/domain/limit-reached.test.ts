import { describe, expect, test } from "vitest";
import { countedWindows } from "./counted-window";
import { findExhaustedWindow, type WindowUse } from "./limit-reached";

const NOW = new Date("2026-03-10T12:00:00Z");
const ANCHOR = { anchor: new Date("2026-01-05T00:00:00Z"), timeZone: "UTC", period: null };

function use(window: WindowUse["window"], used: number, held: number, limit: number | null): WindowUse {
  const end = new Date(window === "day" ? "2026-03-11T00:00:00Z" : "2026-04-05T00:00:00Z");
  return { window, used, held, beyond: 0, limit, start: NOW, end };
}

test("a meter is counted in every window its plan limits, and always in the day and the month (S0-53)", () => {
  const allowances = [
    { meter: "ai_requests", window: "lifetime" as const, amount: 5, beyond: ["block" as const] },
  ];
  expect(
    countedWindows("ai_requests", allowances, ANCHOR, NOW).map(({ window, limit }) => [window, limit]),
  ).toEqual([
    ["day", null],
    ["month", null],
    ["lifetime", 5],
  ]);
});

test("a meter that the plan does not include is not unlimited: there is none of it", () => {
  const windows = countedWindows("images", [], ANCHOR, NOW);
  const used = windows.map((window) => ({ ...window, used: 0, held: 0, beyond: 0 }));
  expect(findExhaustedWindow(used, 1)).toMatchObject({ window: "lifetime", limit: 0 });
});

describe("the window that is exhausted", () => {
  test("is none while there is room for the whole quantity", () => {
    expect(findExhaustedWindow([use("day", 1, 1, 3), use("month", 100, 0, null)], 1)).toBeNull();
  });

  test("counts what others hold", () => {
    expect(findExhaustedWindow([use("day", 1, 2, 3)], 1)).toMatchObject({ window: "day" });
  });

  test("is the one that stays closed longest, so the time told is the time it works again", () => {
    expect(findExhaustedWindow([use("month", 50, 0, 50), use("day", 3, 0, 3)], 1)).toMatchObject({
      window: "month",
    });
  });
});
