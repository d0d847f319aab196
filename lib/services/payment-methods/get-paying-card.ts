import type Stripe from "stripe";
import type { Context } from "@/lib/context";
import { isLiveSubscription } from "@/lib/domain/subscription-projection";
import { stripeUnavailable } from "@/lib/services/subscriptions/sync-customer";
import { isStripeError } from "@/lib/stripe/stripe-error";

/** What people know a card by. */
export type PayingCard = { brand: string; last4: string; expMonth: number; expYear: number };

/**
 * The card the customer's next bill is charged to, read from Stripe each time: we keep none. (S2-65)
 * @throws AppError `stripe_unavailable`
 */
export async function getPayingCard(
  ctx: Context,
  { customerId }: { customerId: string },
): Promise<PayingCard | null> {
  const { stripeCustomerId } = await ctx.db.customer.findUniqueOrThrow({ where: { id: customerId } });
  if (!stripeCustomerId) return null;
  try {
    const [customer, subscriptions] = await Promise.all([
      ctx.stripe.customers.retrieve(stripeCustomerId, {
        expand: ["invoice_settings.default_payment_method"],
      }),
      ctx.stripe.subscriptions.list({
        customer: stripeCustomerId,
        expand: ["data.default_payment_method"],
      }),
    ]);
    const own = subscriptions.data.find(({ status }) => isLiveSubscription(status))?.default_payment_method;
    return cardOf(own ?? (customer.deleted ? null : customer.invoice_settings.default_payment_method));
  } catch (error) {
    if (isStripeError(error)) throw stripeUnavailable(error);
    throw error;
  }
}

function cardOf(method: Stripe.PaymentMethod | string | null): PayingCard | null {
  const card = typeof method === "string" ? null : method?.card;
  if (!card) return null;
  const { brand, last4, exp_month: expMonth, exp_year: expYear } = card;
  return { brand, last4, expMonth, expYear };
}
