import { describe, expect, it } from "vitest";
import type { PlanPrice } from "./catalogue";
import { type PlanButtonViewer, planButton } from "./plan-button";

type Plan = Parameters<typeof planButton>[0];

const price = (id: string, interval: "month" | "year" = "month"): PlanPrice => ({
  id,
  interval,
  intervalCount: 1,
  currency: "usd",
  amountMinor: 5400,
});
const MONTHLY = price("pro-month");
const YEARLY = price("pro-year", "year");
const explorer: Plan = { slug: "explorer", availability: "public", trial: null };
const pro: Plan = { slug: "pro", availability: "public", trial: { days: 7, requiresCard: true } };
const learn: Plan = { slug: "learn", availability: "public", trial: null };
const creator: Plan = { slug: "creator", availability: "invite", trial: null };
const LEARN_PRICE = price("learn-month");

const paying = (
  status: string,
  paid: PlanPrice,
  { planSlug = "pro", isEnding = false } = {},
): PlanButtonViewer => ({
  planSlug,
  hasHadTrial: true,
  subscription: { status, isEnding, price: paid },
});
const anonymous: PlanButtonViewer = null;
const free: PlanButtonViewer = { planSlug: "explorer", hasHadTrial: false, subscription: null };
const wasPro: PlanButtonViewer = { planSlug: "explorer", hasHadTrial: true, subscription: null };
const monthly = paying("active", MONTHLY);
const yearly = paying("active", YEARLY);
const trialing = paying("trialing", MONTHLY);
const leaving = paying("active", MONTHLY, { isEnding: true });
const pastDue = paying("past_due", MONTHLY);
const lostPro = paying("past_due", MONTHLY, { planSlug: "explorer" });
const gifted: PlanButtonViewer = { planSlug: "pro", hasHadTrial: false, subscription: null };

describe("the button of a plan (criterion 3)", () => {
  it.each([
    ["anonymous", "explorer", anonymous, explorer, null, "link", "Start free"],
    ["anonymous", "a plan with a trial", anonymous, pro, MONTHLY, "subscribe", "Start 7-day free trial"],
    ["anonymous", "a plan without a trial", anonymous, learn, LEARN_PRICE, "subscribe", "Subscribe"],
    ["anonymous", "an invite plan", anonymous, creator, null, "none", "By application"],
    ["a free customer", "the free plan", free, explorer, null, "none", "Current plan"],
    ["a free customer", "a plan with a trial", free, pro, YEARLY, "subscribe", "Start 7-day free trial"],
    ["a former customer", "a plan with a trial they had", wasPro, pro, MONTHLY, "subscribe", "Subscribe"],
    ["a monthly subscriber", "their price", monthly, pro, MONTHLY, "none", "Current plan"],
    ["a monthly subscriber", "their plan by the year", monthly, pro, YEARLY, "none", "Your plan"],
    ["a yearly subscriber", "their price", yearly, pro, YEARLY, "none", "Current plan"],
    ["a yearly subscriber", "their plan by the month", yearly, pro, MONTHLY, "none", "Your plan"],
    ["a subscriber", "another plan", monthly, learn, LEARN_PRICE, "none", "Not available yet"],
    ["a subscriber", "the free plan", monthly, explorer, null, "none", "Not available yet"],
    ["a subscriber", "an invite plan", monthly, creator, null, "none", "By application"],
    ["somebody trying it", "the plan they try", trialing, pro, MONTHLY, "none", "Current plan"],
    ["somebody leaving", "the plan they leave", leaving, pro, MONTHLY, "none", "Current plan"],
    ["somebody past due", "the plan they owe for", pastDue, pro, MONTHLY, "link", "Fix your payment"],
    ["a debtor who lost access", "the plan they owe for", lostPro, pro, MONTHLY, "link", "Fix your payment"],
    ["a debtor who lost access", "the free plan", lostPro, explorer, null, "none", "Current plan"],
    ["somebody past due", "another plan", pastDue, learn, LEARN_PRICE, "none", "Not available yet"],
    ["somebody given a plan", "that plan", gifted, pro, MONTHLY, "none", "Current plan"],
    ["somebody given a plan", "another plan", gifted, learn, LEARN_PRICE, "subscribe", "Subscribe"],
    ["somebody given a plan", "the free plan", gifted, explorer, null, "none", "Included"],
  ] as const)("for %s on %s", (_who, _what, viewer, plan, shown, kind, label) => {
    expect(planButton(plan, shown, viewer)).toMatchObject({ kind, label });
  });

  it("says in a line what becomes of one's own plan", () => {
    const notes = [monthly, trialing, leaving, pastDue].map(
      (viewer) => planButton(pro, MONTHLY, viewer).note,
    );
    expect(notes).toEqual([
      "This is what you have now.",
      "You are trying it free.",
      "It ends with the period you paid for.",
      "The last payment failed.",
    ]);
    expect(planButton(pro, YEARLY, monthly).note).toBe("You pay by the month.");
  });

  it("has a line under it whoever looks, so that nothing moves when a viewer's own arrives", () => {
    for (const viewer of [anonymous, free, wasPro, monthly, pastDue, lostPro, gifted])
      for (const plan of [explorer, pro, learn, creator])
        expect(planButton(plan, plan === explorer ? null : MONTHLY, viewer).note).not.toBe("");
  });
});
