import type { Context } from "@/lib/context";

/**
 * Whether a Stripe session is this customer's own checkout and, as far as our records know, neither paid nor
 * expired. Another customer's session, and one that was settled long ago, are not waited for.
 */
export async function isCheckoutOpen(
  ctx: Pick<Context, "db">,
  { customerId, stripeSessionId }: { customerId: string; stripeSessionId: string },
): Promise<boolean> {
  const checkout = await ctx.db.checkout.findUnique({ where: { stripeSessionId } });
  return checkout?.customerId === customerId && checkout.state === "open";
}
