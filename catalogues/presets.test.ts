import { describe, expect, test } from "vitest";
import type { Catalogue } from "@/lib/domain/catalogue";
import { PRESETS, readPreset } from "./read-preset";

type Plan = Catalogue["plans"][number];

/** A plan in the numbers its source has. */
function numbersOf({ slug, prices, allowances, trial }: Plan) {
  return {
    slug,
    prices: prices.map(({ interval, intervalCount, amountMinor }) => [intervalCount, interval, amountMinor]),
    allowances: allowances.map(({ meter, window, amount, beyond }) => [meter, window, amount, beyond.join()]),
    trial: trial ? [trial.days, trial.requiresCard] : null,
  };
}

function featuresOf({ plans, features }: Catalogue): Record<string, string[]> {
  const has = (plan: Plan) => features.map(({ key }) => key).filter((key) => plan.features[key] === true);
  return Object.fromEntries(plans.map((plan) => [plan.slug, has(plan)]));
}

test.each(Object.keys(PRESETS))("%s is a valid catalogue with one popular plan, found by its key", (key) => {
  const preset = readPreset(key);
  expect(preset.key).toBe(key);
  expect(preset.plans.filter(({ isPopular }) => isPopular)).toHaveLength(1);
  expect(Number.isFinite(preset.policy.overageCapMinor)).toBe(true);
});

describe("learning", () => {
  const learning = readPreset("learning");

  test("three plans by the month or the year, with a day's and a month's requests (S0-61, S0-62, S0-63, S0-26)", () => {
    const requests = (day: number, month: number) => [
      ["ai_requests", "day", day, "block"],
      ["ai_requests", "month", month, "block"],
    ];
    const prices = (month: number, year: number) => [
      [1, "month", month],
      [1, "year", year],
    ];
    expect(learning.plans.map(numbersOf)).toEqual([
      { slug: "free", prices: [], allowances: requests(3, 50), trial: null },
      { slug: "premium", prices: prices(1999, 19999), allowances: requests(50, 1000), trial: [14, false] },
      {
        slug: "enterprise",
        prices: prices(4999, 49999),
        allowances: requests(200, 5000),
        trial: [14, false],
      },
    ]);
  });

  test("what each plan can do, by the seed's own keys (S0-64)", () => {
    const all =
      "ai_chat ai_hints ai_quiz ai_reflection ai_path priority_support custom_models api_access".split(" ");
    expect(learning.features.map(({ key }) => key)).toEqual(all);
    expect(featuresOf(learning)).toEqual({
      free: ["ai_chat"],
      premium: ["ai_chat", "ai_hints", "ai_quiz", "ai_reflection", "priority_support"],
      enterprise: all,
    });
  });
});

describe("community", () => {
  const community = readPreset("community");

  test("purchased tokens never expire and are drawn last, on top of the plan (S1-20, S1-21)", () => {
    expect(community.policy.drawDown.at(-1)).toBe("purchased");
    expect(community.policy.creditsOnModelChange).toBe("keep");
    const [explorer] = community.plans;
    expect(explorer?.allowances[0]).toMatchObject({ amount: 3, beyond: ["credits", "block"] });
    expect(community.meters[0]?.creditsPerUnit).toBe(1);
  });

  test("a subscription is given back within seven days, tokens never; the limit says so in the seed's words (K-26, S1-94)", () => {
    expect(community.policy.refund).toEqual({ subscriptionDays: 7, creditPackDays: null });
    expect(community.policy.limitReached).toEqual({ text: "Upgrade or buy tokens", status: 403 });
  });
});

describe("ticketing", () => {
  const ticketing = readPreset("ticketing");

  test("ten tickets, then none; a hundred or four hundred, then overage each (S2-05, S2-06, S2-07, S2-09, S2-10, S2-11)", () => {
    const tickets = ticketing.plans.map((plan) => [
      ...numbersOf(plan).prices.flat(),
      ...numbersOf(plan).allowances.filter(([meter]) => meter === "tickets"),
      plan.overage?.map(({ tiers }) => tiers) ?? null,
    ]);
    expect(tickets).toEqual([
      [["tickets", "period", 10, "block"], null],
      [
        1,
        "month",
        19900,
        ["tickets", "period", 100, "overage,block"],
        [[{ upTo: null, unitAmountMinor: 199 }]],
      ],
      [
        1,
        "month",
        59900,
        ["tickets", "period", 400, "overage,block"],
        [[{ upTo: null, unitAmountMinor: 125 }]],
      ],
    ]);
  });

  test("paid plans are paid by a fee or by credits, one a ticket, which end with a change between the two (S2-08, S2-13, S2-14, S2-15, S2-16)", () => {
    const both = ["fixed_fee", "credit_burndown"];
    expect(ticketing.plans.map(({ billingModels }) => billingModels)).toEqual([undefined, both, both]);
    expect(ticketing.meters.find(({ key }) => key === "tickets")?.creditsPerUnit).toBe(1);
    expect(ticketing.creditPacks.every(({ source }) => source === "ours")).toBe(true);
    expect(ticketing.policy.creditsOnModelChange).toBe("expire");
  });

  test("an upgrade is charged at once, and the limit is said in the seed's words (S2-12, S2-54)", () => {
    expect(ticketing.policy.proration).toBe("always_invoice");
    expect(ticketing.policy.limitReached).toEqual({
      text: "Usage limit exceeded. Please upgrade your plan.",
      status: 403,
    });
  });
});

describe("team-tokens", () => {
  const team = readPreset("team-tokens");

  test("Basic is $29.99 a month for ten members who share 100,000 and 50,000 tokens (S3-36, S3-07, S3-08)", () => {
    const basic = team.plans.find(({ slug }) => slug === "basic");
    expect(team.customerType).toBe("group");
    expect(basic?.seats).toBe(10);
    expect(basic && numbersOf(basic)).toEqual({
      slug: "basic",
      prices: [[1, "month", 2999]],
      allowances: [
        ["llm_tokens", "period", 100_000, "block"],
        ["voice_tokens", "period", 50_000, "block"],
      ],
      trial: null,
    });
  });

  test("the plans beside it are marked as ours", () => {
    expect(team.plans.filter(({ source }) => source === "ours").map(({ slug }) => slug)).toEqual([
      "free",
      "business",
    ]);
  });

  test("warns at 80, 90 and 100 percent in the seed's words (S3-40, S3-44, S3-45, K-21)", () => {
    expect(team.policy.warnings.map(({ percent }) => percent)).toEqual([80, 90, 100]);
    expect(team.policy.warnings[0]?.text).toBe("Warning - approaching limit. Consider upgrading.");
    expect(team.policy.warnings[2]?.text).toBe("Limit reached - upgrade required");
  });
});

describe("directory", () => {
  const directory = readPreset("directory");

  test("three plans by the month, in dollars or euros, that do not renew, with nothing counted (S4-15, S4-09, K-24)", () => {
    expect(
      directory.plans.map(({ slug, prices }) => [
        slug,
        prices.map(({ interval, currency = directory.currency }) => `${interval} ${currency}`),
      ]),
    ).toEqual([
      ["free", []],
      ["premium", ["month usd", "month eur"]],
      ["enterprise", ["month usd", "month eur"]],
    ]);
    expect(directory.plans.flatMap(({ prices }) => prices).every(({ source }) => source === "ours")).toBe(
      true,
    );
    expect(directory.meters).toEqual([]);
    expect(directory.policy.autoRenews).toBe(false);
    expect(directory.policy.reminderDays).toEqual([3]);
  });
});
