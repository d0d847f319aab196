import { describe, expect, test } from "vitest";
import { community } from "@/catalogues/community";
import { PRESETS, readPreset } from "@/catalogues/read-preset";
import { type Catalogue, type CataloguePlan, parseCatalogue } from "./catalogue";
import { normalizeCatalogue } from "./normalize-catalogue";

const asText = (catalogue: Catalogue) => JSON.stringify(normalizeCatalogue(catalogue));
const withPlan = (change: (plan: CataloguePlan) => CataloguePlan): Catalogue => ({
  ...community,
  plans: community.plans.map((plan) => (plan.slug === "community-pro" ? change(plan) : plan)),
});

describe.each(Object.keys(PRESETS))("the normal form of %s", (key) => {
  test("is a catalogue itself, and its own normal form", () => {
    const normal = normalizeCatalogue(readPreset(key));
    expect(asText(parseCatalogue(normal))).toBe(JSON.stringify(normal));
    expect(JSON.stringify(normal)).not.toContain('"source"');
  });
});

describe("two catalogues that promise the same are equal", () => {
  test.each<[string, Catalogue]>([
    [
      "a default is said",
      withPlan((plan) => ({ ...plan, seats: 1, billingModels: ["fixed_fee"], overage: [] })),
    ],
    [
      "a price says the catalogue's own currency and tax behaviour",
      withPlan((plan) => ({
        ...plan,
        prices: plan.prices.map((price) => ({ ...price, currency: "usd", taxBehavior: "exclusive" })),
      })),
    ],
    ["a number is marked as ours", withPlan((plan) => ({ ...plan, source: "ours" }))],
    [
      "allowances stand in another order",
      withPlan((plan) => ({ ...plan, allowances: plan.allowances.toReversed() })),
    ],
    [
      "features stand in another order",
      withPlan((plan) => ({
        ...plan,
        features: Object.fromEntries(Object.entries(plan.features).toReversed()),
      })),
    ],
    [
      "warnings and keys stand in another order",
      {
        ...community,
        policy: {
          ...Object.fromEntries(Object.entries(community.policy).toReversed()),
          warnings: community.policy.warnings.toReversed(),
        } as Catalogue["policy"],
      }, // the same members
    ],
    [
      "a meter says that each call counts as one",
      { ...community, meters: community.meters.map((meter) => ({ measuredBy: "call", ...meter })) },
    ],
  ])("when %s", (_, catalogue) => {
    expect(asText(catalogue)).toBe(asText(community));
  });
});

test.each<[string, Catalogue]>([
  ["any number of seats is not one seat", withPlan((plan) => ({ ...plan, seats: null }))],
  ["the order of plans is their rank", { ...community, plans: community.plans.toReversed() }],
  [
    "what credits are used first",
    { ...community, policy: { ...community.policy, drawDown: community.policy.drawDown.toReversed() } },
  ],
])("what differs stays different: %s", (_, catalogue) => {
  expect(asText(catalogue)).not.toBe(asText(community));
});
