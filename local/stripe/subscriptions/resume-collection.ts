import type Stripe from "stripe";
import type { Context } from "@/local/stripe/context";
import { saveAndTell } from "@/local/stripe/events/emit-event";

/**
 * Collection begins again at the moment that was set; drafts made meanwhile stay drafts.
 * https://docs.stripe.com/billing/subscriptions/pause-payment
 */
export function resumeCollection(context: Context, before: Stripe.Subscription): void {
  const resumesAt = before.pause_collection?.resumes_at ?? null;
  if (resumesAt === null || resumesAt > context.now) return;
  const after: Stripe.Subscription = { ...before, pause_collection: null };
  saveAndTell(context, "subscription", after, before, "customer.subscription.updated");
}
