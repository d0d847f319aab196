import type Stripe from "stripe";
import { operation } from "@/local/stripe/http/operation";
import { ACCOUNT_NAME } from "./account-name";
import { retrieveBalance } from "./balance";

/** https://docs.stripe.com/api/accounts and https://docs.stripe.com/api/balance */
export const accountOperations = [
  operation({ method: "GET", path: "/v1/account", params: {}, run: retrieveAccount }),
  operation({ method: "GET", path: "/v1/balance", params: {}, run: (context) => retrieveBalance(context) }),
];

function retrieveAccount(): Stripe.Account {
  return {
    id: "acct_local_tollkeeper",
    object: "account",
    business_type: "company",
    capabilities: { card_payments: "active", transfers: "active" },
    charges_enabled: true,
    country: "US",
    default_currency: "usd",
    details_submitted: true,
    email: "owner@localhost",
    metadata: {},
    payouts_enabled: true,
    settings: {
      branding: { icon: null, logo: null, primary_color: null, secondary_color: null },
      card_payments: {
        statement_descriptor_prefix: null,
        statement_descriptor_prefix_kana: null,
        statement_descriptor_prefix_kanji: null,
      },
      dashboard: { display_name: ACCOUNT_NAME, timezone: "Etc/UTC" },
      payments: {
        statement_descriptor: ACCOUNT_NAME.toUpperCase().slice(0, 22),
        statement_descriptor_kana: null,
        statement_descriptor_kanji: null,
        statement_descriptor_prefix_kana: null,
        statement_descriptor_prefix_kanji: null,
      },
    },
    type: "standard",
  };
}
