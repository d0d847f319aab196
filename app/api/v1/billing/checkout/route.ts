import { CheckoutInput } from "@/app/api/v1/billing/checkout-input";
import { CheckoutAnswer } from "@/lib/http/billing-schemas";
import { apiRoute } from "@/lib/http/routes";
import { startCheckout } from "@/lib/services/checkout/start-checkout";

/** A page at Stripe to pay on. (S2-30) */
export const POST = apiRoute(
  {
    id: "createCheckout",
    summary: "Begin to buy a plan: a page at Stripe to pay on",
    scope: "billing:write",
    body: CheckoutInput,
    answer: CheckoutAnswer,
    idempotency: "stored",
    errors: ["not_found", "conflict", "plan_already_live", "stripe_unavailable"],
  },
  async (ctx, { customerId }, { body }) => {
    const { plan, interval, interval_count: intervalCount, currency } = body;
    const { checkoutId, url } = await startCheckout(ctx, {
      customerId,
      choice: { plan, interval, intervalCount, currency },
    });
    return { object: "checkout", id: checkoutId, url };
  },
);
