import { CheckoutInput } from "@/app/api/v1/billing/checkout-input";
import { subscriptionJson } from "@/lib/http/billing-json";
import { StartedSubscriptionAnswer, SubscriptionAnswer } from "@/lib/http/billing-schemas";
import { apiRoute } from "@/lib/http/routes";
import { startCheckout } from "@/lib/services/checkout/start-checkout";
import { getSubscription } from "@/lib/services/subscriptions/get-subscription";

/** The customer's plan, and the subscription behind it. (S2-26) */
export const GET = apiRoute(
  {
    id: "getSubscription",
    summary: "The customer's plan, and the subscription behind it",
    scope: "billing:read",
    answer: SubscriptionAnswer,
  },
  async (ctx, { customerId }) => subscriptionJson(await getSubscription(ctx, { customerId })),
);

/**
 * Begins a subscription. It is paid for on Stripe's page, so the answer says where that is and the state stays
 * what it was until Stripe confirms. (S2-25, S2-42)
 */
export const POST = apiRoute(
  {
    id: "createSubscription",
    summary: "Begin a subscription; it is paid for at `checkout_url`",
    scope: "billing:write",
    body: CheckoutInput,
    answer: StartedSubscriptionAnswer,
    idempotency: "stored",
    errors: ["not_found", "conflict", "plan_already_live", "stripe_unavailable"],
  },
  async (ctx, { customerId }, { body }) => {
    const { plan, interval, interval_count: intervalCount, currency } = body;
    const choice = { plan, interval, intervalCount, currency };
    const { url } = await startCheckout(ctx, { customerId, choice });
    return { ...subscriptionJson(await getSubscription(ctx, { customerId })), checkout_url: url };
  },
);
