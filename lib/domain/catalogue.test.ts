import { describe, expect, test } from "vitest";
import { community } from "@/catalogues/community";
import { readPreset } from "@/catalogues/read-preset";
import { type Catalogue, type CataloguePlan, parseCatalogue } from "./catalogue";

describe("the community preset carries the seed's numbers", () => {
  test.each([
    ["explorer", [], 3],
    ["community-pro", [5400], 200],
    ["pro-learn", [10500], 500],
    ["creator", [], 1000],
  ])("%s costs %j a quarter and allows %i requests a day (S1-05..S1-16)", (slug, amounts, perDay) => {
    const plan = readPreset("community").plans.find((entry) => entry.slug === slug);
    expect(plan?.prices.map((price) => price.amountMinor)).toEqual(amounts);
    expect(plan?.prices.every((price) => price.interval === "month" && price.intervalCount === 3)).toBe(true);
    expect(plan?.allowances.find((allowance) => allowance.meter === "ai_requests")?.amount).toBe(perDay);
  });

  test("a trial of seven days is Community Pro's alone, and asks for a card (S1-09, S1-166, S1-170)", () => {
    expect(community.plans.flatMap((plan) => (plan.trial ? [[plan.slug, plan.trial]] : []))).toEqual([
      ["community-pro", { days: 7, requiresCard: true }],
    ]);
  });

  test("the free plan has ten projects, the others any number (S1-05, S1-10)", () => {
    const projects = community.plans.map(
      (plan) => plan.allowances.find((allowance) => allowance.meter === "projects")?.amount,
    );
    expect(projects).toEqual([10, null, null, null]);
  });

  test("three token packages (S1-17, S1-18, S1-19)", () => {
    expect(community.creditPacks.map(({ credits, amountMinor }) => [credits, amountMinor])).toEqual([
      [100_000, 500],
      [500_000, 2000],
      [1_000_000, 3500],
    ]);
  });
});

describe("a defective catalogue is refused with the path of the defect", () => {
  const plan = (index: number, change: Partial<CataloguePlan>): Catalogue => ({
    ...community,
    plans: community.plans.map((entry, position) => (position === index ? { ...entry, ...change } : entry)),
  });
  const price = { interval: "month" as const, intervalCount: 3 };
  const overage = (...ends: (number | null)[]) => ({
    meter: "ai_requests",
    tiers: ends.map((upTo) => ({ upTo, unitAmountMinor: 1 })),
  });
  const overPlan = (overages: ReturnType<typeof overage>[]) =>
    plan(1, {
      allowances: [{ meter: "ai_requests", window: "day", amount: 1, beyond: ["overage"] }],
      overage: overages,
    });
  const policy = (change: Partial<Catalogue["policy"]>) => ({
    ...community,
    policy: { ...community.policy, ...change },
  });
  const book = (change: Partial<Catalogue["priceBook"]>) => ({
    ...community,
    priceBook: { ...community.priceBook, ...change },
  });

  test.each<[string, unknown, string]>([
    [
      "a negative price",
      plan(1, { prices: [{ ...price, amountMinor: -1 }] }),
      "plans.1.prices.0.amountMinor",
    ],
    [
      "a fraction of a cent",
      plan(1, { prices: [{ ...price, amountMinor: 54.5 }] }),
      "plans.1.prices.0.amountMinor",
    ],
    [
      "a price without interval",
      plan(1, { prices: [{ amountMinor: 1 } as never] }),
      "plans.1.prices.0.interval",
    ],
    ["a duplicate slug", plan(2, { slug: "community-pro" }), "plans.2"],
    ["a trial on a plan without price", plan(3, { trial: { days: 7, requiresCard: true } }), "plans.3.trial"],
    ["an unknown feature", plan(1, { features: { teleport: true } }), "plans.1.features.teleport"],
    [
      "an unknown meter",
      plan(1, { allowances: [{ meter: "coffee", window: "day", amount: 1, beyond: ["block"] }] }),
      "plans.1.allowances.0.meter",
    ],
    ["no free plan", { ...community, plans: community.plans.slice(1) }, "plans.0"],
    ["an unknown currency format", { ...community, currency: "USD" }, "currency"],
    [
      "a pack without amount",
      { ...community, creditPacks: [{ slug: "x", name: "X", credits: 1 }] },
      "creditPacks.0.amountMinor",
    ],
    ["a misspelt member", { ...community, polices: {} }, "polices"],
    ["a currency there is none of", { ...community, currency: "xyz" }, "currency"],
    [
      "an allowance without window",
      plan(1, { allowances: [{ meter: "projects", amount: 1, beyond: ["block"] } as never] }),
      "plans.1.allowances.0.window",
    ],
    [
      "the same price twice",
      plan(1, { prices: Array(2).fill({ ...price, amountMinor: 1 }) }),
      "plans.1.prices.1",
    ],
    [
      "the same allowance twice",
      plan(1, {
        allowances: Array(2).fill({ meter: "projects", window: "day", amount: 1, beyond: ["block"] }),
      }),
      "plans.1.allowances.1",
    ],
    [
      "overage without a price",
      plan(1, { allowances: [{ meter: "projects", window: "day", amount: 1, beyond: ["overage"] }] }),
      "plans.1.allowances.0.beyond",
    ],
    [
      "credits for what costs none",
      plan(1, { allowances: [{ meter: "projects", window: "day", amount: 1, beyond: ["credits"] }] }),
      "plans.1.allowances.0.beyond",
    ],
    ["overage of what has none", plan(1, { overage: [overage(null)] }), "plans.1.overage.0.meter"],
    ["overage that ends", overPlan([overage(10)]), "plans.1.overage.0.tiers.0.upTo"],
    ["overage tiers out of order", overPlan([overage(10, 5, null)]), "plans.1.overage.0.tiers.1.upTo"],
    ["seats where one buys for oneself", plan(1, { seats: 5 }), "plans.1.seats"],
    ["two popular plans", plan(2, { isPopular: true }), "plans.2.isPopular"],
    [
      "credits to pay with and none to buy",
      { ...plan(1, { billingModels: ["credit_burndown"] }), creditPacks: [] },
      "plans.1.billingModels",
    ],
    ["a warning twice", policy({ warnings: Array(2).fill({ percent: 80, text: "x" }) }), "policy.warnings.1"],
    ["credits that are never drawn", policy({ drawDown: ["plan", "purchased"] }), "policy.drawDown"],
    ["a cap without end", policy({ overageCapMinor: Number.POSITIVE_INFINITY }), "policy.overageCapMinor"],
    [
      "a negative rate",
      book({ models: [{ key: "m", name: "M", creditsPerMillion: { input: -1, output: 1 } }] }),
      "priceBook.models.0.creditsPerMillion.input",
    ],
    [
      "a rate finer than a billionth",
      book({ models: [{ key: "m", name: "M", creditsPerMillion: { input: 1, output: 1e-10 } }] }),
      "priceBook.models.0.creditsPerMillion.output",
    ],
    [
      "a price of four years",
      plan(1, { prices: [{ interval: "year", intervalCount: 4, amountMinor: 1 }] }),
      "plans.1.prices.0.intervalCount",
    ],
    [
      "an amount that Stripe does not take in its currency",
      plan(1, { prices: [{ ...price, amountMinor: 1990, currency: "isk" }] }),
      "plans.1.prices.0.amountMinor",
    ],
    [
      "a typical call of no model",
      book({ typicalCall: { model: "gone", inputTokens: 1, outputTokens: 1 } }),
      "priceBook.typicalCall.model",
    ],
    [
      "a playground of no meter",
      { ...community, playground: { chat: { meter: "coffee" }, actions: [] } },
      "playground.chat.meter",
    ],
  ])("%s", (_name, catalogue, path) => {
    expect(() => parseCatalogue(catalogue)).toThrow(path);
  });
});

test("an unknown preset is refused, naming those there are", () => {
  expect(() => readPreset("nothing")).toThrow(/community/);
  expect(() => readPreset("constructor")).toThrow(/community/);
});
