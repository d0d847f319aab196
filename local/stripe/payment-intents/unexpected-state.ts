import type Stripe from "stripe";
import { StripeApiError } from "@/local/stripe/http/stripe-api-error";

/** What an intent in the wrong state is answered with. https://docs.stripe.com/error-codes#payment-intent-unexpected-state */
export function unexpectedState(message: string, intent: Stripe.PaymentIntent): StripeApiError {
  return new StripeApiError(400, {
    type: "invalid_request_error",
    code: "payment_intent_unexpected_state",
    message,
    payment_intent: intent,
  });
}
