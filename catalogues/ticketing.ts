import type { Catalogue } from "@/lib/domain/catalogue";
import { COMMON_POLICY, LOCAL_MODEL } from "./common";

/** A help desk: tickets by a monthly fee with overage, or by credits that are bought ahead. */
export const ticketing: Catalogue = {
  key: "ticketing",
  name: "Ticketing",
  currency: "usd",
  customerType: "personal",
  meters: [
    { key: "tickets", name: "Tickets", unit: "tickets", kind: "counter", creditsPerUnit: 1 },
    { key: "agent_interactions", name: "Agent interactions", unit: "interactions", kind: "counter" },
  ],
  features: [
    { key: "chat", name: "Chat with the agents" },
    { key: "priority_support", name: "Priority support" },
  ],
  plans: [
    {
      slug: "free",
      name: "Free",
      tagline: "Ten tickets to see how it works.",
      availability: "public",
      prices: [],
      allowances: [
        { meter: "tickets", window: "period", amount: 10, beyond: ["block"] },
        { meter: "agent_interactions", window: "period", amount: 100, beyond: ["block"], source: "ours" },
      ],
      features: { chat: true },
    },
    {
      slug: "premium",
      name: "Premium",
      tagline: "For a team that answers every day.",
      availability: "public",
      isPopular: true,
      prices: [{ interval: "month", intervalCount: 1, amountMinor: 19900 }],
      billingModels: ["fixed_fee", "credit_burndown"],
      allowances: [
        { meter: "tickets", window: "period", amount: 100, beyond: ["overage", "block"] },
        { meter: "agent_interactions", window: "period", amount: 2000, beyond: ["block"], source: "ours" },
      ],
      overage: [{ meter: "tickets", tiers: [{ upTo: null, unitAmountMinor: 199 }] }],
      features: { chat: true },
    },
    {
      slug: "enterprise",
      name: "Enterprise",
      tagline: "For a desk that never closes.",
      availability: "public",
      prices: [{ interval: "month", intervalCount: 1, amountMinor: 59900 }],
      billingModels: ["fixed_fee", "credit_burndown"],
      allowances: [
        { meter: "tickets", window: "period", amount: 400, beyond: ["overage", "block"] },
        { meter: "agent_interactions", window: "period", amount: 10_000, beyond: ["block"], source: "ours" },
      ],
      overage: [{ meter: "tickets", tiers: [{ upTo: null, unitAmountMinor: 125 }] }],
      features: { chat: true, priority_support: true },
    },
  ],
  creditPacks: [
    { slug: "tickets-25", name: "25 tickets", credits: 25, amountMinor: 6000, source: "ours" },
    { slug: "tickets-100", name: "100 tickets", credits: 100, amountMinor: 21900, source: "ours" },
    { slug: "tickets-400", name: "400 tickets", credits: 400, amountMinor: 79900, source: "ours" },
  ],
  priceBook: { models: [LOCAL_MODEL], typicalCall: null },
  playground: {
    chat: { meter: "agent_interactions", feature: "chat", stopsWith: "tickets" },
    actions: [{ label: "Create a ticket", meter: "tickets", quantity: 1 }],
  },
  policy: {
    ...COMMON_POLICY,
    proration: "always_invoice",
    limitReached: { text: "Usage limit exceeded. Please upgrade your plan.", status: 403 },
    overageCapMinor: 50_000,
    creditsOnModelChange: "expire",
  },
  words: {
    credit: { one: "ticket credit", many: "ticket credits" },
    creditPack: { one: "ticket pack", many: "ticket packs" },
  },
};
