import { AppError } from "@/lib/app-error";
import type { Context } from "@/lib/context";
import type { Checkout } from "@/lib/db/generated/client";
import { intervalSlug } from "@/lib/domain/billing-interval";
import type { PlanPrice, PlanTerms } from "@/lib/domain/catalogue";
import { newId } from "@/lib/new-id";
import { ensureStripeCustomer } from "@/lib/services/customers/ensure-stripe-customer";
import {
  assertLeaseHeld,
  type CustomerLease,
  withCustomerLease,
} from "@/lib/services/customers/with-customer-lease";
import { sendStripeCommand } from "@/lib/services/stripe-commands/send-stripe-command";
import { WITHOUT_RENEWAL } from "@/lib/services/subscriptions/end-without-renewal";
import { getSubscription } from "@/lib/services/subscriptions/get-subscription";
import { projectCustomer } from "@/lib/services/subscriptions/project-customer";
import { stripeUnavailable } from "@/lib/services/subscriptions/sync-customer";
import { isStripeError } from "@/lib/stripe/stripe-error";
import { findPrice, type PriceChoice } from "./find-price";
import { closeCheckout, findOpenCheckout } from "./open-checkout";

/**
 * Leads a customer to Stripe's checkout page for one plan. A customer has one open checkout: asking again for
 * the same price gives the same page, asking for another expires the old one at Stripe first, and one that was
 * paid meanwhile is never sold twice. Amount, currency and trial come from the catalogue. (S2-30, S2-42)
 * @returns the address of the page.
 * @throws AppError `invalid_request`, `plan_already_live`, `stripe_unavailable`, `conflict`.
 */
export async function startCheckout(
  ctx: Context,
  input: { customerId: string; choice: PriceChoice },
): Promise<{ checkoutId: string; url: string }> {
  const { currency } = await ctx.db.customer.findUniqueOrThrow({ where: { id: input.customerId } });
  const { plan, price } = await findPrice(ctx, input.choice, currency);
  try {
    return await withCustomerLease(ctx, input.customerId, 15_000, (lease) =>
      startUnderLease(ctx, lease, plan, price),
    );
  } catch (error) {
    if (isStripeError(error)) throw stripeUnavailable(error);
    throw error;
  }
}

async function startUnderLease(
  ctx: Context,
  lease: CustomerLease,
  plan: PlanTerms,
  price: PlanPrice,
): Promise<{ checkoutId: string; url: string }> {
  const { customerId } = lease;
  const open = await findOpenCheckout(ctx, { customerId });
  if (open?.session.status === "complete") await projectCustomer(ctx, lease);
  const { subscription, hasHadTrial, autoRenews } = await getSubscription(ctx, { customerId });
  if (subscription?.isLive) {
    throw new AppError(
      "plan_already_live",
      `You already have ${subscription.planName ?? "a plan"}. Changing plans is not possible here yet.`,
    );
  }
  if (open?.session.status === "open") {
    if (open.checkout.priceId === price.id && open.session.url)
      return { checkoutId: open.checkout.id, url: open.session.url };
    // Expired at Stripe before another one is handed out, or both could be paid.
    const closed = await closeCheckout(ctx, open);
    if (closed === "completed") return startUnderLease(ctx, lease, plan, price);
  }
  const trialDays = plan.trial && !hasHadTrial ? plan.trial.days : null;
  const checkout = await ctx.db.$transaction(async (tx) => {
    // What was decided above, no plan and no trial yet, may be over if another has taken the customer since.
    await assertLeaseHeld(tx, lease);
    return tx.checkout.create({
      data: { id: newId(), customerId, priceId: price.id, trialDays, state: "open", createdAt: ctx.now },
    });
  });
  return { checkoutId: checkout.id, url: await createSession(ctx, checkout, { plan, price, autoRenews }) };
}

async function createSession(
  ctx: Context,
  checkout: Checkout,
  { plan, price, autoRenews }: { plan: PlanTerms; price: PlanPrice; autoRenews: boolean },
): Promise<string> {
  const { id: checkoutId, customerId, priceId, trialDays } = checkout;
  const stripeCustomerId = await ensureStripeCustomer(ctx, { customerId });
  const { stripePriceId } = await ctx.db.price.findUniqueOrThrow({ where: { id: priceId } });
  if (!stripePriceId) {
    throw new AppError("not_configured", `${plan.name} is not ready to be sold yet.`, {
      detail: `price ${priceId} was not pushed`,
    });
  }
  const session = await sendStripeCommand(ctx, {
    kind: "checkout.sessions.create",
    idempotencyKey: `checkout:${checkoutId}`,
    customerId,
    parameters: {
      mode: "subscription",
      customer: stripeCustomerId,
      line_items: [{ price: stripePriceId, quantity: 1 }],
      client_reference_id: checkoutId,
      metadata: { customer_id: customerId, checkout_id: checkoutId },
      subscription_data: {
        metadata: { customer_id: customerId, ...(autoRenews ? {} : WITHOUT_RENEWAL) },
        ...(trialDays === null ? {} : { trial_period_days: trialDays }),
      },
      // Stripe's page speaks of a renewal, which `endWithoutRenewal` calls off.
      ...(autoRenews
        ? {}
        : {
            custom_text: {
              submit: {
                message:
                  "It does not renew: right after your payment it is set to end with the period you pay for.",
              },
            },
          }),
      payment_method_collection: plan.trial && !plan.trial.requiresCard ? "if_required" : "always",
      success_url: `${ctx.env.appUrl}/account/billing?session_id={CHECKOUT_SESSION_ID}`,
      cancel_url: `${ctx.env.appUrl}/pricing?${shownAs(plan, price)}`,
    },
  });
  if (!session.url) throw new Error(`checkout session ${session.id} has no page`);
  await ctx.db.checkout.update({
    where: { id: checkoutId },
    data: { stripeSessionId: session.id, url: session.url },
  });
  return session.url;
}

/** Back on the pricing page the plan is shown as it was chosen. */
function shownAs({ slug }: PlanTerms, price: PlanPrice): URLSearchParams {
  return new URLSearchParams({ canceled: slug, interval: intervalSlug(price), currency: price.currency });
}
