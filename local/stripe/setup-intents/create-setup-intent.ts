import type Stripe from "stripe";
import type { Context } from "@/local/stripe/context";
import { emitEvent } from "@/local/stripe/events/emit-event";
import { newId, randomText } from "@/local/stripe/ids";
import { insertObject } from "@/local/stripe/store/store";
import { succeedSetup } from "./attempt-setup";

export type NewSetupIntent = {
  customer: string | null;
  metadata: Record<string, string>;
  description: string | null;
  /** Everything else that is not as usual for one Stripe makes by itself: by card, for payments off session. */
  overrides?: Partial<Stripe.SetupIntent>;
};

/** Creates a setup intent that waits for a payment method. https://docs.stripe.com/api/setup_intents/object */
export function createSetupIntent(context: Context, input: NewSetupIntent): Stripe.SetupIntent {
  return recordSetupIntent(context, buildSetupIntent(context, input));
}

/** Stores a new setup intent and tells of it. */
export function recordSetupIntent(context: Context, intent: Stripe.SetupIntent): Stripe.SetupIntent {
  insertObject(context.store, "setup_intent", intent, {});
  emitEvent(context, "setup_intent.created", intent);
  return intent;
}

/** A new setup intent, not stored yet. */
export function buildSetupIntent(context: Context, input: NewSetupIntent): Stripe.SetupIntent {
  const id = newId("seti");
  return {
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
    ...input.overrides,
  };
}

/** Records that the card was saved. Attaching it, where a bad card is declined, comes before. */
export function succeedSetupIntent(
  context: Context,
  intent: Stripe.SetupIntent,
  method: Stripe.PaymentMethod,
): Stripe.SetupIntent {
  return succeedSetup(context, intent, method, null);
}
