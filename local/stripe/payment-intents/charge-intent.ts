import type Stripe from "stripe";
import { currencyMismatch } from "@/local/stripe/bank-debits/check-debit";
import { startDebit } from "@/local/stripe/bank-debits/start-debit";
import { AUTHORIZATION_SECONDS } from "@/local/stripe/charges/authorization-window";
import { createCharge } from "@/local/stripe/charges/create-charge";
import type { Context } from "@/local/stripe/context";
import { emitEvent } from "@/local/stripe/events/emit-event";
import { takeForcedDecline } from "@/local/stripe/lab/forced-declines";
import { attachPaymentMethod } from "@/local/stripe/payment-methods/attach-payment-method";
import type { ThreeDSecure } from "@/local/stripe/payment-methods/authentication";
import { bankOutcome } from "@/local/stripe/payment-methods/charge-outcome";
import { authenticationError, declineError } from "@/local/stripe/payment-methods/decline-error";
import type { ChargeOutcome, Decline } from "@/local/stripe/payment-methods/declines";
import { notePaymentMethodUse, noteSetUp } from "@/local/stripe/payment-methods/use-payment-method";
import { idOf } from "@/local/stripe/references";
import { saveHidden, saveObject } from "@/local/stripe/store/store";
import { planDue } from "@/local/stripe/time/due";

/** What is known of the attempt before the bank is asked. */
export type Attempt = { decline?: ChargeOutcome; threeDSecure?: ThreeDSecure | null };

/**
 * Asks the bank, authentication being done with. The intent succeeds, waits to be captured, or goes back to
 * `requires_payment_method`; a debit of a bank account leaves it in processing. A method that is to be used again is
 * attached to the customer.
 * https://docs.stripe.com/payments/save-during-payment
 */
export function chargeIntent(
  context: Context,
  intent: Stripe.PaymentIntent,
  chosen: Stripe.PaymentMethod,
  attempt: Attempt,
): Stripe.PaymentIntent {
  const isDebit = chosen.type === "us_bank_account";
  if (isDebit && intent.currency !== "usd") {
    return failIntent(context, intent, null, currencyMismatch(intent, chosen));
  }
  const decline = isDebit
    ? null
    : (attempt.decline ?? takeForcedDecline(context, intent) ?? bankOutcome(context, chosen));
  const futureUsage = futureUsageOf(intent);
  const method = notePaymentMethodUse(context, chosen, futureUsage !== null);
  const isManual = !isDebit && capturesManually(intent);
  const charge = createCharge(context, intent, method, {
    decline,
    threeDSecure: attempt.threeDSecure ?? null,
    isCaptured: !isManual,
    isPending: isDebit,
  });
  if (decline) return declineIntent(context, intent, method, { decline, chargeId: charge.id });
  if (futureUsage !== null) keepMethod(context, intent, method, futureUsage);
  if (isDebit) return startDebit(context, intent, method, charge);
  const charged: Stripe.PaymentIntent = {
    ...intent,
    last_payment_error: null,
    latest_charge: charge.id,
    next_action: null,
    payment_method: method.id,
    ...(isManual
      ? { amount_capturable: intent.amount, status: "requires_capture" }
      : { amount_received: intent.amount, status: "succeeded" }),
  };
  saveObject(context.store, "payment_intent", charged);
  if (isManual) {
    const at = context.now + AUTHORIZATION_SECONDS;
    planDue(context.store, { at, kind: "expire_authorization", objectId: intent.id });
  }
  emitEvent(
    context,
    isManual ? "payment_intent.amount_capturable_updated" : "payment_intent.succeeded",
    charged,
  );
  return charged;
}

/** Lets the attempt fail; the customer may try again with the same or another method. */
export function declineIntent(
  context: Context,
  intent: Stripe.PaymentIntent,
  method: Stripe.PaymentMethod,
  { decline, chargeId }: { decline: Decline; chargeId: string | null },
): Stripe.PaymentIntent {
  return failIntent(context, intent, chargeId, declineError(decline, method, chargeId));
}

/** The customer failed to authenticate. */
export function failAuthentication(
  context: Context,
  intent: Stripe.PaymentIntent,
  method: Stripe.PaymentMethod,
): Stripe.PaymentIntent {
  return failIntent(context, intent, null, authenticationError("payment_intent", method));
}

/** Whether the payment is only authorized for now. */
function capturesManually(intent: Stripe.PaymentIntent): boolean {
  return (
    intent.capture_method === "manual" || intent.payment_method_options?.card?.capture_method === "manual"
  );
}

/** Notes why an attempt failed, and tells of it. */
export function failIntent(
  context: Context,
  intent: Stripe.PaymentIntent,
  chargeId: string | null,
  error: Stripe.PaymentIntent.LastPaymentError,
): Stripe.PaymentIntent {
  const failed: Stripe.PaymentIntent = {
    ...intent,
    last_payment_error: error,
    latest_charge: chargeId ?? intent.latest_charge,
    next_action: null,
    payment_method: null,
    status: "requires_payment_method",
  };
  saveObject(context.store, "payment_intent", failed);
  saveHidden(context.store, "payment_intent", intent.id, { isAuthenticated: false });
  emitEvent(context, "payment_intent.payment_failed", failed);
  return failed;
}

function futureUsageOf(intent: Stripe.PaymentIntent): string | null {
  const own = intent.payment_method_options?.card?.setup_future_usage;
  if (own === "none") return null;
  return own ?? intent.setup_future_usage;
}

function keepMethod(
  context: Context,
  intent: Stripe.PaymentIntent,
  method: Stripe.PaymentMethod,
  futureUsage: string,
): void {
  if (futureUsage === "off_session") noteSetUp(context, method.id);
  if (intent.customer === null || method.customer !== null) return;
  attachPaymentMethod(context, method, idOf(intent.customer), true);
}
