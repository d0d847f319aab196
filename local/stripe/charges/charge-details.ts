import type Stripe from "stripe";
import type { ThreeDSecure } from "@/local/stripe/payment-methods/authentication";
import type { ChargeOutcome, Decline } from "@/local/stripe/payment-methods/declines";
import type { CardBehavior } from "@/local/stripe/payment-methods/test-cards";

const RISK_SCORES: Record<CardBehavior["risk"], number> = { normal: 10, elevated: 70, highest: 95 };

/** Who said what to the charge. https://docs.stripe.com/declines#identifying-the-reason-for-a-decline */
export function outcomeOf(decline: ChargeOutcome, risk: CardBehavior["risk"]): Stripe.Charge.Outcome {
  return {
    advice_code: decline?.adviceCode ?? null,
    network_advice_code: null,
    network_decline_code: decline?.networkDeclineCode ?? null,
    network_status: networkStatusOf(decline),
    reason: reasonOf(decline, risk),
    risk_level: risk,
    risk_score: RISK_SCORES[risk],
    seller_message: decline ? sellerMessageOf(decline) : "Payment complete.",
    type: typeOf(decline),
  };
}

function networkStatusOf(decline: ChargeOutcome): string {
  if (!decline) return "approved_by_network";
  return decline.stoppedBy === undefined ? "declined_by_network" : "not_sent_to_network";
}

function reasonOf(decline: ChargeOutcome, risk: CardBehavior["risk"]): string | null {
  if (decline) return decline.stoppedBy === "radar" ? "highest_risk_level" : decline.declineCode;
  return risk === "elevated" ? "elevated_risk_level" : null;
}

function sellerMessageOf({ stoppedBy, declineCode }: Decline): string {
  if (stoppedBy === "radar") return "Stripe blocked this payment as too risky.";
  return declineCode === "generic_decline"
    ? "The bank did not return any further details with this decline."
    : `The bank returned the decline code \`${declineCode}\`.`;
}

function typeOf(decline: ChargeOutcome): string {
  if (!decline) return "authorized";
  if (decline.stoppedBy === undefined) return "issuer_declined";
  return decline.stoppedBy === "radar" ? "blocked" : "invalid";
}

/** The card as it was when it was charged. */
export function chargedCard(
  intent: Stripe.PaymentIntent,
  card: Stripe.PaymentMethod.Card,
  attempt: { threeDSecure: ThreeDSecure | null; captureBefore: number | null },
): Stripe.Charge.PaymentMethodDetails.Card {
  return {
    amount_authorized: intent.amount,
    authorization_code: null,
    brand: card.brand,
    ...(attempt.captureBefore === null ? {} : { capture_before: attempt.captureBefore }),
    checks: card.checks,
    country: card.country,
    electronic_commerce_indicator: attempt.threeDSecure?.electronic_commerce_indicator ?? null,
    exp_month: card.exp_month,
    exp_year: card.exp_year,
    extended_authorization: { status: "disabled" },
    fingerprint: card.fingerprint,
    funding: card.funding,
    incremental_authorization: { status: "unavailable" },
    installments: null,
    last4: card.last4,
    mandate: null,
    multicapture: { status: "unavailable" },
    network: card.brand,
    network_token: { used: false },
    network_transaction_id: null,
    overcapture: { maximum_amount_capturable: intent.amount, status: "unavailable" },
    regulated_status: card.regulated_status,
    three_d_secure: attempt.threeDSecure,
    transaction_link_id: null,
    wallet: null,
  };
}
