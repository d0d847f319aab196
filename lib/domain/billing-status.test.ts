import { describe, expect, it } from "vitest";
import { type BillingStatusFacts, billingStatus } from "./billing-status";

const end = new Date("2026-11-28T10:00:00Z");

function subscribed(status: string, rest: Partial<NonNullable<BillingStatusFacts["subscription"]>> = {}) {
  return {
    status,
    planName: "Pro",
    currentPeriodEnd: end,
    trialEnd: null,
    cancelAtPeriodEnd: false,
    endedAt: null,
    ...rest,
  };
}

describe("billing in words", () => {
  it.each([
    ["full", null, "neutral", "No subscription", "You have Explorer. There is nothing to pay."],
    [
      "full",
      subscribed("trialing", { trialEnd: end }),
      "good",
      "Trial active",
      "Free until 28 Nov 2026. Your card is charged after that.",
    ],
    [
      "full",
      subscribed("trialing", { cancelAtPeriodEnd: true }),
      "good",
      "Trial active",
      "Free until 28 Nov 2026. Then it ends; nothing will be charged.",
    ],
    ["full", subscribed("active"), "good", "Active", "Paid until 28 Nov 2026, renewed then."],
    [
      "full",
      subscribed("active", { cancelAtPeriodEnd: true }),
      "warning",
      "Active, cancels on 28 Nov 2026",
      "You keep Pro until then. Nothing more will be charged.",
    ],
    [
      "grace",
      subscribed("past_due"),
      "warning",
      "Payment past due",
      "The last payment failed. Pro stays on for now while it is tried again.",
    ],
    [
      "limited",
      subscribed("past_due"),
      "danger",
      "Payment past due",
      "The last payment failed and Pro is off until it is paid. You have Explorer.",
    ],
    [
      "limited",
      subscribed("unpaid"),
      "danger",
      "Unpaid",
      "The last payment failed and is not tried again. Pro is off until it is paid.",
    ],
    [
      "limited",
      subscribed("paused"),
      "neutral",
      "Paused",
      "Pro is paused. You have Explorer until it is resumed.",
    ],
    [
      "full",
      subscribed("incomplete"),
      "warning",
      "Payment not finished",
      "Pro begins once its first payment has gone through.",
    ],
    [
      "limited",
      subscribed("canceled", { endedAt: end }),
      "neutral",
      "Ended",
      "Pro ended on 28 Nov 2026. You have Explorer; there is nothing to pay.",
    ],
    [
      "limited",
      subscribed("incomplete_expired"),
      "neutral",
      "Ended",
      "Pro ended. You have Explorer; there is nothing to pay.",
    ],
  ] as const)("access %s, subscription %o", (access, subscription, tone, title, text) => {
    expect(billingStatus({ access, autoRenews: true, planName: "Explorer", subscription })).toEqual({
      tone,
      title,
      text,
    });
  });

  it("where plans do not renew, one that ends was not canceled by anybody", () => {
    const subscription = subscribed("active", { cancelAtPeriodEnd: true });
    expect(billingStatus({ access: "full", autoRenews: false, planName: "Pro", subscription })).toEqual({
      tone: "good",
      title: "Active until 28 Nov 2026",
      text: "Pro does not renew: nothing more will be charged. You can buy it again after that.",
    });
  });
});
