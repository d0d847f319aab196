import { invalidRequest, notSimulated } from "@/local/stripe/http/stripe-api-error";

const SERVED = ["card", "us_bank_account"];

/**
 * What may be paid with: cards, and bank debits in dollars beside them.
 * https://docs.stripe.com/api/checkout/sessions/create#create_checkout_session-allowed_payment_method_types
 * @throws StripeApiError naming the parameter.
 */
export function checkMethodTypes(
  types: string[] | undefined,
  { currency, isCapturedManually }: { currency: string | undefined; isCapturedManually: boolean },
): void {
  if (!types) return;
  const param = "allowed_payment_method_types";
  const unserved = types.find((type) => !SERVED.includes(type));
  if (unserved !== undefined) throw notSimulated(`the payment method type '${unserved}'`, param);
  if (!types.includes("card")) throw notSimulated("checkout without cards", param);
  if (!types.includes("us_bank_account")) return;
  if (currency !== undefined && currency !== "usd") {
    throw invalidRequest("The payment method type us_bank_account can be used with usd only.", { param });
  }
  if (isCapturedManually) {
    throw invalidRequest("The payment method type us_bank_account does not support manual capture.", {
      param,
    });
  }
}
