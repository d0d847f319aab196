import type Stripe from "stripe";
import type { Context } from "@/local/stripe/context";
import { emitEvent } from "@/local/stripe/events/emit-event";
import {
  authenticationStep,
  type CardUse,
  threeDSecureWithoutChallenge,
} from "@/local/stripe/payment-methods/authentication";
import { AUTHENTICATION_REQUIRED, GENERIC_DECLINE } from "@/local/stripe/payment-methods/declines";
import { readHidden, saveObject } from "@/local/stripe/store/store";
import { chargeIntent, declineIntent } from "./charge-intent";
import { authenticationAction } from "./next-action";

export type Confirmation = {
  /** The customer is not there to authenticate; a card that was set up for that need not be. */
  isOffSession: boolean;
  /**
   * What follows when the customer has to authenticate: the intent asks for it, the bank declines the charge (as it does
   * off session), or nothing is tried (`error_on_requires_action`).
   */
  onChallenge: "ask" | "decline" | "refuse";
  /** Where the customer goes after authenticating; null leaves the whole of it to Stripe.js. */
  returnUrl: string | null;
};

/**
 * An invoice's payment: the customer is not there, and where authentication is needed the intent waits for it.
 * https://docs.stripe.com/billing/subscriptions/overview#requires-action
 */
const INVOICE_PAYMENT: Confirmation = { isOffSession: true, onChallenge: "ask", returnUrl: null };

/**
 * Charges the payment method, or asks for authentication first. A declined intent goes back to
 * `requires_payment_method` and keeps the reason. https://docs.stripe.com/payments/paymentintents/lifecycle
 */
export function confirmPaymentIntent(
  context: Context,
  intent: Stripe.PaymentIntent,
  method: Stripe.PaymentMethod,
  confirmation: Confirmation = INVOICE_PAYMENT,
): Stripe.PaymentIntent {
  const secrets = readHidden(context.store, "payment_method", method.id);
  const use: CardUse = {
    isOffSession: confirmation.isOffSession,
    requestThreeDSecure: intent.payment_method_options?.card?.request_three_d_secure ?? null,
  };
  switch (authenticationStep(secrets, use)) {
    case "lookup_fails":
      return chargeIntent(context, intent, method, { decline: GENERIC_DECLINE });
    case "challenge":
      return challenge(context, intent, method, confirmation);
    default:
      return chargeIntent(context, intent, method, {
        threeDSecure: threeDSecureWithoutChallenge(secrets, use),
      });
  }
}

function challenge(
  context: Context,
  intent: Stripe.PaymentIntent,
  method: Stripe.PaymentMethod,
  { onChallenge, returnUrl }: Confirmation,
): Stripe.PaymentIntent {
  if (onChallenge === "decline") {
    return chargeIntent(context, intent, method, { decline: AUTHENTICATION_REQUIRED });
  }
  if (onChallenge === "refuse") {
    return declineIntent(context, intent, method, { decline: AUTHENTICATION_REQUIRED, chargeId: null });
  }
  const waiting: Stripe.PaymentIntent = {
    ...intent,
    last_payment_error: null,
    next_action: authenticationAction(context, intent.id, returnUrl),
    payment_method: method.id,
    status: "requires_action",
  };
  saveObject(context.store, "payment_intent", waiting);
  emitEvent(context, "payment_intent.requires_action", waiting);
  return waiting;
}
