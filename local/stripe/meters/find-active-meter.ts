import type Stripe from "stripe";
import type { Context } from "@/local/stripe/context";
import { fieldEquals, listAllObjects } from "@/local/stripe/store/list-objects";

/** The meter that takes events of the name. */
export function findActiveMeter(context: Context, eventName: string): Stripe.Billing.Meter | null {
  const filters = [fieldEquals("$.event_name", eventName), fieldEquals("$.status", "active")];
  return listAllObjects(context.store, "billing.meter", filters)[0] ?? null;
}
