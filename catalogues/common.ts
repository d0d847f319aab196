import type { CataloguePolicy, PriceBook } from "@/lib/domain/catalogue";

/** What the presets have in common where their sources are silent. A preset says itself what its own source says. */
export const COMMON_POLICY: CataloguePolicy = {
  trial: { oncePer: "customer" },
  graceDays: 7,
  afterEnd: "limited",
  autoRenews: true,
  proration: "create_prorations",
  refund: { subscriptionDays: null, creditPackDays: null },
  tax: "none",
  taxBehavior: "exclusive",
  warnings: [
    { percent: 80, text: "You have used most of what your plan includes." },
    { percent: 90, text: "You are close to your plan's limit." },
    { percent: 100, text: "You have used all that your plan includes." },
  ],
  reminderDays: [3],
  limitReached: { text: "You have reached your plan's limit.", status: 403 },
  overageCapMinor: 0,
  checkout: "hosted",
  drawDown: ["promo", "gift", "referral", "plan", "purchased"],
  creditsOnModelChange: "keep",
};

/** The model that answers where no AI provider is configured: one credit a token, whichever. */
export const LOCAL_MODEL: PriceBook["models"][number] = {
  key: "local-1",
  name: "Local model",
  creditsPerMillion: { input: 1_000_000, output: 1_000_000 },
};
