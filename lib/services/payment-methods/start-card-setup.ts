import { AppError } from "@/lib/app-error";
import type { Context } from "@/lib/context";
import { ensureStripeCustomer } from "@/lib/services/customers/ensure-stripe-customer";
import { sendStripeCommand } from "@/lib/services/stripe-commands/send-stripe-command";
import { stripeUnavailable } from "@/lib/services/subscriptions/sync-customer";
import { isStripeError } from "@/lib/stripe/stripe-error";

/**
 * Begins to save a card for a customer: the fields on the page finish it with Stripe, so that no number passes here.
 * Asked for again with the same `attempt` it is the same setup. (S1-105, S2-65)
 * @param attempt one showing of the form, by an id the server gave it.
 * @returns the secret with which the page confirms it.
 * @throws AppError `conflict` when that showing's card is saved already, `stripe_unavailable`, `not_found`.
 */
export async function startCardSetup(
  ctx: Context,
  { customerId, attempt }: { customerId: string; attempt: string },
): Promise<{ clientSecret: string }> {
  const stripeCustomerId = await ensureStripeCustomer(ctx, { customerId });
  const { id } = await sendStripeCommand(ctx, {
    kind: "setup_intents.create",
    idempotencyKey: `card-setup:${customerId}:${attempt}`,
    customerId,
    parameters: {
      customer: stripeCustomerId,
      usage: "off_session",
      allowed_payment_method_types: ["card"],
      metadata: { customer_id: customerId },
    },
  });
  try {
    const { client_secret: clientSecret, status } = await ctx.stripe.setupIntents.retrieve(id);
    if (status === "succeeded" || status === "canceled") {
      throw new AppError("conflict", "This card was saved already. Load the page again to enter another.");
    }
    if (!clientSecret) throw new Error(`setup intent ${id} has no client secret`);
    return { clientSecret };
  } catch (error) {
    if (isStripeError(error)) throw stripeUnavailable(error);
    throw error;
  }
}
