import { expect, test } from "vitest";
import { readPreset } from "@/catalogues/read-preset";
import { offeredIntervals, priceForInterval, savingPercent, savingPerYearMinor } from "./billing-interval";
import type { PlanPrice } from "./catalogue";

/** A preset's plans with their prices as they are sold. */
function plansOf(key: string) {
  const { plans, currency } = readPreset(key);
  return plans.map(({ slug, prices }) => ({
    slug,
    prices: prices.map((price): PlanPrice => ({ ...price, id: slug, currency })),
  }));
}

test("a switch offers the intervals there are prices for, and no other (K-04, S1-99)", () => {
  const slugs = (key: string) => offeredIntervals(plansOf(key)).map(({ slug }) => slug);
  expect(slugs("learning")).toEqual(["month", "year"]);
  expect(slugs("community")).toEqual(["quarter"]);
  expect(offeredIntervals([{ prices: [] }])).toEqual([]);
});

test("a plan shows its price by the chosen interval, or the shortest it has", () => {
  const [, premium] = plansOf("learning");
  const amount = (slug: string | null) => premium && priceForInterval(premium, slug)?.amountMinor;
  expect([amount("year"), amount("month"), amount("decade"), amount(null)]).toEqual([
    19999, 1999, 1999, 1999,
  ]);
  expect(priceForInterval({ prices: [] }, "year")).toBeNull();
});

test("a year's saving is told in whole percent, and never more than it is", () => {
  const savings = plansOf("learning").flatMap((plan) =>
    plan.prices.map((price) => savingPercent(plan, price)),
  );
  // 12 × 19.99 = 239.88, of which 199.99 is 83.37 %; 12 × 49.99 = 599.88, of which 499.99 is 83.35 %.
  expect(savings).toEqual([0, 16, 0, 16]);
  const dearer: PlanPrice = {
    id: "",
    interval: "year",
    intervalCount: 1,
    currency: "usd",
    amountMinor: 99999,
  };
  expect(savingPercent({ prices: [...(plansOf("learning")[1]?.prices ?? []), dearer] }, dearer)).toBe(0);
});

test("a year's saving is told in money too, rounded down, in whichever interval it is paid", () => {
  const [, premium] = plansOf("learning");
  // 12 × $19.99 − $199.99 = $39.89.
  expect(premium?.prices.map((price) => savingPerYearMinor(premium, price))).toEqual([0, 3989]);
  const price = (intervalCount: number, amountMinor: number, currency = "usd"): PlanPrice => ({
    id: "",
    interval: "month",
    intervalCount,
    currency,
    amountMinor,
  });
  // Over 15 months 15 × 100 − 3 × 401 = 297, which is 237.6 over twelve.
  const plan = { prices: [price(1, 100), price(5, 401), price(1, 1, "eur")] };
  expect(plan.prices.map((each) => savingPerYearMinor(plan, each))).toEqual([0, 237, 0]);
});
