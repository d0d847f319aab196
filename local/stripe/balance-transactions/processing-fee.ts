import { minorDigits } from "@/local/stripe/currencies";

/**
 * What Stripe keeps of a card payment: 2.9 % and 30 cents, the standard price in the United States, with 30 hundredths
 * of any other currency for the cents, or 30 where it has no minor unit. https://stripe.com/pricing
 */
export function processingFee(amount: number, currency: string): number {
  const fixed = minorDigits(currency) === 3 ? 300 : 30;
  return Math.floor((amount * 29 + 500) / 1000) + fixed;
}
