import type Stripe from "stripe";
import type { Context } from "@/local/stripe/context";
import { planDue } from "@/local/stripe/time/due";
import { currentPeriodEnd } from "./item-periods";

const DAY_SECONDS = 24 * 60 * 60;

/**
 * How long before a renewal Stripe tells of it; a setting of the account with seven days as one of its values.
 * https://docs.stripe.com/billing/subscriptions/webhooks#events
 */
const UPCOMING_NOTICE_SECONDS = 7 * DAY_SECONDS;

/** Makes the clock renew the subscription, or end its trial, when the current period ends, and tell of it before. */
export function planPeriodEnd(context: Context, subscription: Stripe.Subscription): void {
  const { id } = subscription;
  const at = currentPeriodEnd(subscription);
  const kind = subscription.status === "trialing" ? "end_trial" : "renew_subscription";
  planDue(context.store, { at, kind, objectId: id });
  const noticeAt = at - UPCOMING_NOTICE_SECONDS;
  // A period that is not longer than the notice is over before there is anything to say.
  if (noticeAt > context.now) {
    planDue(context.store, { at: noticeAt, kind: "tell_upcoming_invoice", objectId: id });
  }
}
