import type Stripe from "stripe";

/** A decimal field as it travels: a string. The SDK turns it into its own `Decimal` when it reads it. */
export function decimal(value: number | string): Stripe.Decimal {
  // The SDK's type describes what the reader gets, not what is sent.
  return String(value) as unknown as Stripe.Decimal;
}
