/**
 * How long an authorization can be captured online, for most cards.
 * https://docs.stripe.com/payments/place-a-hold-on-a-payment-method
 */
export const AUTHORIZATION_SECONDS = 7 * 24 * 60 * 60;
