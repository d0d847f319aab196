import { createHash } from "node:crypto";
import type Stripe from "stripe";
import type { Context } from "@/local/stripe/context";
import { StripeApiError } from "@/local/stripe/http/stripe-api-error";
import { brandOf, isExpired, isPossibleCardNumber } from "./check-card-number";
import { NOT_A_TEST_CARD } from "./declines";
import { ORDINARY } from "./test-card-table";
import { type CardBehavior, findTestCard } from "./test-cards";

export type NewCard = { number: string; exp_month: number; exp_year: number; cvc?: string };

/** What Stripe shows of a card, and how it behaves. */
export type BuiltCard = { card: Stripe.PaymentMethod.Card; behavior: CardBehavior };

/** The address as far as a bank checks it. */
type CheckedAddress = { line1?: string | null; postal_code?: string | null };

/**
 * Reads a card's number, expiry and CVC into what is stored of it.
 * @throws StripeApiError 402 for a number, expiry or CVC that cannot be right.
 */
export function buildCard(context: Context, card: NewCard, address: CheckedAddress): BuiltCard {
  const number = card.number.replaceAll(/[\s-]/g, "");
  const expYear = card.exp_year < 100 ? 2000 + card.exp_year : card.exp_year;
  checkCard(context, { ...card, number, exp_year: expYear });
  const testCard = findTestCard(number);
  const brand = testCard?.brand ?? brandOf(number);
  return {
    card: {
      brand,
      checks: {
        address_line1_check: address.line1 ? "unchecked" : null,
        address_postal_code_check: address.postal_code ? "unchecked" : null,
        cvc_check: card.cvc === undefined ? null : "unchecked",
      },
      country: testCard?.country ?? "US",
      display_brand: brand,
      exp_month: card.exp_month,
      exp_year: expYear,
      fingerprint: fingerprintOf(number),
      funding: testCard?.funding ?? "unknown",
      generated_from: null,
      last4: number.slice(-4),
      networks: { available: [brand], preferred: null },
      regulated_status: "unregulated",
      three_d_secure_usage: { supported: testCard?.behavior.authentication !== "not_supported" },
      wallet: null,
    },
    behavior: testCard?.behavior ?? { ...ORDINARY, onSetup: NOT_A_TEST_CARD, onCharge: NOT_A_TEST_CARD },
  };
}

/** What Stripe checks before it asks anybody. https://docs.stripe.com/testing#invalid-data */
function checkCard(context: Context, card: NewCard): void {
  if (!isPossibleCardNumber(card.number)) {
    const isNumber = /^\d+$/.test(card.number);
    throw isNumber
      ? badCard("incorrect_number", "Your card number is incorrect.", "number")
      : badCard("invalid_number", "The card number is not a valid credit card number.", "number");
  }
  if (card.exp_month < 1 || card.exp_month > 12) {
    throw badCard("invalid_expiry_month", "Your card's expiration month is invalid.", "exp_month");
  }
  const year = new Date(context.now * 1000).getUTCFullYear();
  if (card.exp_year > year + 50) {
    throw badCard("invalid_expiry_year", "Your card's expiration year is invalid.", "exp_year");
  }
  if (isExpired(card.exp_month, card.exp_year, context.now)) {
    const param = card.exp_year < year ? "exp_year" : "exp_month";
    const part = param === "exp_year" ? "year" : "month";
    throw badCard(`invalid_expiry_${part}`, `Your card's expiration ${part} is invalid.`, param);
  }
  if (card.cvc !== undefined && !(brandOf(card.number) === "amex" ? /^\d{3,4}$/ : /^\d{3}$/).test(card.cvc)) {
    throw badCard("invalid_cvc", "Your card's security code is invalid.", "cvc");
  }
}

function badCard(code: string, message: string, param: string): StripeApiError {
  return new StripeApiError(402, { type: "card_error", code, message, param });
}

/** The same number has the same fingerprint, and nobody can read the number from it. */
function fingerprintOf(number: string): string {
  return createHash("sha256")
    .update(`local-stripe-card:${number}`)
    .digest("base64url")
    .replaceAll(/[-_]/g, "x")
    .slice(0, 16);
}
