import type Stripe from "stripe";
import { StripeApiError } from "@/local/stripe/http/stripe-api-error";

const OPEN = ["requires_payment_method", "requires_confirmation", "requires_action"] as const;

/** @throws StripeApiError 400 `setup_intent_unexpected_state` for a setup that succeeded or was canceled. */
export function checkSetupIsOpen(intent: Stripe.SetupIntent, verb: "cancel" | "confirm" | "update"): void {
  if (OPEN.some((status) => status === intent.status)) return;
  const participle = { cancel: "canceled", confirm: "confirmed", update: "updated" }[verb];
  throw unexpectedSetupState(
    `You cannot ${verb} this SetupIntent because it has a status of ${intent.status}. Only a SetupIntent with one of the ` +
      `following statuses may be ${participle}: ${OPEN.join(", ")}.`,
    intent,
  );
}

/** https://docs.stripe.com/error-codes#setup-intent-unexpected-state */
export function unexpectedSetupState(message: string, intent: Stripe.SetupIntent): StripeApiError {
  return new StripeApiError(400, {
    type: "invalid_request_error",
    code: "setup_intent_unexpected_state",
    message,
    setup_intent: intent,
  });
}
