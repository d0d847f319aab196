import { discountsParam } from "@/local/stripe/discounts/discount-params";
import { paginationParams } from "@/local/stripe/http/list-page";
import {
  clearable,
  flag,
  hash,
  integer,
  listOf,
  metadata,
  oneOf,
  required,
  text,
  timeRange,
  timestamp,
} from "@/local/stripe/http/params";
import { offOnly, servedOneOf } from "@/local/stripe/http/unserved-params";
import { recurringParam } from "@/local/stripe/prices/price-params";
import { productDataParams, unitAmountParams } from "@/local/stripe/products/product-params";
import { billingModeParam, trialSettingsParam } from "@/local/stripe/subscriptions/subscription-params";

const lineItemParam = hash({
  metadata: metadata(),
  price: text(),
  price_data: hash({
    currency: required(text(3)),
    product: text(),
    product_data: hash({ ...productDataParams, name: required(text()) }),
    recurring: recurringParam,
    tax_behavior: oneOf("exclusive", "inclusive", "unspecified"),
    ...unitAmountParams,
  }),
  quantity: integer({ min: 1, max: 999_999 }),
  tax_rates: listOf(text(), 5),
  adjustable_quantity: hash({
    enabled: required(flag()),
    maximum: integer({ min: 1, max: 999_999 }),
    minimum: integer({ min: 0 }),
  }),
});

const subscriptionDataParam = hash({
  billing_cycle_anchor: timestamp(),
  billing_mode: billingModeParam,
  default_tax_rates: listOf(text(), 5),
  description: text(500),
  metadata: metadata(),
  proration_behavior: oneOf("create_prorations", "none"),
  trial_end: timestamp(),
  trial_period_days: integer({ min: 1, max: 730 }),
  trial_settings: trialSettingsParam,
});

const paymentIntentDataParam = hash({
  capture_method: oneOf("automatic", "automatic_async", "manual"),
  description: text(1000),
  metadata: metadata(),
  receipt_email: text(),
  setup_future_usage: oneOf("off_session", "on_session"),
  statement_descriptor: text(22),
});

const customFieldParam = hash({
  dropdown: hash({
    default_value: text(100),
    options: required(listOf(hash({ label: required(text(100)), value: required(text(100)) }), 200)),
  }),
  key: required(text(200)),
  label: required(hash({ custom: required(text(50)), type: required(oneOf("custom")) })),
  numeric: hash({
    default_value: text(255),
    maximum_length: integer({ min: 1, max: 255 }),
    minimum_length: integer({ min: 0 }),
  }),
  optional: flag(),
  text: hash({
    default_value: text(255),
    maximum_length: integer({ min: 1, max: 255 }),
    minimum_length: integer({ min: 0 }),
  }),
  type: required(oneOf("dropdown", "numeric", "text")),
});

const messageParam = clearable(hash({ message: required(text(1200)) }));

/**
 * `payment_method_types` is not here: this API version removed it from Checkout.
 * https://docs.stripe.com/api/checkout/sessions/create
 */
export const sessionCreateParams = {
  adaptive_pricing: hash({ enabled: offOnly("adaptive pricing") }),
  after_expiration: hash({
    recovery: hash({ allow_promotion_codes: flag(), enabled: required(flag()) }),
  }),
  allow_promotion_codes: flag(),
  allowed_payment_method_types: listOf(text()),
  automatic_tax: hash({
    enabled: required(flag()),
    liability: hash({ type: required(servedOneOf(["self"], "account")) }),
  }),
  billing_address_collection: oneOf("auto", "required"),
  cancel_url: text(),
  client_reference_id: text(200),
  consent_collection: hash({
    promotions: servedOneOf(["none"], "auto"),
    terms_of_service: oneOf("none", "required"),
  }),
  currency: text(3),
  custom_fields: listOf(customFieldParam, 3),
  custom_text: hash({
    after_submit: messageParam,
    submit: messageParam,
    terms_of_service_acceptance: messageParam,
  }),
  customer: text(),
  customer_creation: oneOf("always", "if_required"),
  customer_email: text(800),
  customer_update: hash({
    address: oneOf("auto", "never"),
    name: oneOf("auto", "never"),
    shipping: oneOf("auto", "never"),
  }),
  discounts: discountsParam,
  expires_at: timestamp(),
  invoice_creation: hash({
    enabled: required(flag()),
    invoice_data: hash({ description: text(1500), footer: text(), metadata: metadata() }),
  }),
  line_items: listOf(lineItemParam, 100),
  locale: text(10),
  metadata: metadata(),
  mode: required(oneOf("payment", "setup", "subscription")),
  origin_context: oneOf("mobile_app", "web"),
  payment_intent_data: paymentIntentDataParam,
  payment_method_collection: oneOf("always", "if_required"),
  phone_number_collection: hash({ enabled: required(flag()) }),
  redirect_on_completion: oneOf("always", "if_required", "never"),
  return_url: text(),
  saved_payment_method_options: hash({
    allow_redisplay_filters: listOf(oneOf("always", "limited", "unspecified")),
    payment_method_save: oneOf("disabled", "enabled"),
  }),
  setup_intent_data: hash({ description: text(), metadata: metadata() }),
  submit_type: oneOf("auto", "book", "donate", "pay", "subscribe"),
  subscription_data: subscriptionDataParam,
  success_url: text(),
  tax_id_collection: hash({ enabled: required(flag()), required: oneOf("if_supported", "never") }),
  ui_mode: oneOf("elements", "embedded_page", "form", "hosted_page"),
};

export const sessionListParams = {
  ...paginationParams,
  created: timeRange(),
  customer: text(),
  customer_details: hash({ email: required(text()) }),
  payment_intent: text(),
  status: oneOf("complete", "expired", "open"),
  subscription: text(),
};
