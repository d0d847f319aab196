import type { Catalogue } from "@/lib/domain/catalogue";
import { COMMON_POLICY, LOCAL_MODEL } from "./common";

/** A learning platform: three plans by the month or the year, with a day's and a month's AI requests. */
export const learning: Catalogue = {
  key: "learning",
  name: "Learning",
  currency: "usd",
  customerType: "personal",
  meters: [{ key: "ai_requests", name: "AI requests", unit: "requests", kind: "counter" }],
  features: [
    { key: "ai_chat", name: "AI chat" },
    { key: "ai_hints", name: "AI hints" },
    { key: "ai_quiz", name: "AI quizzes" },
    { key: "ai_reflection", name: "AI reflection" },
    { key: "ai_path", name: "AI learning paths" },
    { key: "priority_support", name: "Priority support" },
    { key: "custom_models", name: "Custom models" },
    { key: "api_access", name: "API access" },
  ],
  plans: [
    {
      slug: "free",
      name: "Free",
      tagline: "Try the AI on a few questions a day.",
      availability: "public",
      prices: [],
      allowances: [
        { meter: "ai_requests", window: "day", amount: 3, beyond: ["block"] },
        { meter: "ai_requests", window: "month", amount: 50, beyond: ["block"] },
      ],
      features: { ai_chat: true },
    },
    {
      slug: "premium",
      name: "Premium",
      tagline: "Hints, quizzes and reflection for every day's study.",
      availability: "public",
      isPopular: true,
      trial: { days: 14, requiresCard: false },
      prices: [
        { interval: "month", intervalCount: 1, amountMinor: 1999 },
        { interval: "year", intervalCount: 1, amountMinor: 19999 },
      ],
      allowances: [
        { meter: "ai_requests", window: "day", amount: 50, beyond: ["block"] },
        { meter: "ai_requests", window: "month", amount: 1000, beyond: ["block"] },
      ],
      features: { ai_chat: true, ai_hints: true, ai_quiz: true, ai_reflection: true, priority_support: true },
    },
    {
      slug: "enterprise",
      name: "Enterprise",
      tagline: "Everything, with models of your own and the API.",
      availability: "public",
      trial: { days: 14, requiresCard: false },
      prices: [
        { interval: "month", intervalCount: 1, amountMinor: 4999 },
        { interval: "year", intervalCount: 1, amountMinor: 49999 },
      ],
      allowances: [
        { meter: "ai_requests", window: "day", amount: 200, beyond: ["block"] },
        { meter: "ai_requests", window: "month", amount: 5000, beyond: ["block"] },
      ],
      features: {
        ai_chat: true,
        ai_hints: true,
        ai_quiz: true,
        ai_reflection: true,
        ai_path: true,
        priority_support: true,
        custom_models: true,
        api_access: true,
      },
    },
  ],
  creditPacks: [],
  priceBook: { models: [LOCAL_MODEL], typicalCall: null },
  playground: {
    chat: { meter: "ai_requests", feature: "ai_chat" },
    actions: [
      { label: "Ask for a hint", meter: "ai_requests", quantity: 1 },
      { label: "Make a quiz", meter: "ai_requests", quantity: 1 },
    ],
  },
  policy: {
    ...COMMON_POLICY,
    trial: { oncePer: "person" },
    limitReached: { text: "You have used all AI requests your plan includes.", status: 403 },
  },
  words: {
    credit: { one: "credit", many: "credits" },
    creditPack: { one: "credit pack", many: "credit packs" },
  },
};
