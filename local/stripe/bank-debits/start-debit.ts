import type Stripe from "stripe";
import type { Context } from "@/local/stripe/context";
import { emitEvent } from "@/local/stripe/events/emit-event";
import { readHidden, saveObject } from "@/local/stripe/store/store";
import { planDue } from "@/local/stripe/time/due";
import { endOfDebit } from "./debit-details";

/**
 * Leaves an intent in processing until its bank has answered, days later.
 * https://docs.stripe.com/payments/payment-methods#payment-notification
 */
export function startDebit(
  context: Context,
  intent: Stripe.PaymentIntent,
  method: Stripe.PaymentMethod,
  charge: Stripe.Charge,
): Stripe.PaymentIntent {
  const started: Stripe.PaymentIntent = {
    ...intent,
    last_payment_error: null,
    latest_charge: charge.id,
    next_action: null,
    payment_method: method.id,
    status: "processing",
  };
  saveObject(context.store, "payment_intent", started);
  emitEvent(context, "payment_intent.processing", started);
  if (readHidden(context.store, "payment_method", method.id).debit?.kind !== "stays") {
    planDue(context.store, { at: endOfDebit(context.now), kind: "settle_debit", objectId: charge.id });
  }
  return started;
}
