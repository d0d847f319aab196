import { currencyParam } from "@/local/stripe/currencies";
import { addressParam } from "@/local/stripe/customers/customer-params";
import { paginationParams } from "@/local/stripe/http/list-page";
import {
  clearable,
  flag,
  hash,
  integer,
  listOf,
  metadata,
  oneOf,
  optional,
  type Param,
  required,
  text,
  timeRange,
} from "@/local/stripe/http/params";
import { mandateDataParam } from "@/local/stripe/mandates/mandate-params";
import { methodDataParam } from "@/local/stripe/payment-methods/payment-method-params";

/** What only Stripe.js sends. */
export const CLIENT_PARAMS = ["client_secret", "payment_method_data"] as const;

export const futureUsageParam = oneOf("off_session", "on_session");

/** How the card is to be used; the same hash for payment and setup intents, which know fewer of its fields. */
const cardOptionsParam = hash({
  capture_method: clearable(oneOf("manual")),
  request_three_d_secure: oneOf("any", "automatic", "challenge"),
  setup_future_usage: clearable(oneOf("none", "off_session", "on_session")),
});

export const methodOptionsParam = hash({ card: clearable(cardOptionsParam) });

export const automaticMethodsParam = hash({
  allow_redirects: oneOf("always", "never"),
  enabled: required(flag()),
});

/** A flag, or the kind of payment that is made without the customer; either kind is a yes. */
function offSessionParam(): Param<boolean> {
  return optional((value, path) =>
    value === "one_off" || value === "recurring" ? true : flag().parse(value, path),
  );
}

const shippingParam = hash({
  address: required(addressParam),
  carrier: text(),
  name: required(text()),
  phone: text(),
  tracking_number: text(),
});

/** What may be given whenever an intent is created, changed or confirmed. */
const shared = {
  allowed_payment_method_types: listOf(text()),
  capture_method: oneOf("automatic", "automatic_async", "manual"),
  payment_method: text(),
  payment_method_data: methodDataParam,
  payment_method_options: methodOptionsParam,
  receipt_email: clearable(text(800)),
  setup_future_usage: clearable(futureUsageParam),
  shipping: clearable(shippingParam),
};

const confirmation = {
  error_on_requires_action: flag(),
  mandate_data: mandateDataParam,
  off_session: offSessionParam(),
  return_url: text(),
  use_stripe_sdk: flag(),
};

const description = {
  customer: text(),
  description: text(1000),
  metadata: metadata(),
  statement_descriptor: text(22),
  statement_descriptor_suffix: text(22),
};

export const intentCreateParams = {
  ...shared,
  ...confirmation,
  ...description,
  amount: required(integer({ min: 1 })),
  automatic_payment_methods: automaticMethodsParam,
  confirm: flag(),
  confirmation_method: oneOf("automatic", "manual"),
  currency: required(currencyParam()),
};

export const intentUpdateParams = {
  ...shared,
  ...description,
  amount: integer({ min: 1 }),
  client_secret: text(),
  currency: currencyParam(),
  payment_method: clearable(text()),
};

export const intentConfirmParams = { ...shared, ...confirmation, client_secret: text() };

export const intentCaptureParams = {
  amount_to_capture: integer({ min: 1 }),
  final_capture: flag(),
  metadata: metadata(),
  statement_descriptor: text(22),
  statement_descriptor_suffix: text(22),
};

export const intentCancelParams = {
  cancellation_reason: oneOf("abandoned", "duplicate", "fraudulent", "requested_by_customer"),
};

export const intentListParams = { ...paginationParams, created: timeRange(), customer: text() };
