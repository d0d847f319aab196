import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { community } from "@/catalogues/community";
import { learning } from "@/catalogues/learning";
import { readPreset } from "@/catalogues/read-preset";
import { ticketing } from "@/catalogues/ticketing";
import { catalogueEdits, edited } from "@/local/testing/catalogue-edits";
import type { Catalogue, CataloguePlan } from "./catalogue";
import { diffCatalogues } from "./catalogue-diff";
import { normalizeCatalogue } from "./normalize-catalogue";

const withPremium = (change: Partial<CataloguePlan>, base: Catalogue = learning): Catalogue => ({
  ...base,
  plans: base.plans.map((plan) => (plan.slug === "premium" ? { ...plan, ...change } : plan)),
});
const words = (from: Catalogue | null, to: Catalogue) =>
  diffCatalogues(from, to).map((change) => change.words);
const [month, year] = [
  { interval: "month", intervalCount: 1, amountMinor: 1999 },
  { interval: "year", intervalCount: 1, amountMinor: 19999 },
] as const;
const keeping = "(a new price is made, the old one is archived; those who have it keep it)";

describe("a change of a plan in words", () => {
  test.each<[Partial<CataloguePlan>, string[]]>([
    [
      { prices: [{ ...month, amountMinor: 2499 }, year] },
      [`Premium: price per month $19.99 → $24.99 ${keeping}`],
    ],
    [
      { prices: [month] },
      ["Premium: price $199.99 per year is no longer on sale; those who have it keep it"],
    ],
    [
      { prices: [month, year, { ...month, intervalCount: 3, amountMinor: 5000 }] },
      ["Premium: price $50 per quarter is new"],
    ],
    [{ prices: [month, year, { ...month, currency: "jpy" }] }, ["Premium: price ¥1,999 per month is new"]],
    [
      { prices: [{ ...month, taxBehavior: "inclusive" }, year] },
      [`Premium: tax on the price per month exclusive → inclusive ${keeping}`],
    ],
    [
      { allowances: [{ meter: "ai_requests", window: "day", amount: 60, beyond: ["block"] }] },
      ["Premium: AI requests a day 50 → 60", "Premium: AI requests a month is no longer limited or included"],
    ],
    [
      { trial: { days: 1, requiresCard: true } },
      ["Premium: trial of 14 days without a card → of 1 day with a card"],
    ],
    [
      { trial: undefined, isPopular: undefined },
      ["Premium: recommended yes → no", "Premium: trial of 14 days without a card → none"],
    ],
    [
      { name: "Plus", availability: "invite" },
      ['Plus: name "Premium" → "Plus"', "Plus: availability public → invite"],
    ],
    [
      {
        features: {
          ai_chat: true,
          ai_hints: "Three",
          ai_quiz: false,
          ai_reflection: true,
          priority_support: true,
          api_access: true,
        },
      },
      ['Premium: AI hints on → "Three"', "Premium: AI quizzes on → off", "Premium: API access off → on"],
    ],
    [{ availability: "hidden" }, ["Premium: no longer on sale; those who have it keep it"]],
    [
      { seats: null, billingModels: ["credit_burndown"] },
      ["Premium: paid by a fee → credits", "Premium: seats 1 → any number"],
    ],
  ])("%j", (change, expected) => {
    expect(words(learning, withPremium(change))).toEqual(expected);
  });

  test("overage and what happens beyond an allowance (S2-05..S2-16)", () => {
    const overage = [
      {
        meter: "tickets",
        tiers: [
          { upTo: 50, unitAmountMinor: 199 },
          { upTo: null, unitAmountMinor: 150 },
        ],
      },
    ];
    expect(words(ticketing, withPremium({ overage }, ticketing))).toEqual([
      "Premium: overage of Tickets $1.99 each → $1.99 each up to 50, then $1.50 each",
    ]);
    const allowances = [
      {
        meter: "tickets",
        window: "period" as const,
        amount: 100,
        beyond: ["credits" as const, "block" as const],
      },
    ];
    expect(words(ticketing, withPremium({ allowances, overage: undefined }, ticketing))).toContain(
      "Premium: beyond Tickets per billing period overage, then block → credits, then block",
    );
  });
});

test("each change says where it is", () => {
  const changes = diffCatalogues(
    learning,
    withPremium({ prices: [{ ...month, amountMinor: 2499 }, year], name: "Plus" }),
  );
  expect(changes.map(({ path }) => path)).toEqual(["plans.premium.name", "plans.premium.prices.1month_usd"]);
});

describe("a change of the rest in words", () => {
  test.each<[Partial<Catalogue>, string[]]>([
    [
      { plans: community.plans.slice(0, 3) },
      ["Creator / Mentor: no longer on sale; those who have it keep it"],
    ],
    [
      { plans: [0, 2, 1, 3].flatMap((index) => community.plans[index] ?? []) },
      ["Plans: from the lowest to the highest, the order is now explorer, pro-learn, community-pro, creator"],
    ],
    [
      { creditPacks: [{ slug: "starter", name: "Start", credits: 5, amountMinor: 600 }] },
      [
        'Pack Start: name "Starter" → "Start"',
        "Pack Start: credits 100,000 → 5",
        "Pack Start: price $5 → $6",
        "Pack Booster: no longer on sale; credits that were bought stay",
        "Pack Power: no longer on sale; credits that were bought stay",
      ],
    ],
    [
      {
        policy: {
          ...community.policy,
          graceDays: 5,
          refund: { subscriptionDays: null, creditPackDays: null },
          overageCapMinor: 500,
          autoRenews: false,
        },
      },
      [
        "Policy: auto renews yes → no",
        "Policy: grace days 7 → 5",
        "Policy: overage cap $0 → $5",
        "Policy: refund subscription days 7 → none",
      ],
    ],
    [
      { policy: { ...community.policy, warnings: community.policy.warnings.slice(1) } },
      ['Policy: warnings "80" is gone'],
    ],
    [
      { words: { ...community.words, credit: { one: "coin", many: "coins" } } },
      ['Words: credit many "tokens" → "coins"', 'Words: credit one "token" → "coin"'],
    ],
    [
      { meters: [...community.meters, { key: "images", name: "Images", unit: "images", kind: "counter" }] },
      ['Meters "images" is new'],
    ],
    [
      { features: [{ key: "ai_chat", name: "Chat" }, ...community.features.slice(1)] },
      ['Features: "ai_chat" name "AI chat" → "Chat"'],
    ],
    [
      { priceBook: { models: [], typicalCall: null } },
      [
        'Price book: models "local-1" is gone',
        "Price book: typical call inputTokens 1200, model local-1, outputTokens 330 → none",
      ],
    ],
    [{ currency: "eur", creditPacks: [] }, expect.arrayContaining(['Catalogue: currency "usd" → "eur"'])],
    [
      { key: "other", name: "Other", customerType: "group" },
      [
        'Catalogue: key "community" → "other"',
        'Catalogue: name "Community" → "Other"',
        'Catalogue: sold to "personal" → "group"',
      ],
    ],
  ])("%#", (change, expected) => {
    expect(words(community, { ...community, ...change })).toEqual(expected);
  });

  test("where nothing is published, all that is sold is new", () => {
    expect(words(null, community)).toEqual([
      "Free / Explorer: new, free of charge",
      "Community Pro: new, $54 per quarter",
      "Pro Learn: new, $105 per quarter",
      "Creator / Mentor: new, by invitation, free of charge",
      "Pack Starter: new, 100,000 credits for $5",
      "Pack Booster: new, 500,000 credits for $20",
      "Pack Power: new, 1,000,000 credits for $35",
    ]);
  });
});

test("whatever is edited: nothing is said exactly when the same is promised, and each place once", () => {
  const onSale = (catalogue: Catalogue) => {
    const normal = normalizeCatalogue(catalogue);
    return JSON.stringify({
      ...normal,
      plans: normal.plans.filter((plan) => plan.availability !== "hidden"),
    });
  };
  fc.assert(
    fc.property(fc.constantFrom("community", "ticketing", "learning"), catalogueEdits(5), (key, edits) => {
      const from = readPreset(key);
      const to = edited(from, edits);
      for (const [a, b] of [
        [from, to],
        [to, from],
      ] as const) {
        const changes = diffCatalogues(a, b);
        expect(changes.length === 0).toBe(onSale(a) === onSale(b));
        expect(changes.map((change) => change.words)).not.toContainEqual(
          expect.stringMatching(/undefined|\[object|NaN/),
        );
      }
    }),
  );
});
