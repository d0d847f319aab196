import type Stripe from "stripe";
import type { Context } from "@/local/stripe/context";
import { anyElementEquals, listObjects } from "@/local/stripe/store/list-objects";

/** The subscription an item belongs to, or null. */
export function findSubscriptionOfItem(context: Context, itemId: string): Stripe.Subscription | null {
  const filters = [anyElementEquals("$.items.data", "$.id", itemId)];
  return listObjects(context.store, "subscription", { filters, limit: 1 }).data[0] ?? null;
}
