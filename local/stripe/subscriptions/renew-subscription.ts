import type Stripe from "stripe";
import type { Context } from "@/local/stripe/context";
import { beginNextPeriod } from "./begin-next-period";

/** Statuses that go on from period to period. The others have not begun, are paused, or are over. */
const RENEWING_STATUSES = ["active", "past_due", "unpaid"];

/**
 * Renews a subscription at the end of its period: `customer.subscription.updated` with the new period, then
 * `invoice.created`. Its status stays; the attempt to collect decides about it an hour later. A past due
 * subscription goes on too. https://docs.stripe.com/billing/subscriptions/overview#subscription-statuses
 */
export function renewSubscription(context: Context, subscription: Stripe.Subscription): void {
  if (!RENEWING_STATUSES.includes(subscription.status)) return;
  beginNextPeriod(context, subscription, subscription.status);
}
