import type Stripe from "stripe";
import type { Context } from "@/local/stripe/context";
import { emitEvent, saveAndTell } from "@/local/stripe/events/emit-event";
import { forgetDue } from "@/local/stripe/time/due";

/** Pauses a subscription whose trial ended without a payment method: it makes no invoices until it is resumed. */
export function pauseSubscription(context: Context, before: Stripe.Subscription): void {
  const subscription: Stripe.Subscription = {
    ...before,
    status: "paused",
    status_details: {
      paused: {
        subscription: { type: "trial_end_without_payment_method" },
        transitioned_at: context.now,
        type: "subscription",
      },
    },
  };
  forgetDue(context.store, subscription.id);
  saveAndTell(context, "subscription", subscription, before, "customer.subscription.updated");
  emitEvent(context, "customer.subscription.paused", subscription);
}
