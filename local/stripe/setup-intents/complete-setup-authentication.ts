import type Stripe from "stripe";
import type { Context } from "@/local/stripe/context";
import { invalidRequest } from "@/local/stripe/http/stripe-api-error";
import { authenticatedByChallenge } from "@/local/stripe/payment-methods/authentication";
import { authenticationError } from "@/local/stripe/payment-methods/decline-error";
import { getByPath, idOf } from "@/local/stripe/references";
import { askBank, failSetup } from "./attempt-setup";
import { followSetupIntent } from "./follow-setup-intent";

/** What the customer's answer to a challenge does to a setup intent. https://docs.stripe.com/payments/setupintents/lifecycle */
export function completeSetupAuthentication(
  context: Context,
  intentId: string,
  outcome: "succeeded" | "failed",
): Stripe.SetupIntent {
  const intent = getByPath(context, "setup_intent", intentId);
  if (intent.status !== "requires_action" || intent.payment_method === null) {
    throw invalidRequest(
      `The SetupIntent ${intentId} has a status of ${intent.status} and does not wait for authentication.`,
      { code: "setup_intent_unexpected_state" },
    );
  }
  const method = getByPath(context, "payment_method", idOf(intent.payment_method));
  if (outcome === "succeeded") {
    return followSetupIntent(context, askBank(context, intent, method, authenticatedByChallenge()));
  }
  return failSetup(context, intent, method, authenticationError("setup_intent", method));
}
