import type Stripe from "stripe";
import type { Context } from "@/local/stripe/context";
import { invalidRequest } from "@/local/stripe/http/stripe-api-error";
import { forgetDue, planDue } from "@/local/stripe/time/due";
import { currentPeriodEnd } from "./item-periods";

export type CancellationParams = {
  /** A moment, or the earliest or the latest end of the items' periods. */
  cancel_at?: number | "min_period_end" | "max_period_end" | null;
  cancel_at_period_end?: boolean;
};

/**
 * The subscription with its end announced, at the period's end or at a date, or taken back; not saved. The
 * reason and `canceled_at` are set by the announcement. https://docs.stripe.com/billing/subscriptions/cancel
 */
export function withCancellation(
  context: Context,
  subscription: Stripe.Subscription,
  params: CancellationParams,
): Stripe.Subscription {
  const { cancel_at_period_end: atPeriodEnd } = params;
  const cancelAt =
    typeof params.cancel_at === "string" ? namedEnd(subscription, params.cancel_at) : params.cancel_at;
  if (typeof cancelAt === "number" && atPeriodEnd !== undefined) {
    const message = "You may only specify one of these parameters: cancel_at, cancel_at_period_end.";
    throw invalidRequest(message, { param: "cancel_at" });
  }
  if (typeof cancelAt === "number") {
    if (cancelAt <= context.now) {
      throw invalidRequest("`cancel_at` must be in the future.", { param: "cancel_at" });
    }
    return announce(context, subscription, { cancel_at: cancelAt, cancel_at_period_end: false });
  }
  if (atPeriodEnd === true) {
    const end = currentPeriodEnd(subscription);
    return announce(context, subscription, { cancel_at: end, cancel_at_period_end: true });
  }
  if (atPeriodEnd === false || cancelAt === null) return takeBack(subscription);
  return subscription;
}

/** Makes the clock end the subscription when announced, or not at all. */
export function planCancellation(context: Context, { id, cancel_at: at }: Stripe.Subscription): void {
  if (at === null) forgetDue(context.store, id, "cancel_subscription");
  else planDue(context.store, { at, kind: "cancel_subscription", objectId: id });
}

function namedEnd(subscription: Stripe.Subscription, name: "min_period_end" | "max_period_end"): number {
  if (name === "min_period_end") return currentPeriodEnd(subscription);
  return Math.max(...subscription.items.data.map((item) => item.current_period_end));
}

function announce(
  context: Context,
  subscription: Stripe.Subscription,
  when: { cancel_at: number; cancel_at_period_end: boolean },
): Stripe.Subscription {
  return {
    ...subscription,
    ...when,
    canceled_at: context.now,
    cancellation_details: withReason(subscription, "cancellation_requested"),
  };
}

function takeBack(subscription: Stripe.Subscription): Stripe.Subscription {
  if (subscription.cancel_at === null) return subscription;
  return {
    ...subscription,
    cancel_at: null,
    cancel_at_period_end: false,
    canceled_at: null,
    cancellation_details: withReason(subscription, null),
  };
}

function withReason(
  subscription: Stripe.Subscription,
  reason: Stripe.Subscription.CancellationDetails.Reason | null,
): Stripe.Subscription.CancellationDetails {
  const empty = { comment: null, feedback: null, feedback_option: null };
  return { ...(subscription.cancellation_details ?? empty), reason };
}
