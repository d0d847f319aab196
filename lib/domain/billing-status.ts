import type { Access } from "./access";
import { formatDate } from "./format-date";

/** The state of a customer's billing in words: what is, and what happens next. Dates are in UTC. (S1-110) */
export type BillingStatus = { tone: "good" | "neutral" | "warning" | "danger"; title: string; text: string };

export type BillingStatusFacts = {
  access: Access;
  /** The catalogue's policy: where plans do not renew, one that ends was not canceled. */
  autoRenews: boolean;
  planName: string;
  subscription: {
    /** Stripe's, verbatim. */
    status: string;
    planName: string | null;
    currentPeriodEnd: Date;
    trialEnd: Date | null;
    cancelAtPeriodEnd: boolean;
    endedAt: Date | null;
  } | null;
};

export function billingStatus({
  access,
  autoRenews,
  planName,
  subscription,
}: BillingStatusFacts): BillingStatus {
  if (!subscription)
    return {
      tone: "neutral",
      title: "No subscription",
      text: `You have ${planName}. There is nothing to pay.`,
    };
  const bought = subscription.planName ?? "Your subscription";
  const until = formatDate(subscription.currentPeriodEnd);

  switch (subscription.status) {
    case "trialing": {
      const trialEnd = formatDate(subscription.trialEnd ?? subscription.currentPeriodEnd);
      const next = subscription.cancelAtPeriodEnd
        ? "Then it ends; nothing will be charged."
        : "Your card is charged after that.";
      return { tone: "good", title: "Trial active", text: `Free until ${trialEnd}. ${next}` };
    }
    case "active":
      if (!subscription.cancelAtPeriodEnd)
        return { tone: "good", title: "Active", text: `Paid until ${until}, renewed then.` };
      return autoRenews
        ? {
            tone: "warning",
            title: `Active, cancels on ${until}`,
            text: `You keep ${bought} until then. Nothing more will be charged.`,
          }
        : {
            tone: "good",
            title: `Active until ${until}`,
            text: `${bought} does not renew: nothing more will be charged. You can buy it again after that.`,
          };
    case "past_due":
      return access === "limited" || access === "none"
        ? {
            tone: "danger",
            title: "Payment past due",
            text: `The last payment failed and ${bought} is off until it is paid. You have ${planName}.`,
          }
        : {
            tone: "warning",
            title: "Payment past due",
            text: `The last payment failed. ${bought} stays on for now while it is tried again.`,
          };
    case "unpaid":
      return {
        tone: "danger",
        title: "Unpaid",
        text: `The last payment failed and is not tried again. ${bought} is off until it is paid.`,
      };
    case "paused":
      return {
        tone: "neutral",
        title: "Paused",
        text: `${bought} is paused. You have ${planName} until it is resumed.`,
      };
    case "incomplete":
      return {
        tone: "warning",
        title: "Payment not finished",
        text: `${bought} begins once its first payment has gone through.`,
      };
    default: {
      const ended = subscription.endedAt ? ` on ${formatDate(subscription.endedAt)}` : "";
      return {
        tone: "neutral",
        title: "Ended",
        text: `${bought} ended${ended}. You have ${planName}; there is nothing to pay.`,
      };
    }
  }
}
