import type Stripe from "stripe";
import type { Context } from "@/local/stripe/context";
import { invalidRequest, parameterMissing } from "@/local/stripe/http/stripe-api-error";
import { getByPath } from "@/local/stripe/references";

/** What Stripe.js is shown of a payment intent. https://docs.stripe.com/api/payment_intents/object */
const PAYMENT_FIELDS = (
  "id object amount amount_details automatic_payment_methods canceled_at cancellation_reason capture_method " +
  "client_secret confirmation_method created currency description last_payment_error livemode next_action " +
  "payment_method payment_method_configuration_details payment_method_types processing receipt_email " +
  "setup_future_usage shipping source status"
).split(" ");

/** What Stripe.js is shown of a setup intent. https://docs.stripe.com/api/setup_intents/object */
const SETUP_FIELDS = (
  "id object automatic_payment_methods cancellation_reason client_secret created description last_setup_error " +
  "livemode next_action payment_method payment_method_configuration_details payment_method_types status usage"
).split(" ");

/**
 * The intent of the URL. Whoever has only the publishable key must know its client secret.
 * @throws StripeApiError 404 for an unknown intent, 400 for another's secret or none.
 */
export function getAccessibleIntent<T extends "payment_intent" | "setup_intent">(
  context: Context,
  type: T,
  id: string,
  clientSecret: string | undefined,
): { payment_intent: Stripe.PaymentIntent; setup_intent: Stripe.SetupIntent }[T] {
  if (context.request.isPublishable && clientSecret === undefined) throw parameterMissing("client_secret");
  const intent = getByPath(context, type, id);
  if (clientSecret !== undefined && intent.client_secret !== clientSecret) {
    const name = type === "payment_intent" ? "PaymentIntent" : "SetupIntent";
    throw invalidRequest(
      `The client_secret provided does not match any associated ${name} on this account. Ensure the provided ` +
        `client_secret and ${name} belong to the same account.`,
      { code: `${type}_invalid_parameter`, param: "client_secret" },
    );
  }
  return intent;
}

/** The intent as the caller may see it: whole with the secret key, in part with the publishable one. */
export function clientView<T extends Stripe.PaymentIntent | Stripe.SetupIntent>(
  context: Context,
  intent: T,
): T {
  if (!context.request.isPublishable) return intent;
  const fields = intent.object === "payment_intent" ? PAYMENT_FIELDS : SETUP_FIELDS;
  const shown = Object.fromEntries(Object.entries(intent).filter(([name]) => fields.includes(name)));
  // A part of the object is all that Stripe.js gets, under the same name.
  return shown as unknown as T;
}
