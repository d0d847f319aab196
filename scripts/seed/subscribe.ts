import { setTimeout as sleep } from "node:timers/promises";
import { AppError } from "@/lib/app-error";
import type { Context } from "@/lib/context";
import { startCheckout } from "@/lib/services/checkout/start-checkout";
import { syncCustomer } from "@/lib/services/subscriptions/sync-customer";
import { payOnPage, repairCard } from "@/local/testing/lab-driver";
import type { Offer } from "./pick-plans";

/** A lease lasts 60 s: that of a seed which was killed is waited for. */
const PATIENCE_MS = 65_000;

/** Buys a plan as everybody does: through checkout, on the local Stripe's page, with the good test card. */
export async function subscribe(ctx: Context, customerId: string, { plan, price }: Offer): Promise<void> {
  if ((await findSubscriptionId(ctx, customerId)) === null) {
    const choice = { plan: plan.slug, interval: price.interval, intervalCount: price.intervalCount };
    const { url } = await patiently(() => startCheckout(ctx, { customerId, choice }));
    await payOnPage(url);
  }
  const subscriptionId = await findSubscriptionId(ctx, customerId);
  if (!subscriptionId) throw new Error(`The checkout for ${plan.name} made no subscription.`);
  // A trial that asks for no card is to end with one all the same.
  const { default_payment_method: card } = await ctx.stripe.subscriptions.retrieve(subscriptionId);
  if (card === null) await repairCard(ctx.stripe, subscriptionId);
  await readAgain(ctx, customerId);
}

/** The customer's subscription at Stripe, ended ones included, or null. */
export async function findSubscriptionId(ctx: Context, customerId: string): Promise<string | null> {
  const { stripeCustomerId } = await ctx.db.customer.findUniqueOrThrow({ where: { id: customerId } });
  if (!stripeCustomerId) return null;
  const { data } = await ctx.stripe.subscriptions.list({
    customer: stripeCustomerId,
    status: "all",
    limit: 1,
  });
  return data[0]?.id ?? null;
}

/**
 * Turns renewal on or off at Stripe, as an admin does there for somebody who asks. Where plans do not renew, a story of
 * several periods needs it.
 */
export async function setRenewal(ctx: Context, customerId: string, renews: boolean): Promise<void> {
  const subscriptionId = await findSubscriptionId(ctx, customerId);
  await ctx.stripe.subscriptions.update(subscriptionId ?? "", { cancel_at_period_end: !renews });
  await readAgain(ctx, customerId);
}

/** Has the app see what has become of the customer's billing. */
export function readAgain(ctx: Context, customerId: string): Promise<void> {
  return patiently(() => syncCustomer(ctx, { customerId }));
}

async function patiently<Result>(work: () => Promise<Result>): Promise<Result> {
  const deadline = Date.now() + PATIENCE_MS;
  for (;;) {
    try {
      return await work();
    } catch (error) {
      const isBusy = error instanceof AppError && error.code === "conflict";
      if (!isBusy || Date.now() > deadline) throw error;
      await sleep(500);
    }
  }
}
