import Stripe from "stripe";
import type { Context } from "@/lib/context";
import { processStripeEvents } from "@/lib/services/stripe-events/process-stripe-events";
import { receiveStripeEvent } from "@/lib/services/stripe-events/receive-stripe-event";

const AT_ONCE = 8;

/**
 * Hands the app every event it would have heard of had it been up: it is down while its world is made. What the local
 * Stripe then delivers, once the app answers, is known already and changes nothing.
 */
export async function hearEvents(ctx: Context): Promise<void> {
  const events = await ctx.stripe.events.list({ limit: 100 }).autoPagingToArray({ limit: 10_000 });
  const waiting = events.toReversed();
  const customers = new Set<string>();
  const work = async () => {
    for (let event = waiting.shift(); event; event = waiting.shift()) {
      const body = JSON.stringify(event);
      const { webhookSecret: secret } = ctx.env.stripe;
      const signature = Stripe.webhooks.generateTestHeaderString({ payload: body, secret });
      const { stripeCustomerId } = await receiveStripeEvent(ctx, { body, signature });
      if (stripeCustomerId) customers.add(stripeCustomerId);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  for (const stripeCustomerId of customers) await processStripeEvents(ctx, { stripeCustomerId });
}
