import { describe, expect, test } from "vitest";
import { resolveApiAccess } from "./api-access";
import type { PlanTerms } from "./catalogue";

const price = (amountMinor: number, interval: "month" | "year" = "month") => ({
  id: `${amountMinor}`,
  interval,
  intervalCount: 1,
  currency: "usd",
  amountMinor,
});

function plan(slug: string, more: Partial<PlanTerms> = {}): PlanTerms {
  return {
    planVersionId: slug,
    slug,
    version: 1,
    name: slug.toUpperCase(),
    tagline: slug,
    rank: 0,
    availability: "public",
    isPopular: false,
    billingModels: ["fixed_fee"],
    seats: 1,
    trial: null,
    prices: [price(1000)],
    allowances: [],
    overage: [],
    features: { api_access: true },
    ...more,
  };
}

const FEATURES = [{ key: "ai_chat" }, { key: "api_access" }];
const held = (features: PlanTerms["features"]) => ({ plan: { name: "Free" }, features });

describe("calling by key (S0-63, S0-64)", () => {
  test("is everybody's where the catalogue has no such feature", () => {
    expect(resolveApiAccess({ features: [{ key: "ai_chat" }], plans: [] }, held({}))).toEqual({
      isGranted: true,
    });
  });

  test.each([
    [{ api_access: true }, true],
    [{ api_access: 1000 }, true],
    [{ api_access: "read" }, true],
    [{ api_access: false }, false],
    [{ api_access: 0 }, false],
    [{}, false],
  ])("with %o is granted: %s", (features, isGranted) => {
    expect(resolveApiAccess({ features: FEATURES, plans: [] }, held(features)).isGranted).toBe(isGranted);
  });

  test("is refused with the cheapest plan on public sale that has it, by the month", () => {
    const plans = [
      plan("without", { prices: [price(1)], features: {} }),
      plan("invited", { prices: [price(2)], availability: "invite" }),
      plan("by-application", { prices: [] }),
      plan("monthly", { prices: [price(1100)] }),
      plan("yearly", { prices: [price(12_000, "year"), price(5000)] }),
    ];
    expect(resolveApiAccess({ features: FEATURES, plans }, held({}))).toEqual({
      isGranted: false,
      planName: "Free",
      suggestion: { kind: "upgrade", plan: "yearly", name: "YEARLY" },
    });
  });

  test("names none where none is to be had", () => {
    expect(resolveApiAccess({ features: FEATURES, plans: [] }, held({}))).toMatchObject({ suggestion: null });
  });
});
