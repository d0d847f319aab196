import type Stripe from "stripe";
import type { Context } from "@/local/stripe/context";
import { saveAndTell } from "@/local/stripe/events/emit-event";

/** Gives a subscription another status and tells of it; says nothing where it has that status already. */
export function setStatus(
  context: Context,
  before: Stripe.Subscription,
  status: Stripe.Subscription.Status,
): Stripe.Subscription {
  const subscription: Stripe.Subscription = { ...before, status };
  saveAndTell(context, "subscription", subscription, before, "customer.subscription.updated");
  return subscription;
}
