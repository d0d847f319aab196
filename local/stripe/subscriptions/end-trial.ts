import type Stripe from "stripe";
import type { Context } from "@/local/stripe/context";
import { findDefaultPaymentMethod } from "@/local/stripe/payment-methods/default-payment-method";
import { beginNextPeriod } from "./begin-next-period";
import { cancelSubscription } from "./cancel-subscription";
import { pauseSubscription } from "./pause-subscription";

/**
 * Ends a trial: the subscription is active at once and its first real invoice is collected about an hour
 * later. Without a payment method it is canceled or paused if it was set up so.
 * https://docs.stripe.com/billing/subscriptions/trials/free-trials#create-free-trials-without-payment
 */
export function endTrial(context: Context, subscription: Stripe.Subscription): void {
  if (subscription.status !== "trialing") return;
  const missing = subscription.trial_settings?.end_behavior.missing_payment_method ?? "create_invoice";
  if (missing === "create_invoice" || findDefaultPaymentMethod(context, subscription)) {
    beginNextPeriod(context, subscription, "active");
  } else if (missing === "cancel") {
    cancelSubscription(context, subscription, { reason: null });
  } else {
    pauseSubscription(context, subscription, "trial_end_without_payment_method");
  }
}
