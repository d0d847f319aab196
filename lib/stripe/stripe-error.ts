import type Stripe from "stripe";

/**
 * Whether an error came from the Stripe SDK. Told by its `type`, not by `instanceof`: Next bundles the SDK more than
 * once, and an error of one bundle is no instance of another's class. https://docs.stripe.com/error-handling
 */
export function isStripeError(error: unknown): error is Stripe.errors.StripeError {
  return (
    error instanceof Error &&
    "type" in error &&
    typeof error.type === "string" &&
    error.type.startsWith("Stripe")
  );
}
