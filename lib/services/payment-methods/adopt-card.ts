import { AppError } from "@/lib/app-error";
import type { Context } from "@/lib/context";
import { isLiveSubscription } from "@/lib/domain/subscription-projection";
import { sendStripeCommand } from "@/lib/services/stripe-commands/send-stripe-command";
import { stripeUnavailable } from "@/lib/services/subscriptions/sync-customer";
import { isStripeError } from "@/lib/stripe/stripe-error";

/**
 * Makes the card of a finished setup the one that pays: the customer's default, and that of each subscription that
 * goes on. Each is done once for a setup, so an old link never brings an old card back. (S1-114)
 * @returns whether the card was saved; false when its bank did not confirm it, and nothing was changed then.
 * @throws AppError `not_found` when it is not this customer's, `stripe_unavailable`.
 */
export async function adoptCard(
  ctx: Context,
  { customerId, setupIntentId }: { customerId: string; setupIntentId: string },
): Promise<boolean> {
  try {
    return await adopt(ctx, customerId, setupIntentId);
  } catch (error) {
    if (!isStripeError(error)) throw error;
    if (error.code === "resource_missing") throw noSuchSetup();
    throw stripeUnavailable(error);
  }
}

async function adopt(ctx: Context, customerId: string, setupIntentId: string): Promise<boolean> {
  const { stripeCustomerId } = await ctx.db.customer.findUniqueOrThrow({ where: { id: customerId } });
  const intent = await ctx.stripe.setupIntents.retrieve(setupIntentId);
  if (!stripeCustomerId || intent.customer !== stripeCustomerId) throw noSuchSetup();
  if (intent.status !== "succeeded" || typeof intent.payment_method !== "string") return false;
  const { payment_method } = intent;
  await sendStripeCommand(ctx, {
    kind: "customers.set_default_card",
    idempotencyKey: `default-card:${setupIntentId}`,
    customerId,
    parameters: { customer: stripeCustomerId, payment_method },
  });
  const { data: subscriptions } = await ctx.stripe.subscriptions.list({ customer: stripeCustomerId });
  // A subscription's own card comes before the customer's, and checkout gives it one.
  for (const { id, status } of subscriptions) {
    if (!isLiveSubscription(status)) continue;
    await sendStripeCommand(ctx, {
      kind: "subscriptions.set_default_card",
      idempotencyKey: `default-card:${setupIntentId}:${id}`,
      customerId,
      parameters: { subscription: id, payment_method },
    });
  }
  return true;
}

function noSuchSetup(): AppError {
  return new AppError("not_found", "There is no such card to be saved.");
}
