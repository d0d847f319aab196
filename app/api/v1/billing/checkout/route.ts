import { CheckoutInput } from "@/app/api/v1/billing/checkout-input";
import { apiRouteWithBody } from "@/lib/http/routes";
import { startCheckout } from "@/lib/services/checkout/start-checkout";

/** A page at Stripe to pay on. (S2-30) */
export const POST = apiRouteWithBody(CheckoutInput, async (ctx, { customerId }, { body }) => {
  const { plan, interval, interval_count: intervalCount } = body;
  const { checkoutId, url } = await startCheckout(ctx, {
    customerId,
    choice: { plan, interval, intervalCount },
  });
  return { object: "checkout", id: checkoutId, url };
});
