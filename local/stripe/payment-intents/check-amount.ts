import { maxAmount, minorDigits } from "@/local/stripe/currencies";
import { invalidRequest } from "@/local/stripe/http/stripe-api-error";
import { minimumCharge } from "@/local/stripe/invoices/minimum-charge";
import { formatMoney } from "@/local/stripe/money";

/** Currencies without coins that are given in hundredths all the same. https://docs.stripe.com/currencies#special-cases */
const WHOLE_UNITS_ONLY = ["isk", "ugx"];

/**
 * What can be charged at all: not less than the currency's minimum, not more than the digits allow, and in three-decimal
 * currencies a multiple of ten. https://docs.stripe.com/currencies#minimum-and-maximum-charge-amounts
 * @throws StripeApiError 400 `amount_too_small` or `amount_too_large`.
 */
export function checkAmount(amount: number, currency: string): void {
  const minimum = minimumCharge(currency);
  if (amount < minimum) {
    throw invalidRequest(`Amount must be at least ${formatMoney(minimum, currency)} ${currency}`, {
      code: "amount_too_small",
      param: "amount",
    });
  }
  const maximum = maxAmount(currency);
  if (amount > maximum) {
    throw invalidRequest(`Amount must be no more than ${formatMoney(maximum, currency)}`, {
      code: "amount_too_large",
      param: "amount",
    });
  }
  const step = WHOLE_UNITS_ONLY.includes(currency) ? 100 : minorDigits(currency) === 3 ? 10 : 1;
  if (amount % step !== 0) {
    throw invalidRequest(
      `Invalid amount: ${amount}. Amounts in ${currency} must be evenly divisible by ${step}.`,
      { code: "parameter_invalid_integer", param: "amount" },
    );
  }
}
