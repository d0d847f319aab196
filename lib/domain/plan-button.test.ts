import { describe, expect, it } from "vitest";
import { type PlanButtonViewer, planButton } from "./plan-button";

type Plan = Parameters<typeof planButton>[0];

const price = {
  id: "price",
  interval: "month",
  intervalCount: 3,
  currency: "usd",
  amountMinor: 5400,
} as const;
const explorer: Plan = { slug: "explorer", availability: "public", prices: [], trial: null };
const pro: Plan = {
  slug: "pro",
  availability: "public",
  prices: [price],
  trial: { days: 7, requiresCard: true },
};
const learn: Plan = { slug: "learn", availability: "public", prices: [price], trial: null };
const creator: Plan = { slug: "creator", availability: "invite", prices: [], trial: null };

const anonymous: PlanButtonViewer = null;
const free: PlanButtonViewer = { planSlug: "explorer", hasLiveSubscription: false, hasHadTrial: false };
const wasPro: PlanButtonViewer = { planSlug: "explorer", hasLiveSubscription: false, hasHadTrial: true };
const onPro: PlanButtonViewer = { planSlug: "pro", hasLiveSubscription: true, hasHadTrial: true };
const lostPro: PlanButtonViewer = { planSlug: "explorer", hasLiveSubscription: true, hasHadTrial: true };
const gifted: PlanButtonViewer = { planSlug: "pro", hasLiveSubscription: false, hasHadTrial: false };

describe("the button of a plan", () => {
  it.each([
    ["anonymous", "explorer", anonymous, explorer, "sign_in", "Start free"],
    ["anonymous", "a plan with a trial", anonymous, pro, "subscribe", "Start 7-day free trial"],
    ["anonymous", "a plan without a trial", anonymous, learn, "subscribe", "Subscribe"],
    ["anonymous", "an invite plan", anonymous, creator, "none", "By application"],
    ["a free customer", "the free plan", free, explorer, "none", "Current plan"],
    ["a free customer", "a plan with a trial", free, pro, "subscribe", "Start 7-day free trial"],
    ["a former customer", "a plan with a trial they had", wasPro, pro, "subscribe", "Subscribe"],
    ["a subscriber", "their plan", onPro, pro, "none", "Current plan"],
    ["a subscriber", "another plan", onPro, learn, "none", "Not available yet"],
    ["a subscriber", "the free plan", onPro, explorer, "none", "Not available yet"],
    ["a subscriber", "an invite plan", onPro, creator, "none", "By application"],
    ["a subscriber who lost access", "the plan they owe for", lostPro, pro, "none", "Not available yet"],
    ["somebody given a plan", "that plan", gifted, pro, "none", "Current plan"],
    ["somebody given a plan", "another plan", gifted, learn, "subscribe", "Subscribe"],
    ["somebody given a plan", "the free plan", gifted, explorer, "none", "Included"],
  ] as const)("for %s on %s", (_who, _what, viewer, plan, kind, label) => {
    expect(planButton(plan, viewer)).toMatchObject({ kind, label });
  });

  it("gives a reason wherever there is nothing to press", () => {
    for (const viewer of [anonymous, free, wasPro, onPro, lostPro, gifted]) {
      for (const plan of [explorer, pro, learn, creator]) {
        const button = planButton(plan, viewer);
        if (button.kind === "none") expect(button.reason).not.toBe("");
      }
    }
  });
});
