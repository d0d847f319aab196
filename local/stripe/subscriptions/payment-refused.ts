import { StripeApiError } from "@/local/stripe/http/stripe-api-error";
import { cardDeclined } from "@/local/stripe/payment-methods/attach-payment-method";
import { AUTHENTICATION_REQUIRED, type Decline } from "@/local/stripe/payment-methods/declines";

/**
 * What `error_if_incomplete` answers when the card is not charged: the decline, or that somebody has to authenticate.
 * https://docs.stripe.com/error-codes#subscription-payment-intent-requires-action
 */
export function paymentRefused(decline: Decline): StripeApiError {
  if (decline !== AUTHENTICATION_REQUIRED) return cardDeclined(decline);
  return new StripeApiError(402, {
    type: "card_error",
    code: "subscription_payment_intent_requires_action",
    message:
      "Payment for this subscription requires additional user action before it can be completed successfully. Payment " +
      "can be completed using the PaymentIntent associated with `subscription.latest_invoice`. Additional information " +
      "is available here: https://stripe.com/docs/billing/subscriptions/overview#requires-action",
  });
}
