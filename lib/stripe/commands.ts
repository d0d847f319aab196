import type Stripe from "stripe";
import { isStripeError } from "./stripe-error";

/**
 * The writes this app makes at Stripe, by name. A command's parameters are stored as JSON before the call, so
 * that whoever finds the row can repeat exactly that call under exactly that key.
 */
export type StripeCommandParameters = {
  "customers.create": Stripe.CustomerCreateParams;
  "customers.update": { customer: string; name: string; email: string };
  "customers.set_default_card": { customer: string; payment_method: string };
  "products.create": Stripe.ProductCreateParams;
  "products.update": { product: string } & Stripe.ProductUpdateParams;
  "prices.create": Stripe.PriceCreateParams;
  "prices.update": { price: string } & Stripe.PriceUpdateParams;
  "checkout.sessions.create": Stripe.Checkout.SessionCreateParams;
  "setup_intents.create": Stripe.SetupIntentCreateParams;
  "subscriptions.set_default_card": { subscription: string; payment_method: string };
  "subscriptions.end_with_period": { subscription: string };
};
export type StripeCommandKind = keyof StripeCommandParameters;
/** What is kept of Stripe's answer: the id, and where to send the customer, if anywhere. */
export type StripeCommandResult = { id: string; url: string | null };

const CALLS: {
  [Kind in StripeCommandKind]: (
    stripe: Stripe,
    parameters: StripeCommandParameters[Kind],
    options: Stripe.RequestOptions,
  ) => Promise<{ id: string; url?: string | null }>;
} = {
  "customers.create": (stripe, parameters, options) => stripe.customers.create(parameters, options),
  "customers.update": (stripe, { customer, ...parameters }, options) =>
    stripe.customers.update(customer, parameters, options),
  "customers.set_default_card": (stripe, { customer, payment_method }, options) =>
    stripe.customers.update(
      customer,
      { invoice_settings: { default_payment_method: payment_method } },
      options,
    ),
  "products.create": (stripe, parameters, options) => stripe.products.create(parameters, options),
  "products.update": (stripe, { product, ...parameters }, options) =>
    stripe.products.update(product, parameters, options),
  "prices.create": (stripe, parameters, options) => stripe.prices.create(parameters, options),
  "prices.update": (stripe, { price, ...parameters }, options) =>
    stripe.prices.update(price, parameters, options),
  "checkout.sessions.create": (stripe, parameters, options) =>
    stripe.checkout.sessions.create(parameters, options),
  "setup_intents.create": (stripe, parameters, options) => stripe.setupIntents.create(parameters, options),
  "subscriptions.set_default_card": (stripe, { subscription, payment_method }, options) =>
    stripe.subscriptions.update(subscription, { default_payment_method: payment_method }, options),
  "subscriptions.end_with_period": (stripe, { subscription }, options) =>
    stripe.subscriptions.update(subscription, { cancel_at_period_end: true }, options),
};

/** Makes the call. Repeated under the same key within 24 hours it has one effect. https://docs.stripe.com/api/idempotent_requests */
export async function callStripe<Kind extends StripeCommandKind>(
  stripe: Stripe,
  kind: Kind,
  parameters: StripeCommandParameters[Kind],
  idempotencyKey: string,
): Promise<StripeCommandResult> {
  const { id, url } = await CALLS[kind](stripe, parameters, { idempotencyKey });
  return { id, url: url ?? null };
}

/**
 * Whether a failed call may have had its effect or may succeed when repeated: no answer, 5xx, too many
 * requests, or the same key still in flight. Everything else is Stripe's considered refusal.
 */
export function mayBeRepeated(error: unknown): boolean {
  if (!isStripeError(error)) return false;
  if (error.type === "StripeConnectionError" || error.type === "StripeAPIError") return true;
  return error.statusCode === 429 || error.statusCode === 409 || (error.statusCode ?? 0) >= 500;
}
