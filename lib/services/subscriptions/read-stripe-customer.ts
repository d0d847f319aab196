import type Stripe from "stripe";
import type { Context } from "@/lib/context";

/** Everything the projection needs of one customer, read from Stripe in one go. */
export type StripeCustomerReading = {
  subscriptions: Stripe.Subscription[];
  invoices: Stripe.Invoice[];
  /** When the first attempt on an unpaid invoice failed, by its id. */
  firstFailures: Map<string, Date>;
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
  return { subscriptions, invoices, firstFailures: await readFirstFailures(ctx, invoices), checkoutSession };
}

/** Two calls for each invoice that was attempted and is not paid, which hardly anybody has one of. */
async function readFirstFailures(
  ctx: Pick<Context, "stripe">,
  invoices: Stripe.Invoice[],
): Promise<Map<string, Date>> {
  const failures = new Map<string, Date>();
  for (const invoice of invoices) {
    const isUnpaid = invoice.status === "open" || invoice.status === "uncollectible";
    if (!isUnpaid || invoice.attempt_count === 0) continue;
    // Without a payment method there is nothing to charge: an automatic invoice then failed as it was finalized.
    const failedAt = (await firstFailedCharge(ctx, invoice.id)) ?? invoice.status_transitions.finalized_at;
    if (failedAt !== null) failures.set(invoice.id, new Date(failedAt * 1000));
  }
  return failures;
}

/** An invoice points to its payments, a payment to an intent, and the intent's charges are the attempts. */
async function firstFailedCharge(
  ctx: Pick<Context, "stripe">,
  invoiceId: string,
): Promise<number | undefined> {
  const payments = await ctx.stripe.invoicePayments.list({ invoice: invoiceId, limit: 100 });
  const failedAt: number[] = [];
  for (const { payment } of payments.data) {
    if (!payment.payment_intent) continue;
    const intent = payment.payment_intent;
    const charges = await ctx.stripe.charges.list({
      payment_intent: typeof intent === "string" ? intent : intent.id,
      limit: 100,
    });
    failedAt.push(...charges.data.filter(({ status }) => status === "failed").map(({ created }) => created));
  }
  return failedAt.length === 0 ? undefined : Math.min(...failedAt);
}
