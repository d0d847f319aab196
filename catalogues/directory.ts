import type { Catalogue } from "@/lib/domain/catalogue";
import { COMMON_POLICY } from "./common";

/** A directory, in dollars and euros: what is sold is access for a month, and it ends unless one buys the next. Nothing is counted. */
export const directory: Catalogue = {
  key: "directory",
  name: "Directory",
  currency: "usd",
  customerType: "personal",
  meters: [],
  features: [
    { key: "search", name: "Search the directory" },
    { key: "ratings", name: "Ratings and reviews" },
    { key: "contacts", name: "Contact details" },
    { key: "comparison", name: "Side-by-side comparison" },
    { key: "export", name: "Export of lists" },
    { key: "priority_support", name: "Priority support" },
  ],
  plans: [
    {
      slug: "free",
      name: "Free",
      tagline: "Look around the directory.",
      availability: "public",
      prices: [],
      allowances: [],
      features: { search: true },
    },
    {
      slug: "premium",
      name: "Premium",
      tagline: "See what others say, and get in touch.",
      availability: "public",
      isPopular: true,
      prices: [
        { interval: "month", intervalCount: 1, amountMinor: 3900, source: "ours" },
        { interval: "month", intervalCount: 1, amountMinor: 3500, currency: "eur", source: "ours" },
      ],
      allowances: [],
      features: { search: true, ratings: true, contacts: true },
    },
    {
      slug: "enterprise",
      name: "Enterprise",
      tagline: "For those who compare and decide for many.",
      availability: "public",
      prices: [
        { interval: "month", intervalCount: 1, amountMinor: 14900, source: "ours" },
        { interval: "month", intervalCount: 1, amountMinor: 13900, currency: "eur", source: "ours" },
      ],
      allowances: [],
      features: {
        search: true,
        ratings: true,
        contacts: true,
        comparison: true,
        export: true,
        priority_support: true,
      },
    },
  ],
  creditPacks: [],
  priceBook: { models: [], typicalCall: null },
  playground: { chat: null, actions: [] },
  policy: { ...COMMON_POLICY, autoRenews: false, reminderDays: [3] },
  words: {
    credit: { one: "credit", many: "credits" },
    creditPack: { one: "credit pack", many: "credit packs" },
  },
};
