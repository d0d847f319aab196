import type { CataloguePolicy } from "./catalogue";
import { isInPaymentGracePeriod } from "./grace-period";

/**
 * Access: what the app grants right now. Derived from Stripe's facts and our clock each time it is asked,
 * never stored. Trialing and active are full; past due is full for the grace period, counted from the first
 * failed attempt of the oldest unpaid renewal, and then the free allowances until it is settled; everything
 * else is what the catalogue leaves to a customer without a plan. (K-14, K-15, K-16)
 */
export type Access = "full" | "grace" | "limited" | "none";

export type SubscriptionFacts = {
  /** Stripe's, verbatim. */
  status: string;
  /** First failed attempt of the oldest unpaid invoice; null when no attempt has failed. */
  firstFailedAt: Date | null;
};

/** The statuses that may grant the plan bought; the others take it away whatever else is true. */
export const GRANTING_STATUSES = ["trialing", "active", "past_due"] as const;

export function deriveAccess(
  subscription: SubscriptionFacts | null,
  policy: Pick<CataloguePolicy, "graceDays" | "afterEnd">,
  now: Date,
): Access {
  switch (subscription?.status) {
    case "trialing":
    case "active":
      return "full";
    case "past_due": {
      const { firstFailedAt } = subscription;
      // Past due without a failed attempt on record is Stripe's word against nothing: grant the grace.
      if (!firstFailedAt || isInPaymentGracePeriod(firstFailedAt, policy.graceDays, now)) return "grace";
      return "limited";
    }
    default:
      // No subscription, or incomplete, incomplete_expired, unpaid, paused, canceled.
      return policy.afterEnd;
  }
}

/** Whether the plan bought is in force. */
export function grantsPlan(access: Access): boolean {
  return access === "full" || access === "grace";
}
