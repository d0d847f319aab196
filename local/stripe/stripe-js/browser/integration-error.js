/** What Stripe.js throws when it is used wrongly. https://docs.stripe.com/js/appendix/integration_error */
export class IntegrationError extends Error {
  constructor(message) {
    super(message);
    this.name = "IntegrationError";
  }
}

/** What Stripe.js can do and this one cannot, refused aloud. */
export function notSimulated(what) {
  return new IntegrationError(`Not simulated yet by the local Stripe: ${what}.`);
}
