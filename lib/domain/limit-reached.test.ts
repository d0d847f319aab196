import { describe, expect, test } from "vitest";
import { community } from "@/catalogues/community";
import type { PlanTerms } from "./catalogue";
import { countedWindows } from "./counted-window";
import { findExhaustedWindow, suggestUpgrade, type WindowUse } from "./limit-reached";

const NOW = new Date("2026-03-10T12:00:00Z");
const ANCHOR = { anchor: new Date("2026-01-05T00:00:00Z"), timeZone: "UTC", period: null };

const plans: PlanTerms[] = community.plans.map(({ trial, prices, ...plan }, rank) => ({
  ...plan,
  planVersionId: plan.slug,
  version: 1,
  rank,
  isPopular: false,
  billingModels: ["fixed_fee"],
  seats: 1,
  overage: [],
  trial: trial ?? null,
  prices: prices.map((price) => ({ ...price, id: plan.slug, currency: "usd" })),
}));

function use(window: WindowUse["window"], used: number, held: number, limit: number | null): WindowUse {
  const end = new Date(window === "day" ? "2026-03-11T00:00:00Z" : "2026-04-05T00:00:00Z");
  return { window, used, held, limit, start: NOW, end };
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
  const used = windows.map((window) => ({ ...window, used: 0, held: 0 }));
  expect(findExhaustedWindow(used, 1)).toMatchObject({ window: "lifetime", limit: 0 });
  expect(suggestUpgrade(plans, "images", { ...used[0], limit: 0 } as WindowUse)).toBeNull();
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

describe("the suggestion is the cheapest plan on sale that allows more (K-13)", () => {
  test.each([
    [3, "community-pro"],
    [200, "pro-learn"],
    [500, null],
  ])("at a limit of %i a day it is %s", (limit, slug) => {
    expect(suggestUpgrade(plans, "ai_requests", use("day", limit, 0, limit))?.plan ?? null).toBe(slug);
  });
});
