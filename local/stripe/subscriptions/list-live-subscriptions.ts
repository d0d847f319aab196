import type Stripe from "stripe";
import type { Context } from "@/local/stripe/context";
import { listAllObjects, ofCustomer } from "@/local/stripe/store/list-objects";

const ENDED_STATUSES = ["canceled", "incomplete_expired"];

/** The customer's subscriptions that have not ended, newest first. */
export function listLiveSubscriptions(context: Context, customerId: string): Stripe.Subscription[] {
  const all = listAllObjects(context.store, "subscription", [ofCustomer(customerId)]);
  return all.filter((subscription) => !hasEnded(subscription));
}

/** Whether the subscription is over for good. */
export function hasEnded(subscription: Stripe.Subscription): boolean {
  return ENDED_STATUSES.includes(subscription.status);
}
