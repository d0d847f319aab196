import type Stripe from "stripe";
import type { Context } from "@/local/stripe/context";
import { invalidRequest } from "@/local/stripe/http/stripe-api-error";
import { authenticatedByChallenge } from "@/local/stripe/payment-methods/authentication";
import { getByPath, idOf } from "@/local/stripe/references";
import { completeSetupAuthentication } from "@/local/stripe/setup-intents/complete-setup-authentication";
import { saveHidden, saveObject } from "@/local/stripe/store/store";
import { chargeIntent, failAuthentication } from "./charge-intent";
import { followIntent } from "./follow-intent";

export type AuthenticationOutcome = "succeeded" | "failed";

/**
 * Does what the customer's answer to a 3D Secure challenge leads to, for a payment or a setup intent by its id: a card
 * may still be declined after its holder authenticated. https://docs.stripe.com/payments/3d-secure/authentication-flow
 * @throws StripeApiError 404 for an unknown intent, 400 for one that does not wait for authentication.
 */
export function completeAuthentication(
  context: Context,
  intentId: string,
  outcome: AuthenticationOutcome,
): Stripe.PaymentIntent | Stripe.SetupIntent {
  if (intentId.startsWith("seti_")) return completeSetupAuthentication(context, intentId, outcome);
  const intent = getByPath(context, "payment_intent", intentId);
  if (intent.status !== "requires_action" || intent.payment_method === null) {
    throw invalidRequest(
      `The PaymentIntent ${intentId} has a status of ${intent.status} and does not wait for authentication.`,
      { code: "payment_intent_unexpected_state" },
    );
  }
  const method = getByPath(context, "payment_method", idOf(intent.payment_method));
  const completed =
    outcome === "failed" ? failAuthentication(context, intent, method) : proceed(context, intent, method);
  return followIntent(context, completed);
}

/** With manual confirmation the server has to confirm once more. https://docs.stripe.com/payments/finalize-payments-on-the-server */
function proceed(
  context: Context,
  intent: Stripe.PaymentIntent,
  method: Stripe.PaymentMethod,
): Stripe.PaymentIntent {
  if (intent.confirmation_method !== "manual") {
    return chargeIntent(context, intent, method, { threeDSecure: authenticatedByChallenge() });
  }
  const waiting: Stripe.PaymentIntent = { ...intent, next_action: null, status: "requires_confirmation" };
  saveObject(context.store, "payment_intent", waiting);
  saveHidden(context.store, "payment_intent", intent.id, { isAuthenticated: true });
  return waiting;
}
