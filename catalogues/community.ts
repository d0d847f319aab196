import type { Catalogue } from "@/lib/domain/catalogue";
import { COMMON_POLICY, LOCAL_MODEL } from "./common";

/** Every tier above the free one has these; each tier adds its own. */
const COMMUNITY_PRO_FEATURES = {
  ai_chat: true,
  community: true,
  marketplace: "View",
  custom_profile: true,
  private_projects: true,
  pair_sessions: true,
  proactive_agents: true,
  analytics: "Profile views and engagement",
  priority_support: true,
};

const PRO_LEARN_FEATURES = {
  ...COMMUNITY_PRO_FEATURES,
  marketplace: "View and buy mentorship",
  analytics: "Advanced, with follower insights",
  premium_courses: "1,000+ courses",
  course_recommendations: true,
  certificates: true,
};

/** A learning community: four tiers billed by the quarter, and token packages that never expire. */
export const community: Catalogue = {
  key: "community",
  name: "Community",
  currency: "usd",
  customerType: "personal",
  meters: [
    { key: "ai_requests", name: "AI requests", unit: "requests", kind: "counter", creditsPerUnit: 1 },
    { key: "projects", name: "Projects", unit: "projects", kind: "gauge" },
  ],
  features: [
    { key: "ai_chat", name: "AI chat" },
    { key: "community", name: "All community features" },
    { key: "marketplace", name: "Marketplace" },
    { key: "custom_profile", name: "Custom profile designs" },
    { key: "private_projects", name: "Private projects" },
    { key: "pair_sessions", name: "Pair sessions and deep reviews" },
    { key: "proactive_agents", name: "Proactive AI agents" },
    { key: "analytics", name: "Analytics" },
    { key: "priority_support", name: "Priority support" },
    { key: "premium_courses", name: "Go1 premium courses" },
    { key: "course_recommendations", name: "Advanced AI course recommendations" },
    { key: "certificates", name: "Completion certificates" },
  ],
  plans: [
    {
      slug: "explorer",
      name: "Free / Explorer",
      tagline: "Look around, share your first projects, try the AI.",
      availability: "public",
      prices: [],
      allowances: [
        { meter: "ai_requests", window: "day", amount: 3, beyond: ["credits", "block"] },
        { meter: "projects", window: "lifetime", amount: 10, beyond: ["block"] },
      ],
      features: { ai_chat: true, community: true, marketplace: "View" },
    },
    {
      slug: "community-pro",
      name: "Community Pro",
      tagline: "Unlimited projects and an AI that keeps up with you.",
      availability: "public",
      isPopular: true,
      trial: { days: 7, requiresCard: true },
      prices: [{ interval: "month", intervalCount: 3, amountMinor: 5400 }],
      allowances: [
        { meter: "ai_requests", window: "day", amount: 200, beyond: ["credits", "block"], source: "ours" },
        { meter: "projects", window: "lifetime", amount: null, beyond: ["block"] },
      ],
      features: COMMUNITY_PRO_FEATURES,
    },
    {
      slug: "pro-learn",
      name: "Pro Learn",
      tagline: "Courses, certificates and mentors on top.",
      availability: "public",
      prices: [{ interval: "month", intervalCount: 3, amountMinor: 10500 }],
      allowances: [
        { meter: "ai_requests", window: "day", amount: 500, beyond: ["credits", "block"], source: "ours" },
        { meter: "projects", window: "lifetime", amount: null, beyond: ["block"] },
      ],
      features: PRO_LEARN_FEATURES,
    },
    {
      slug: "creator",
      name: "Creator / Mentor",
      tagline: "Sell products, courses and mentorship. By application.",
      availability: "invite",
      prices: [],
      allowances: [
        { meter: "ai_requests", window: "day", amount: 1000, beyond: ["credits", "block"], source: "ours" },
        { meter: "projects", window: "lifetime", amount: null, beyond: ["block"] },
      ],
      features: { ...PRO_LEARN_FEATURES, marketplace: "View, buy and sell" },
    },
  ],
  creditPacks: [
    { slug: "starter", name: "Starter", credits: 100_000, amountMinor: 500 },
    { slug: "booster", name: "Booster", credits: 500_000, amountMinor: 2000 },
    { slug: "power", name: "Power", credits: 1_000_000, amountMinor: 3500 },
  ],
  priceBook: {
    models: [LOCAL_MODEL],
    typicalCall: { model: LOCAL_MODEL.key, inputTokens: 1_200, outputTokens: 330 },
  },
  playground: {
    chat: { meter: "ai_requests", feature: "ai_chat" },
    actions: [{ label: "Upload with AI help", meter: "ai_requests", quantity: 1 }],
  },
  policy: {
    ...COMMON_POLICY,
    trial: { oncePer: "person" },
    refund: { subscriptionDays: 7, creditPackDays: null },
    limitReached: { text: "Upgrade or buy tokens", status: 403 },
    checkout: "elements",
  },
  words: {
    credit: { one: "token", many: "tokens" },
    creditPack: { one: "token package", many: "token packages" },
  },
};
