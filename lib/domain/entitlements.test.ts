import { describe, expect, test } from "vitest";
import type { PlanTerms } from "./catalogue";
import { type PlanGrantFacts, resolveEntitlements } from "./entitlements";

const NOW = new Date("2026-03-10T12:00:00Z");
const POLICY = { graceDays: 7, afterEnd: "limited" } as const;

function plan(slug: string, rank: number): PlanTerms {
  return {
    planVersionId: slug,
    slug,
    rank,
    version: 1,
    name: slug,
    tagline: slug,
    availability: "public",
    isPopular: false,
    billingModels: ["fixed_fee"],
    seats: 1,
    overage: [],
    trial: null,
    prices: [],
    allowances: [{ meter: "ai_requests", window: "day", amount: rank * 100, beyond: ["block"] }],
    features: { ai_chat: true },
  };
}

const FREE = plan("free", 0);

function grant(terms: PlanTerms, status: string | null, rest: Partial<PlanGrantFacts> = {}): PlanGrantFacts {
  const subscription =
    status === null ? null : { id: `sub_${terms.slug}`, status, firstFailedAt: null, isCurrent: true };
  const source = status === null ? "comp" : "subscription";
  return { terms, source, startsAt: new Date("2026-01-01T00:00:00Z"), endsAt: null, subscription, ...rest };
}

const resolve = (
  grants: PlanGrantFacts[],
  policy: Parameters<typeof resolveEntitlements>[0]["policy"] = POLICY,
) => resolveEntitlements({ freePlan: FREE, grants, policy, now: NOW });

describe("which plan is in force", () => {
  test("nobody without a grant has less than the whole free plan (S0-01, S0-15)", () => {
    expect(resolve([])).toMatchObject({ access: "full", plan: { slug: "free" } });
  });

  test.each(["trialing", "active", "past_due"])("%s has the plan bought (K-15, D-10)", (status) => {
    expect(resolve([grant(plan("pro", 1), status)]).plan.slug).toBe("pro");
  });

  test.each(["canceled", "unpaid", "paused"])("%s has the free plan", (status) => {
    expect(resolve([grant(plan("pro", 1), status)])).toMatchObject({
      access: "limited",
      plan: { slug: "free" },
    });
  });

  test("the higher plan counts when two are held", () => {
    expect(resolve([grant(plan("max", 2), null), grant(plan("pro", 1), "active")]).plan.slug).toBe("max");
  });

  test("a live subscription that is not the current one grants nothing (K-23)", () => {
    const surplus = grant(plan("max", 2), "active");
    if (surplus.subscription) surplus.subscription.isCurrent = false;
    expect(resolve([surplus, grant(plan("pro", 1), "active")]).plan.slug).toBe("pro");
  });

  test.each([
    ["has not begun", { startsAt: new Date(NOW.getTime() + 1) }, "free"],
    ["begins now", { startsAt: NOW }, "pro"],
    ["ends in a millisecond", { endsAt: new Date(NOW.getTime() + 1) }, "pro"],
    ["ends now", { endsAt: NOW }, "free"],
  ])("a gift that %s", (_name, times, slug) => {
    expect(resolve([grant(plan("pro", 1), null, times)]).plan.slug).toBe(slug);
  });

  test("past due beyond its grace has the free plan, even where the catalogue leaves nothing after the end", () => {
    const pastDue = grant(plan("pro", 1), "past_due");
    if (pastDue.subscription) pastDue.subscription.firstFailedAt = new Date("2026-03-01T12:00:00Z");
    expect(resolve([pastDue], { graceDays: 7, afterEnd: "none" })).toMatchObject({
      access: "limited",
      plan: { slug: "free" },
    });
  });

  test("where the catalogue leaves nothing after the end, every allowance is zero", () => {
    const { access, allowances, features } = resolve([grant(plan("pro", 1), "canceled")], {
      graceDays: 7,
      afterEnd: "none",
    });
    expect({ access, features }).toEqual({ access: "none", features: {} });
    expect(allowances).toMatchObject([{ amount: 0, beyond: ["block"] }]);
  });
});

describe("seats and overage", () => {
  const tiers = (unitAmountMinor: number) => [{ meter: "tickets", tiers: [{ upTo: null, unitAmountMinor }] }];
  const free = { ...FREE, seats: 2, overage: tiers(9) };
  const team = { ...plan("team", 1), seats: null, overage: tiers(5) };
  const resolveTeam = (status: string | null, afterEnd: "limited" | "none" = "limited") =>
    resolveEntitlements({
      freePlan: free,
      grants: status === null ? [] : [grant(team, status)],
      policy: { graceDays: 7, afterEnd },
      now: NOW,
    });

  test.each([
    ["the plan's while it is in force", "active", team],
    ["the plan's in the payment grace", "past_due", team],
    ["the free plan's for nobody's grant", null, free],
    ["the free plan's after the end", "canceled", free],
  ])("are %s (S2-06, S3-07)", (_name, status, { seats, overage }) => {
    expect(resolveTeam(status)).toMatchObject({ seats, overage });
  });

  test("without any access the owner alone has a seat, and nothing is sold beyond nothing", () => {
    expect(resolveTeam("canceled", "none")).toMatchObject({ access: "none", seats: 1, overage: [] });
  });
});
