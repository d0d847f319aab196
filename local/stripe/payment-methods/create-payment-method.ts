import { createHash } from "node:crypto";
import type Stripe from "stripe";
import type { Context } from "@/local/stripe/context";
import { fullAddress } from "@/local/stripe/customers/create-customer";
import type { MetadataChange } from "@/local/stripe/http/params";
import { StripeApiError } from "@/local/stripe/http/stripe-api-error";
import { newId } from "@/local/stripe/ids";
import { mergeMetadata } from "@/local/stripe/metadata";
import { insertObject } from "@/local/stripe/store/store";
import { brandOf, isExpired, isPossibleCardNumber } from "./check-card-number";
import { findTestCard, NOT_A_TEST_CARD } from "./test-cards";

export type NewCard = { number: string; exp_month: number; exp_year: number; cvc?: string };

export type BillingDetails = {
  address?: Partial<Stripe.Address> | null;
  email?: string | null;
  name?: string | null;
  phone?: string | null;
  tax_id?: string | null;
};

/**
 * Creates a card payment method. Only what Stripe shows of a card is stored, never the number.
 * https://docs.stripe.com/api/payment_methods/create
 * @throws StripeApiError 402 for a number, expiry or CVC that cannot be right.
 */
export function createCardPaymentMethod(
  context: Context,
  card: NewCard,
  details: { billing?: BillingDetails; metadata?: MetadataChange },
): Stripe.PaymentMethod {
  const number = card.number.replaceAll(/[\s-]/g, "");
  const expYear = card.exp_year < 100 ? 2000 + card.exp_year : card.exp_year;
  checkCard(context, { ...card, number, exp_year: expYear });
  const testCard = findTestCard(number);
  const brand = testCard?.brand ?? brandOf(number);
  const method: Stripe.PaymentMethod = {
    id: newId("pm"),
    object: "payment_method",
    allow_redisplay: "unspecified",
    billing_details: fullBillingDetails(details.billing ?? {}),
    card: {
      brand,
      checks: {
        address_line1_check: null,
        address_postal_code_check: null,
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
      three_d_secure_usage: { supported: true },
      wallet: null,
    },
    created: context.now,
    customer: null,
    customer_account: null,
    livemode: false,
    metadata: mergeMetadata({}, details.metadata),
    type: "card",
  };
  insertObject(context.store, "payment_method", method, {
    onSetup: testCard ? testCard.onSetup : NOT_A_TEST_CARD,
    onCharge: testCard ? testCard.onCharge : NOT_A_TEST_CARD,
    isUsedUp: false,
  });
  return method;
}

/** Billing details with every field, as Stripe shows them. */
export function fullBillingDetails(billing: BillingDetails): Stripe.PaymentMethod.BillingDetails {
  return {
    address: fullAddress(billing.address ?? {}),
    email: billing.email ?? null,
    name: billing.name ?? null,
    phone: billing.phone ?? null,
    tax_id: billing.tax_id ?? null,
  };
}

/** What Stripe checks before it asks anybody. https://docs.stripe.com/error-codes */
function checkCard(context: Context, card: NewCard): void {
  if (!isPossibleCardNumber(card.number)) {
    throw badCard("incorrect_number", "Your card number is incorrect.", "number");
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
