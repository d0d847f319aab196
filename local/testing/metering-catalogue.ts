import { community } from "@/catalogues/community";
import type { Catalogue } from "@/lib/domain/catalogue";

/**
 * Everything that metering can do, in small numbers that run out often: several windows at once, credits before and
 * after overage, overage in tiers of which a later one is cheaper, meters that nothing pays for.
 */
export function meteringCatalogue(uncovered: "write_off" | "debt"): Catalogue {
  return {
    ...community,
    key: "metering",
    name: "Metering",
    meters: [
      { key: "words", name: "Words", unit: "words", kind: "counter", creditsPerUnit: 3 },
      { key: "calls", name: "Calls", unit: "calls", kind: "counter", creditsPerUnit: 1 },
      { key: "pages", name: "Pages", unit: "pages", kind: "counter" },
      { key: "images", name: "Images", unit: "images", kind: "counter", creditsPerUnit: 2 },
    ],
    features: [],
    plans: [
      {
        slug: "nothing",
        name: "Nothing",
        tagline: "Little of everything.",
        availability: "public",
        prices: [],
        allowances: [
          { meter: "words", window: "day", amount: 20, beyond: ["credits", "block"] },
          { meter: "words", window: "month", amount: 90, beyond: ["credits", "block"] },
          { meter: "calls", window: "lifetime", amount: 30, beyond: ["credits", "block"] },
          { meter: "pages", window: "month", amount: 12, beyond: ["block"] },
        ],
        features: {},
      },
      {
        slug: "some",
        name: "Some",
        tagline: "Credits before overage.",
        availability: "invite",
        prices: [],
        seats: null,
        allowances: [
          { meter: "words", window: "day", amount: 40, beyond: ["credits", "block"] },
          { meter: "words", window: "month", amount: null, beyond: ["block"] },
          { meter: "calls", window: "period", amount: 25, beyond: ["credits", "overage", "block"] },
          { meter: "pages", window: "period", amount: 15, beyond: ["overage", "block"] },
          { meter: "pages", window: "day", amount: 60, beyond: ["block"] },
          { meter: "images", window: "month", amount: 0, beyond: ["credits", "block"] },
        ],
        overage: [
          { meter: "calls", tiers: [{ upTo: null, unitAmountMinor: 7 }] },
          {
            meter: "pages",
            tiers: [
              { upTo: 10, unitAmountMinor: 20 },
              { upTo: 30, unitAmountMinor: 15 },
              { upTo: null, unitAmountMinor: 9 },
            ],
          },
        ],
        features: {},
      },
      {
        slug: "more",
        name: "More",
        tagline: "Overage before credits.",
        availability: "invite",
        prices: [],
        seats: null,
        allowances: [
          { meter: "words", window: "month", amount: 150, beyond: ["credits", "block"] },
          { meter: "calls", window: "period", amount: 40, beyond: ["overage", "credits", "block"] },
          { meter: "pages", window: "period", amount: 25, beyond: ["overage", "block"] },
        ],
        overage: [
          {
            meter: "calls",
            tiers: [
              { upTo: 5, unitAmountMinor: 30 },
              { upTo: null, unitAmountMinor: 11 },
            ],
          },
          { meter: "pages", tiers: [{ upTo: null, unitAmountMinor: 12 }] },
        ],
        features: {},
      },
    ],
    creditPacks: [],
    playground: { chat: null, actions: [] },
    priceBook: { models: [], typicalCall: null },
    policy: { ...community.policy, overageCapMinor: 900, uncovered },
  };
}
