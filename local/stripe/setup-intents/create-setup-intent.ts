import type Stripe from "stripe";
import type { Context } from "@/local/stripe/context";
import { emitEvent } from "@/local/stripe/events/emit-event";
import { newId, randomText } from "@/local/stripe/ids";
import { insertObject, saveObject } from "@/local/stripe/store/store";

/** Creates a setup intent that waits for a payment method. https://docs.stripe.com/api/setup_intents/object */
export function createSetupIntent(
  context: Context,
  input: { customer: string | null; metadata: Record<string, string>; description: string | null },
): Stripe.SetupIntent {
  const id = newId("seti");
  const intent: Stripe.SetupIntent = {
    id,
    object: "setup_intent",
    allowed_payment_method_types: null,
    application: null,
    automatic_payment_methods: null,
    cancellation_reason: null,
    client_secret: `${id}_secret_${randomText(25)}`,
    created: context.now,
    customer: input.customer,
    customer_account: null,
    description: input.description,
    excluded_payment_method_types: null,
    flow_directions: null,
    last_setup_error: null,
    latest_attempt: null,
    livemode: false,
    managed_payments: null,
    mandate: null,
    metadata: input.metadata,
    next_action: null,
    on_behalf_of: null,
    payment_method: null,
    payment_method_configuration_details: null,
    payment_method_options: {
      card: { mandate_options: null, network: null, request_three_d_secure: "automatic" },
    },
    payment_method_types: ["card"],
    single_use_mandate: null,
    status: "requires_payment_method",
    usage: "off_session",
  };
  insertObject(context.store, "setup_intent", intent, {});
  emitEvent(context, "setup_intent.created", intent);
  return intent;
}

/** Records that the card was saved. Attaching it, where a bad card is declined, comes before. */
export function succeedSetupIntent(
  context: Context,
  intent: Stripe.SetupIntent,
  method: Stripe.PaymentMethod,
): Stripe.SetupIntent {
  const done: Stripe.SetupIntent = { ...intent, payment_method: method.id, status: "succeeded" };
  saveObject(context.store, "setup_intent", done);
  emitEvent(context, "setup_intent.succeeded", done);
  return done;
}
