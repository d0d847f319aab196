import type Stripe from "stripe";
import type { Context } from "@/local/stripe/context";
import { emitEvent } from "@/local/stripe/events/emit-event";
import { newId, randomText } from "@/local/stripe/ids";
import { insertObject } from "@/local/stripe/store/store";

export type NewPaymentIntent = {
  amount: number;
  currency: string;
  customer: string | null;
  description: string | null;
  metadata: Record<string, string>;
  receiptEmail: string | null;
  setupFutureUsage: string | null;
  statementDescriptor: string | null;
  /** Everything else that is not as usual for a payment Stripe makes by itself: by card, captured at once. */
  overrides?: Partial<Stripe.PaymentIntent>;
};

/** Creates a payment intent that waits for a payment method. https://docs.stripe.com/api/payment_intents/object */
export function createPaymentIntent(context: Context, input: NewPaymentIntent): Stripe.PaymentIntent {
  return recordPaymentIntent(context, buildPaymentIntent(context, input));
}

/** Stores a new intent and tells of it. */
export function recordPaymentIntent(context: Context, intent: Stripe.PaymentIntent): Stripe.PaymentIntent {
  insertObject(context.store, "payment_intent", intent, { isAuthenticated: false });
  emitEvent(context, "payment_intent.created", intent);
  return intent;
}

/** A new intent, not stored yet. */
export function buildPaymentIntent(context: Context, input: NewPaymentIntent): Stripe.PaymentIntent {
  const id = newId("pi");
  return {
    id,
    object: "payment_intent",
    allowed_payment_method_types: null,
    amount: input.amount,
    amount_capturable: 0,
    amount_details: { tip: {} },
    amount_received: 0,
    application: null,
    application_fee_amount: null,
    automatic_payment_methods: null,
    canceled_at: null,
    cancellation_reason: null,
    capture_method: "automatic",
    client_secret: `${id}_secret_${randomText(25)}`,
    confirmation_method: "automatic",
    created: context.now,
    currency: input.currency,
    customer: input.customer,
    customer_account: null,
    description: input.description,
    excluded_payment_method_types: null,
    last_payment_error: null,
    latest_charge: null,
    livemode: false,
    managed_payments: null,
    metadata: input.metadata,
    next_action: null,
    on_behalf_of: null,
    payment_method: null,
    payment_method_configuration_details: null,
    payment_method_options: {
      card: { installments: null, mandate_options: null, network: null, request_three_d_secure: "automatic" },
    },
    payment_method_types: ["card"],
    payment_record: null,
    processing: null,
    receipt_email: input.receiptEmail,
    review: null,
    setup_future_usage: input.setupFutureUsage,
    shipping: null,
    source: null,
    statement_descriptor: input.statementDescriptor,
    statement_descriptor_suffix: null,
    status: "requires_payment_method",
    transfer_data: null,
    transfer_group: null,
    ...input.overrides,
  };
}
