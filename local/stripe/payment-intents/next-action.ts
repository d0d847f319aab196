import type Stripe from "stripe";
import type { Context } from "@/local/stripe/context";

type NextAction = {
  type: string;
  redirect_to_url?: { return_url: string | null; url: string | null };
  use_stripe_sdk?: Stripe.PaymentIntent.NextAction.UseStripeSdk;
};

/**
 * How the customer authenticates: on a page of its own when there is a way back, else through Stripe.js. The same for
 * payment and setup intents. https://docs.stripe.com/payments/3d-secure/authentication-flow
 */
export function authenticationAction(
  context: Context,
  intentId: string,
  returnUrl: string | null,
): NextAction {
  const url = `${context.baseUrl}/3ds/${intentId}`;
  if (returnUrl !== null) {
    return { redirect_to_url: { return_url: returnUrl, url }, type: "redirect_to_url" };
  }
  return { type: "use_stripe_sdk", use_stripe_sdk: { type: "three_d_secure_redirect", stripe_js: url } };
}
