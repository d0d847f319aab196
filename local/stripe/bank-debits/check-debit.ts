import type Stripe from "stripe";
import type { Context } from "@/local/stripe/context";
import { invalidRequest } from "@/local/stripe/http/stripe-api-error";
import { type Acceptance, createMandate, findMandate } from "@/local/stripe/mandates/mandate-of";

/**
 * What a debit needs before it can be tried: dollars, capture at once, and a mandate of the account's holder. Does nothing
 * for a card. https://docs.stripe.com/payments/ach-direct-debit
 * @throws StripeApiError 400.
 */
export function checkDebit(
  context: Context,
  intent: Stripe.PaymentIntent,
  method: Stripe.PaymentMethod,
  acceptance: Acceptance | null,
): void {
  if (method.type !== "us_bank_account") return;
  if (intent.currency !== "usd") {
    throw invalidRequest(notInCurrency(intent.currency), { param: "currency" });
  }
  if (intent.capture_method === "manual") {
    throw invalidRequest("The payment method type us_bank_account does not support manual capture.", {
      param: "capture_method",
    });
  }
  requireMandate(context, method, acceptance, "PaymentIntent");
}

/**
 * Why a debit fails that nobody checked before, as that of an invoice.
 * https://docs.stripe.com/error-codes#payment-method-currency-mismatch
 */
export function currencyMismatch(
  intent: Stripe.PaymentIntent,
  method: Stripe.PaymentMethod,
): Stripe.PaymentIntent.LastPaymentError {
  return {
    type: "invalid_request_error",
    code: "payment_method_currency_mismatch",
    doc_url: "https://stripe.com/docs/error-codes/payment-method-currency-mismatch",
    message: notInCurrency(intent.currency),
    payment_method: method,
  };
}

/** The mandate there is, or a new one of what was accepted. */
export function requireMandate(
  context: Context,
  method: Stripe.PaymentMethod,
  acceptance: Acceptance | null,
  intentName: "PaymentIntent" | "SetupIntent",
): void {
  if (method.type !== "us_bank_account") return;
  if (acceptance) {
    createMandate(context, method, acceptance);
  } else if (!findMandate(context, method.id)) {
    throw invalidRequest(
      `This ${intentName} requires a mandate, but no existing mandate was found. Collect mandate acceptance from the ` +
        "customer and try again, providing acceptance data in the mandate_data parameter.",
      { param: "mandate_data" },
    );
  }
}

function notInCurrency(currency: string): string {
  return (
    `The currency provided (${currency}) is invalid for the payment method type us_bank_account. It can be used with ` +
    "usd only."
  );
}
