import type Stripe from "stripe";
import type { Context } from "@/lib/context";

/** Everything the projection needs of one customer, read from Stripe in one go. */
export type StripeCustomerReading = {
  subscriptions: Stripe.Subscription[];
  invoices: Stripe.Invoice[];
  /** The customer's open checkout, if our records name one. */
  checkoutSession: Stripe.Checkout.Session | null;
};

/**
 * Reads a customer's subscriptions (all statuses), invoices and, when given, one checkout session. The
 * subscriptions come last, so that what a paid session or an invoice is about is among them: a checkout that
 * we closed without its subscription could be sold a second time.
 * @throws Stripe errors as they come.
 */
export async function readStripeCustomer(
  ctx: Pick<Context, "stripe">,
  { stripeCustomerId, checkoutSessionId }: { stripeCustomerId: string; checkoutSessionId: string | null },
): Promise<StripeCustomerReading> {
  const [invoices, checkoutSession] = await Promise.all([
    ctx.stripe.invoices.list({ customer: stripeCustomerId, limit: 100 }).autoPagingToArray({ limit: 10_000 }),
    checkoutSessionId ? ctx.stripe.checkout.sessions.retrieve(checkoutSessionId) : null,
  ]);
  const subscriptions = await ctx.stripe.subscriptions
    .list({ customer: stripeCustomerId, status: "all", limit: 100 })
    .autoPagingToArray({ limit: 1_000 });
  return { subscriptions, invoices, checkoutSession };
}
