import { createHash } from "node:crypto";
import type Stripe from "stripe";
import type { Context } from "@/local/stripe/context";
import { invalidRequest } from "@/local/stripe/http/stripe-api-error";
import { newId } from "@/local/stripe/ids";
import { mergeMetadata } from "@/local/stripe/metadata";
import { fullBillingDetails, type MethodDetails } from "@/local/stripe/payment-methods/create-payment-method";
import { ORDINARY } from "@/local/stripe/payment-methods/test-card-table";
import { insertObject } from "@/local/stripe/store/store";
import { findTestBankAccount, type TestBankAccount } from "./test-bank-accounts";

/** The routing number of Stripe's test bank. */
const TEST_ROUTING_NUMBER = "110000000";

export type NewBankAccount = {
  account_number: string;
  routing_number: string;
  account_holder_type?: "company" | "individual";
  account_type?: "checking" | "savings";
};

/**
 * Creates a payment method of a US bank account, which counts as verified. Its number is not kept.
 * https://docs.stripe.com/payments/ach-direct-debit/accept-a-payment
 * @throws StripeApiError 400 for anything but a test account that is played here.
 */
export function createBankPaymentMethod(
  context: Context,
  account: NewBankAccount,
  details: MethodDetails,
): Stripe.PaymentMethod {
  const known = findTestBankAccount(account.account_number);
  if (!known || account.routing_number !== TEST_ROUTING_NUMBER) {
    throw invalidRequest(
      "You must use a test bank account in test mode. For the account numbers and the routing number, see " +
        "https://docs.stripe.com/testing.",
      { param: known ? "us_bank_account[routing_number]" : "us_bank_account[account_number]" },
    );
  }
  const method: Stripe.PaymentMethod = {
    id: newId("pm"),
    object: "payment_method",
    allow_redisplay: details.allowRedisplay ?? "unspecified",
    billing_details: fullBillingDetails(details.billing ?? {}),
    created: context.now,
    customer: null,
    customer_account: null,
    livemode: false,
    metadata: mergeMetadata({}, details.metadata),
    type: "us_bank_account",
    us_bank_account: {
      account_holder_type: account.account_holder_type ?? "individual",
      account_type: account.account_type ?? "checking",
      bank_name: "STRIPE TEST BANK",
      financial_connections_account: null,
      fingerprint: createHash("sha256").update(account.account_number).digest("hex").slice(0, 16),
      last4: account.account_number.slice(-4),
      networks: { preferred: "ach", supported: ["ach"] },
      routing_number: account.routing_number,
      status_details: {},
    },
  };
  insertObject(context.store, "payment_method", method, {
    ...ORDINARY,
    refund: "succeeds_later",
    debit: known.outcome,
    isUsedUp: false,
    isSetUp: false,
  });
  return method;
}

/** The method behind a shared test id. https://docs.stripe.com/testing */
export function createSharedBankPaymentMethod(
  context: Context,
  { number }: TestBankAccount,
  details: MethodDetails = { billing: { name: "Jenny Rosen", email: "jenny@example.com" } },
): Stripe.PaymentMethod {
  const account = { account_number: number, routing_number: TEST_ROUTING_NUMBER };
  return createBankPaymentMethod(context, account, details);
}
