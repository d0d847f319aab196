import { expect, test } from "vitest";
import { PRESETS, readPreset } from "@/catalogues/read-preset";
import type { CataloguePolicy, PlanTerms } from "./catalogue";
import { pricingQuestions } from "./pricing-questions";

/** What the page would say of a preset, with parts of its policy changed. */
function answersOf(key: string, policy: Partial<CataloguePolicy> = {}): Record<string, string> {
  const preset = readPreset(key);
  const plans = preset.plans.map(
    (plan, rank): PlanTerms => ({
      ...plan,
      planVersionId: plan.slug,
      version: 1,
      rank,
      isPopular: false,
      billingModels: ["fixed_fee"],
      seats: 1,
      overage: [],
      trial: plan.trial ?? null,
      prices: plan.prices.map((price) => ({ ...price, id: "", currency: "usd" })),
    }),
  );
  const sold = { ...preset, plans, policy: { ...preset.policy, ...policy } };
  return Object.fromEntries(pricingQuestions(sold).map(({ question, answer }) => [question, answer]));
}

test("answers follow the catalogue's policies, and nothing is asked that it does not have (S2-62)", () => {
  expect(answersOf("community")).toEqual({
    "How does the free trial work?":
      "Community Pro is free for 7 days. A card is asked for at the start, and charged when the trial ends. Each person can have one trial.",
    "What happens when I reach a limit?":
      "You are stopped, and told when it begins anew. Nothing is charged beyond your plan without you.",
    "Does a plan renew?":
      "Yes, at the end of each period you paid for, at the price shown, until you cancel. What you paid for stays yours until the period ends.",
    "What if a payment fails?":
      "You keep your plan for 7 days while it is tried again. After that you have the free plan until it is paid.",
    "Can I have my money back?":
      "A plan's price is given back within 7 days of the payment. A token package is not given back.",
  });
});

test("a plan that ends by itself says so; what is not counted has no limit to ask about", () => {
  const answers = answersOf("directory");
  expect(answers["Does a plan renew?"]).toMatch(/^No\./);
  expect(answers).not.toHaveProperty("What happens when I reach a limit?");
  expect(answers).not.toHaveProperty("How does the free trial work?");
});

test("no grace, no free plan and tax are said where they are so", () => {
  const answers = answersOf("learning", { graceDays: 0, afterEnd: "none", tax: "automatic" });
  expect(answers["What if a payment fails?"]).toBe("It is tried again; meanwhile access ends.");
  expect(answers["Is tax included?"]).toContain("added where it is due");
  expect(answersOf("learning", { tax: "automatic", taxBehavior: "inclusive" })["Is tax included?"]).toMatch(
    /^Yes/,
  );
});

test.each(Object.keys(PRESETS))("%s leaves no question without an answer", (key) => {
  for (const answer of Object.values(answersOf(key))) expect(answer).toMatch(/\.$/);
});
