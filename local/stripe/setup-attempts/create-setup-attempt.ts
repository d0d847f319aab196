import type Stripe from "stripe";
import type { Context } from "@/local/stripe/context";
import { newId } from "@/local/stripe/ids";
import type { ThreeDSecure } from "@/local/stripe/payment-methods/authentication";
import { insertObject } from "@/local/stripe/store/store";

export type SetupResult = {
  status: "succeeded" | "failed" | "requires_action";
  error: Stripe.SetupIntent.LastSetupError | null;
  threeDSecure: ThreeDSecure | null;
};

/** Records one attempt to set a method up. https://docs.stripe.com/api/setup_attempts/object */
export function createSetupAttempt(
  context: Context,
  intent: Stripe.SetupIntent,
  method: Stripe.PaymentMethod,
  result: SetupResult,
): Stripe.SetupAttempt {
  const attempt: Stripe.SetupAttempt = {
    id: newId("setatt"),
    object: "setup_attempt",
    application: null,
    created: context.now,
    customer: intent.customer,
    customer_account: null,
    flow_directions: null,
    livemode: false,
    on_behalf_of: null,
    payment_method: method.id,
    payment_method_details: {
      ...(method.card ? { card: attemptedCard(method.card, result.threeDSecure) } : {}),
      ...(method.us_bank_account ? { us_bank_account: {} } : {}),
      type: method.type,
    },
    setup_error: result.error,
    setup_intent: intent.id,
    status: result.status,
    usage: intent.usage,
  };
  insertObject(context.store, "setup_attempt", attempt, {});
  return attempt;
}

function attemptedCard(
  card: Stripe.PaymentMethod.Card,
  threeDSecure: ThreeDSecure | null,
): Stripe.SetupAttempt.PaymentMethodDetails.Card {
  return {
    brand: card.brand,
    checks: card.checks,
    country: card.country,
    exp_month: card.exp_month,
    exp_year: card.exp_year,
    fingerprint: card.fingerprint ?? null,
    funding: card.funding,
    last4: card.last4,
    network: card.brand,
    three_d_secure: threeDSecure && {
      authentication_flow: threeDSecure.authentication_flow,
      electronic_commerce_indicator: threeDSecure.electronic_commerce_indicator,
      result: threeDSecure.result,
      result_reason: threeDSecure.result_reason,
      transaction_id: threeDSecure.transaction_id,
      version: threeDSecure.version,
    },
    wallet: null,
  };
}
