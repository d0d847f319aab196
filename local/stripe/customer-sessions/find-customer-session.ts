import type Stripe from "stripe";
import type { Context } from "@/local/stripe/context";
import { fieldEquals, listAllObjects } from "@/local/stripe/store/list-objects";

/** The session behind a client secret, or null when there is none or its half hour is over. */
export function findCustomerSession(context: Context, clientSecret: string): Stripe.CustomerSession | null {
  const [session] = listAllObjects(context.store, "customer_session", [
    fieldEquals("$.client_secret", clientSecret),
  ]);
  return session && session.expires_at > context.now ? session : null;
}
