import type Stripe from "stripe";
import { createCharge } from "@/local/stripe/charges/create-charge";
import type { Context } from "@/local/stripe/context";
import { emitEvent } from "@/local/stripe/events/emit-event";
import { chargeOutcome } from "@/local/stripe/payment-methods/charge-outcome";
import type { Decline } from "@/local/stripe/payment-methods/test-cards";
import { saveObject } from "@/local/stripe/store/store";

/**
 * Charges the payment method. A declined intent goes back to `requires_payment_method` and keeps the
 * reason. https://docs.stripe.com/payments/paymentintents/lifecycle
 */
export function confirmPaymentIntent(
  context: Context,
  intent: Stripe.PaymentIntent,
  method: Stripe.PaymentMethod,
): Stripe.PaymentIntent {
  const decline = chargeOutcome(context, method);
  const charge = createCharge(context, intent, method, decline);
  const confirmed: Stripe.PaymentIntent = decline
    ? { ...intent, last_payment_error: paymentError(decline, charge, method), latest_charge: charge.id }
    : {
        ...intent,
        amount_received: intent.amount,
        last_payment_error: null,
        latest_charge: charge.id,
        payment_method: method.id,
        status: "succeeded",
      };
  saveObject(context.store, "payment_intent", confirmed);
  emitEvent(context, decline ? "payment_intent.payment_failed" : "payment_intent.succeeded", confirmed);
  return confirmed;
}

function paymentError(
  decline: Decline,
  charge: Stripe.Charge,
  method: Stripe.PaymentMethod,
): Stripe.PaymentIntent.LastPaymentError {
  return {
    type: "card_error",
    code: decline.code,
    decline_code: decline.declineCode,
    doc_url: `https://stripe.com/docs/error-codes/${decline.code.replaceAll("_", "-")}`,
    message: decline.message,
    charge: charge.id,
    payment_method: method,
  };
}
