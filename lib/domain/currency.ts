/** The currencies there are, in Stripe's lower case. */
const CURRENCIES = new Set(Intl.supportedValuesOf("currency").map((code) => code.toLowerCase()));

const HUNDREDS = new Set(["isk", "ugx"]);
const TENS = new Set(["bhd", "jod", "kwd", "omr", "tnd"]);

/**
 * What Stripe's amounts in a currency must be a multiple of: krónur and Ugandan shillings have no coins below the whole,
 * and of three decimals the last must be zero. https://docs.stripe.com/currencies#special-cases, #three-decimal
 */
export function amountStepMinor(currency: string): 1 | 10 | 100 {
  if (HUNDREDS.has(currency)) return 100;
  return TENS.has(currency) ? 10 : 1;
}

/** Whether a code is a currency's, written as Stripe writes it: "usd". */
export function isKnownCurrency(code: string): boolean {
  return CURRENCIES.has(code);
}
