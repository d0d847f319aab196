import type Stripe from "stripe";
import type { Context } from "@/local/stripe/context";
import { findObject, findOwnerOfItem } from "@/local/stripe/store/store";

/** The subscription an item belongs to, or null. */
export function findSubscriptionOfItem(context: Context, itemId: string): Stripe.Subscription | null {
  const owner = findOwnerOfItem(context.store, itemId);
  const subscription = owner === null ? null : findObject(context.store, "subscription", owner);
  // An item that was taken out stays remembered.
  return subscription?.items.data.some(({ id }) => id === itemId) ? subscription : null;
}
