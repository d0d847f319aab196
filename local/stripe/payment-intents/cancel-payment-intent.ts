import type Stripe from "stripe";
import type { Context } from "@/local/stripe/context";
import { emitEvent } from "@/local/stripe/events/emit-event";
import { saveObject } from "@/local/stripe/store/store";

/** Cancels an intent that was not paid. https://docs.stripe.com/payments/paymentintents/lifecycle */
export function cancelPaymentIntent(
  context: Context,
  before: Stripe.PaymentIntent,
  reason: Stripe.PaymentIntent.CancellationReason,
): void {
  const intent: Stripe.PaymentIntent = {
    ...before,
    canceled_at: context.now,
    cancellation_reason: reason,
    status: "canceled",
  };
  saveObject(context.store, "payment_intent", intent);
  emitEvent(context, "payment_intent.canceled", intent);
}
