import type Stripe from "stripe";

/**
 * Where a session's page is. One that is embedded opens to its client secret alone, which the shop's page has.
 * https://docs.stripe.com/payments/checkout/how-checkout-works?payment-ui=embedded-page
 */
export function pagePathOf({ id, client_secret: secret }: Stripe.Checkout.Session): string {
  return `/c/pay/${secret ?? id}`;
}
