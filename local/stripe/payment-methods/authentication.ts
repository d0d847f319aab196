import type Stripe from "stripe";
import { randomText } from "@/local/stripe/ids";
import type { PaymentMethodSecrets } from "@/local/stripe/store/stored-objects";

/** How a card comes to be used. */
export type CardUse = {
  /** The holder is not there: a renewal, a charge the app makes by itself. */
  isOffSession: boolean;
  /** `payment_method_options[card][request_three_d_secure]`. */
  requestThreeDSecure?: string | null;
};

/**
 * What 3D Secure asks for before the card can be charged or saved: nothing, a challenge to its holder, or something
 * that goes wrong by itself. https://docs.stripe.com/testing#regulatory-cards
 */
export type AuthenticationStep = "none" | "challenge" | "lookup_fails";

/** The step a card needs when it is used so. */
export function authenticationStep(secrets: PaymentMethodSecrets, use: CardUse): AuthenticationStep {
  const isRequested = asksForThreeDSecure(use);
  switch (secrets.authentication) {
    case "always":
      return "challenge";
    case "unless_set_up":
      return use.isOffSession && secrets.isSetUp ? "none" : "challenge";
    case "unless_off_session":
      return use.isOffSession ? "none" : "challenge";
    case "if_requested":
      return isRequested ? "challenge" : "none";
    case "if_requested_fails":
      return isRequested ? "lookup_fails" : "none";
    case "lookup_fails":
      return "lookup_fails";
    default:
      return "none";
  }
}

/** What a charge tells of its 3D Secure. */
export type ThreeDSecure = Stripe.Charge.PaymentMethodDetails.Card.ThreeDSecure;

/** The holder answered the challenge. */
export function authenticatedByChallenge(): ThreeDSecure {
  return threeDSecure({ flow: "challenge", indicator: "05", result: "authenticated" });
}

/** What there is to tell where nobody was challenged; null where 3D Secure played no part. */
export function threeDSecureWithoutChallenge(
  secrets: PaymentMethodSecrets,
  use: CardUse,
): ThreeDSecure | null {
  if (secrets.authentication === "frictionless") {
    return threeDSecure({ flow: "frictionless", indicator: "05", result: "authenticated" });
  }
  if (!asksForThreeDSecure(use)) return null;
  if (secrets.authentication === "not_supported") {
    return threeDSecure({ flow: null, indicator: null, result: "not_supported" });
  }
  return threeDSecure({ flow: null, indicator: "06", result: "attempt_acknowledged" });
}

/** "any" asks for 3D Secure, "challenge" for a challenge too; "automatic" leaves it to Stripe. */
function asksForThreeDSecure({ isOffSession, requestThreeDSecure }: CardUse): boolean {
  return !isOffSession && (requestThreeDSecure === "any" || requestThreeDSecure === "challenge");
}

function threeDSecure(told: {
  flow: ThreeDSecure["authentication_flow"];
  indicator: ThreeDSecure["electronic_commerce_indicator"];
  result: ThreeDSecure["result"];
}): ThreeDSecure {
  return {
    authentication_flow: told.flow,
    electronic_commerce_indicator: told.indicator,
    exemption_indicator: null,
    result: told.result,
    result_reason: null,
    transaction_id: told.result === "not_supported" ? null : randomText(36),
    version: told.result === "not_supported" ? null : "2.2.0",
  };
}
