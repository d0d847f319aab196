import type { Catalogue } from "@/lib/domain/catalogue";
import { COMMON_POLICY, LOCAL_MODEL } from "./common";

/** AI for teams: one subscription for the group, whose members share its tokens for text and voice. */
export const teamTokens: Catalogue = {
  key: "team-tokens",
  name: "Team tokens",
  currency: "usd",
  customerType: "group",
  meters: [
    { key: "llm_tokens", name: "LLM tokens", unit: "tokens", kind: "counter", measuredBy: "llm_tokens" },
    { key: "voice_tokens", name: "Voice tokens", unit: "tokens", kind: "counter", measuredBy: "voice" },
  ],
  features: [
    { key: "ai_chat", name: "AI chat" },
    { key: "voice_chat", name: "Voice chat" },
    { key: "usage_reports", name: "Usage reports" },
  ],
  plans: [
    {
      slug: "free",
      name: "Free",
      tagline: "For two people who want to try it.",
      availability: "public",
      prices: [],
      seats: 2,
      allowances: [
        { meter: "llm_tokens", window: "period", amount: 10_000, beyond: ["block"], source: "ours" },
        { meter: "voice_tokens", window: "period", amount: 5000, beyond: ["block"], source: "ours" },
      ],
      features: { ai_chat: true, voice_chat: true },
      source: "ours",
    },
    {
      slug: "basic",
      name: "Basic",
      tagline: "One subscription for the whole group.",
      availability: "public",
      isPopular: true,
      prices: [{ interval: "month", intervalCount: 1, amountMinor: 2999 }],
      seats: 10,
      allowances: [
        { meter: "llm_tokens", window: "period", amount: 100_000, beyond: ["block"] },
        { meter: "voice_tokens", window: "period", amount: 50_000, beyond: ["block"] },
      ],
      features: { ai_chat: true, voice_chat: true, usage_reports: true },
    },
    {
      slug: "business",
      name: "Business",
      tagline: "Five times the tokens, for up to fifty.",
      availability: "public",
      prices: [{ interval: "month", intervalCount: 1, amountMinor: 11999, source: "ours" }],
      seats: 50,
      allowances: [
        { meter: "llm_tokens", window: "period", amount: 500_000, beyond: ["block"], source: "ours" },
        { meter: "voice_tokens", window: "period", amount: 250_000, beyond: ["block"], source: "ours" },
      ],
      features: { ai_chat: true, voice_chat: true, usage_reports: true },
      source: "ours",
    },
  ],
  creditPacks: [],
  priceBook: { models: [LOCAL_MODEL], typicalCall: null },
  playground: { chat: { meter: "llm_tokens", feature: "ai_chat" }, actions: [] },
  policy: {
    ...COMMON_POLICY,
    warnings: [
      { percent: 80, text: "Warning - approaching limit. Consider upgrading." },
      { percent: 90, text: "Warning - approaching limit. Consider upgrading." },
      { percent: 100, text: "Limit reached - upgrade required" },
    ],
    limitReached: { text: "Limit reached - upgrade required", status: 403 },
    checkout: "elements",
  },
  words: {
    credit: { one: "credit", many: "credits" },
    creditPack: { one: "credit pack", many: "credit packs" },
  },
};
