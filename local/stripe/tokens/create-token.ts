import type Stripe from "stripe";
import type { Context } from "@/local/stripe/context";
import { hash, integer, type ParamsOf, required, text } from "@/local/stripe/http/params";
import { newId } from "@/local/stripe/ids";
import { type BuiltCard, buildCard } from "@/local/stripe/payment-methods/build-card";
import { insertObject } from "@/local/stripe/store/store";

/** The card behind a token, without its number. */
export type TokenSecrets = BuiltCard;

export const tokenCreateParams = {
  card: required(
    hash({
      address_city: text(),
      address_country: text(),
      address_line1: text(),
      address_line2: text(),
      address_state: text(),
      address_zip: text(),
      cvc: text(4),
      exp_month: required(integer()),
      exp_year: required(integer()),
      name: text(),
      number: required(text(30)),
    }),
  ),
};

/**
 * Exchanges a card for a token that can be used once. Newer integrations create payment methods instead.
 * https://docs.stripe.com/api/tokens/create_card
 */
export function createToken(
  context: Context,
  { card: params }: ParamsOf<typeof tokenCreateParams>,
): Stripe.Token {
  const { number, exp_month, exp_year, cvc } = params;
  const address = { line1: params.address_line1 ?? null, postal_code: params.address_zip ?? null };
  const built = buildCard(context, { number, exp_month, exp_year, cvc }, address);
  const { card } = built;
  const token: Stripe.Token = {
    id: newId("tok"),
    object: "token",
    card: {
      id: newId("card"),
      object: "card",
      address_city: params.address_city ?? null,
      address_country: params.address_country ?? null,
      address_line1: address.line1,
      address_line1_check: card.checks?.address_line1_check ?? null,
      address_line2: params.address_line2 ?? null,
      address_state: params.address_state ?? null,
      address_zip: address.postal_code,
      address_zip_check: card.checks?.address_postal_code_check ?? null,
      brand: TOKEN_BRANDS[card.brand] ?? "Unknown",
      country: card.country,
      cvc_check: card.checks?.cvc_check ?? null,
      dynamic_last4: null,
      exp_month: card.exp_month,
      exp_year: card.exp_year,
      fingerprint: card.fingerprint,
      funding: card.funding,
      last4: card.last4,
      metadata: {},
      name: params.name ?? null,
      networks: { preferred: null },
      regulated_status: "unregulated",
      tokenization_method: null,
    },
    client_ip: "127.0.0.1",
    created: context.now,
    livemode: false,
    type: "card",
    used: false,
  };
  insertObject(context.store, "token", token, built);
  return token;
}

/** Cards are spelled otherwise than payment methods. https://docs.stripe.com/api/cards/object#card_object-brand */
const TOKEN_BRANDS: Record<string, string> = {
  amex: "American Express",
  diners: "Diners Club",
  discover: "Discover",
  jcb: "JCB",
  mastercard: "MasterCard",
  unionpay: "UnionPay",
  visa: "Visa",
};
