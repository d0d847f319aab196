/** The currencies there are, in Stripe's lower case. */
const CURRENCIES = new Set(Intl.supportedValuesOf("currency").map((code) => code.toLowerCase()));

/** Whether a code is a currency's, written as Stripe writes it: "usd". */
export function isKnownCurrency(code: string): boolean {
  return CURRENCIES.has(code);
}
