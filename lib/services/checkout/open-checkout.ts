import type Stripe from "stripe";
import type { Context } from "@/lib/context";
import type { Checkout, CheckoutState } from "@/lib/db/generated/client";
import { runStripeCommand } from "@/lib/services/stripe-commands/send-stripe-command";
import { isStripeError } from "@/lib/stripe/stripe-error";

export type OpenCheckout = { checkout: Checkout; session: Stripe.Checkout.Session };

/**
 * The customer's open checkout as Stripe has it now; null when there is none. One that died before its session
 * was known is finished first, under the same key: a session may exist at Stripe that nobody was told of.
 * Called under the customer's lease.
 */
export async function findOpenCheckout(
  ctx: Context,
  { customerId }: { customerId: string },
): Promise<OpenCheckout | null> {
  const checkout = await ctx.db.checkout.findFirst({ where: { customerId, state: "open" } });
  if (!checkout) return null;
  const sessionId = checkout.stripeSessionId ?? (await recoverSession(ctx, checkout));
  if (!sessionId) {
    await mark(ctx, checkout.id, "expired");
    return null;
  }
  const session = await ctx.stripe.checkout.sessions.retrieve(sessionId);
  if (session.status === "expired") {
    await mark(ctx, checkout.id, "expired");
    return null;
  }
  return { checkout, session };
}

/** Expires an open checkout at Stripe. `completed` = it was paid before that. Called under the customer's lease. */
export async function closeCheckout(
  ctx: Context,
  { checkout, session }: OpenCheckout,
): Promise<"expired" | "completed"> {
  try {
    // Without a key: expiring twice is expiring once, and an answer stored under a key could block for a day.
    await ctx.stripe.checkout.sessions.expire(session.id);
  } catch (error) {
    if (!isStripeError(error) || error.type !== "StripeInvalidRequestError") throw error;
    // Not open any more. https://docs.stripe.com/api/checkout/sessions/expire
    const { status } = await ctx.stripe.checkout.sessions.retrieve(session.id);
    if (status === "complete") return "completed";
  }
  await mark(ctx, checkout.id, "expired");
  return "expired";
}

async function recoverSession(ctx: Context, checkout: Checkout): Promise<string | null> {
  const command = await ctx.db.stripeCommand.findUnique({
    where: { idempotencyKey: `checkout:${checkout.id}` },
  });
  if (!command || command.state === "failed" || command.state === "abandoned") return null;
  const { id, url } = await runStripeCommand(ctx, command);
  await ctx.db.checkout.update({ where: { id: checkout.id }, data: { stripeSessionId: id, url } });
  return id;
}

async function mark(ctx: Context, checkoutId: string, state: CheckoutState): Promise<void> {
  await ctx.db.checkout.update({ where: { id: checkoutId }, data: { state } });
}
