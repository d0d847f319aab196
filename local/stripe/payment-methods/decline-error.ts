import type Stripe from "stripe";
import { type ErrorBody, StripeApiError } from "@/local/stripe/http/stripe-api-error";
import type { Decline } from "./declines";

/** What is kept of a failed attempt, the same on payment and setup intents. */
export type AttemptError = Stripe.PaymentIntent.LastPaymentError & Stripe.SetupIntent.LastSetupError;

/** A decline as an intent keeps it. https://docs.stripe.com/api/payment_intents/object#payment_intent_object-last_payment_error */
export function declineError(
  decline: Decline,
  method: Stripe.PaymentMethod,
  chargeId: string | null,
): AttemptError {
  return {
    type: "card_error",
    code: decline.code,
    decline_code: decline.declineCode,
    doc_url: docUrl(decline.code),
    message: decline.message,
    ...(decline.adviceCode === undefined ? {} : { advice_code: decline.adviceCode }),
    ...(decline.networkDeclineCode === undefined ? {} : { network_decline_code: decline.networkDeclineCode }),
    ...(chargeId === null ? {} : { charge: chargeId }),
    payment_method: method,
  };
}

/** The customer failed to authenticate, so the bank was never asked. https://docs.stripe.com/error-codes */
export function authenticationError(
  intent: "payment_intent" | "setup_intent",
  method: Stripe.PaymentMethod,
): AttemptError {
  const code = `${intent}_authentication_failure` as const;
  const name = intent === "payment_intent" ? "PaymentIntent" : "SetupIntent";
  return {
    type: "invalid_request_error",
    code,
    doc_url: docUrl(code),
    message:
      "The provided PaymentMethod has failed authentication. You can provide payment_method_data or a new " +
      `PaymentMethod to attempt to fulfill this ${name} again.`,
    payment_method: method,
  };
}

/** A failed attempt as the call that made it is answered, with the intent as the attempt left it. */
export function attemptRefusal(
  error: Stripe.PaymentIntent.LastPaymentError | Stripe.SetupIntent.LastSetupError,
  intent: Pick<ErrorBody, "payment_intent" | "setup_intent">,
): StripeApiError {
  const { type: _type, doc_url: _docUrl, ...told } = error;
  return new StripeApiError(402, {
    ...told,
    type: "card_error",
    message: error.message ?? "Your card was declined.",
    ...(error.code === "incorrect_cvc" ? { param: "cvc" } : {}),
    ...(error.code === "expired_card" ? { param: "exp_month" } : {}),
    ...intent,
  });
}

function docUrl(code: string): string {
  return `https://stripe.com/docs/error-codes/${code.replaceAll("_", "-")}`;
}
