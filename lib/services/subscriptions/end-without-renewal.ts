import type Stripe from "stripe";
import type { Context } from "@/lib/context";
import { logError } from "@/lib/log";
import { sendStripeCommand } from "@/lib/services/stripe-commands/send-stripe-command";

/** What a subscription carries at Stripe that was sold without renewal: whatever the catalogue says later, it stays so. */
export const WITHOUT_RENEWAL = { renews: "no" } as const;

/**
 * Stripe renews every subscription unless it is told otherwise, and a checkout has no word for it: so each one that was
 * sold without renewal is told as soon as its first period is paid for, and once only. Whoever turns renewal on again at
 * Stripe is not overruled. A free trial is left to end in its first payment. Without an answer from Stripe the command
 * stays and is repeated, and what Stripe refused is asked for at the next reading; what was bought is not kept back for
 * it. (S4-09, K-24)
 * @returns whether Stripe has changed something, so that what was read of it before is old.
 */
export async function endWithoutRenewal(
  ctx: Pick<Context, "db" | "stripe">,
  { customerId, subscriptions }: { customerId: string; subscriptions: Stripe.Subscription[] },
): Promise<boolean> {
  let isChanged = false;
  for (const subscription of subscriptions.filter(isToEnd)) {
    const idempotencyKey = `end-without-renewal:${subscription.id}`;
    // Done, or on its way. What Stripe refused is asked for again: the reason may be gone, the promise is not.
    const told = { idempotencyKey, state: { not: "failed" } } as const;
    if ((await ctx.db.stripeCommand.count({ where: told })) > 0) continue;
    try {
      await sendStripeCommand(ctx, {
        kind: "subscriptions.end_with_period",
        idempotencyKey,
        customerId,
        parameters: { subscription: subscription.id },
      });
      isChanged = true;
    } catch (error) {
      logError("subscription.end_not_told", error, {
        customer_id: customerId,
        subscription: subscription.id,
      });
    }
  }
  return isChanged;
}

function isToEnd({ metadata, status, cancel_at, cancel_at_period_end }: Stripe.Subscription): boolean {
  const isAlreadyEnding = cancel_at_period_end || cancel_at !== null;
  return metadata.renews === WITHOUT_RENEWAL.renews && status === "active" && !isAlreadyEnding;
}
