import type Stripe from "stripe";
import type { Context } from "@/local/stripe/context";
import { emitEvent } from "@/local/stripe/events/emit-event";
import { mandateOf } from "@/local/stripe/mandates/mandate-of";
import { authenticationAction } from "@/local/stripe/payment-intents/next-action";
import { attachPaymentMethod } from "@/local/stripe/payment-methods/attach-payment-method";
import {
  authenticationStep,
  type ThreeDSecure,
  threeDSecureWithoutChallenge,
} from "@/local/stripe/payment-methods/authentication";
import { declineError } from "@/local/stripe/payment-methods/decline-error";
import { type Decline, GENERIC_DECLINE } from "@/local/stripe/payment-methods/declines";
import { notePaymentMethodUse, noteSetUp } from "@/local/stripe/payment-methods/use-payment-method";
import { idOf } from "@/local/stripe/references";
import { createSetupAttempt } from "@/local/stripe/setup-attempts/create-setup-attempt";
import { readHidden, saveObject } from "@/local/stripe/store/store";

/**
 * Tries to set a card up, asking its holder to authenticate where the card needs that.
 * https://docs.stripe.com/payments/setupintents/lifecycle
 */
export function attemptSetup(
  context: Context,
  intent: Stripe.SetupIntent,
  method: Stripe.PaymentMethod,
  returnUrl: string | null,
): Stripe.SetupIntent {
  const secrets = readHidden(context.store, "payment_method", method.id);
  const use = {
    isOffSession: false,
    requestThreeDSecure: intent.payment_method_options?.card?.request_three_d_secure ?? null,
  };
  switch (authenticationStep(secrets, use)) {
    case "lookup_fails":
      return declineSetup(context, intent, method, GENERIC_DECLINE);
    case "challenge":
      return askForAuthentication(context, intent, method, returnUrl);
    default:
      return askBank(context, intent, method, threeDSecureWithoutChallenge(secrets, use));
  }
}

/** Asks the bank, authentication being done with. */
export function askBank(
  context: Context,
  intent: Stripe.SetupIntent,
  method: Stripe.PaymentMethod,
  threeDSecure: ThreeDSecure | null,
): Stripe.SetupIntent {
  const { onSetup } = readHidden(context.store, "payment_method", method.id);
  return onSetup
    ? declineSetup(context, intent, method, onSetup)
    : succeedSetup(context, intent, method, threeDSecure);
}

/** The card is saved: it is the customer's from now on, and can be charged without the holder there. */
export function succeedSetup(
  context: Context,
  intent: Stripe.SetupIntent,
  chosen: Stripe.PaymentMethod,
  threeDSecure: ThreeDSecure | null,
): Stripe.SetupIntent {
  const checked = notePaymentMethodUse(context, chosen, true);
  if (intent.usage === "off_session") noteSetUp(context, checked.id);
  const method =
    intent.customer === null || checked.customer !== null
      ? checked
      : attachPaymentMethod(context, checked, idOf(intent.customer), true);
  const attempt = createSetupAttempt(context, intent, method, {
    status: "succeeded",
    error: null,
    threeDSecure,
  });
  const done: Stripe.SetupIntent = {
    ...intent,
    last_setup_error: null,
    latest_attempt: attempt.id,
    mandate: method.us_bank_account ? mandateOf(context, method).id : intent.mandate,
    next_action: null,
    payment_method: method.id,
    status: "succeeded",
  };
  saveObject(context.store, "setup_intent", done);
  emitEvent(context, "setup_intent.succeeded", done);
  return done;
}

/** Lets the attempt fail; the customer may try again with the same or another method. */
export function failSetup(
  context: Context,
  intent: Stripe.SetupIntent,
  method: Stripe.PaymentMethod,
  error: Stripe.SetupIntent.LastSetupError,
): Stripe.SetupIntent {
  const attempt = createSetupAttempt(context, intent, method, {
    status: "failed",
    error,
    threeDSecure: null,
  });
  const failed: Stripe.SetupIntent = {
    ...intent,
    last_setup_error: error,
    latest_attempt: attempt.id,
    next_action: null,
    payment_method: null,
    status: "requires_payment_method",
  };
  saveObject(context.store, "setup_intent", failed);
  emitEvent(context, "setup_intent.setup_failed", failed);
  return failed;
}

function declineSetup(
  context: Context,
  intent: Stripe.SetupIntent,
  chosen: Stripe.PaymentMethod,
  decline: Decline,
): Stripe.SetupIntent {
  const method = notePaymentMethodUse(context, chosen, true);
  return failSetup(context, intent, method, declineError(decline, method, null));
}

function askForAuthentication(
  context: Context,
  intent: Stripe.SetupIntent,
  method: Stripe.PaymentMethod,
  returnUrl: string | null,
): Stripe.SetupIntent {
  const attempt = createSetupAttempt(context, intent, method, {
    status: "requires_action",
    error: null,
    threeDSecure: null,
  });
  const waiting: Stripe.SetupIntent = {
    ...intent,
    last_setup_error: null,
    latest_attempt: attempt.id,
    next_action: authenticationAction(context, intent.id, returnUrl),
    payment_method: method.id,
    status: "requires_action",
  };
  saveObject(context.store, "setup_intent", waiting);
  emitEvent(context, "setup_intent.requires_action", waiting);
  return waiting;
}
