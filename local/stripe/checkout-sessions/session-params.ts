import { paginationParams } from "@/local/stripe/http/list-page";
import {
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
import { offOnly, refused, refusedParams, servedOneOf } from "@/local/stripe/http/unserved-params";
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
  tax_rates: refused("tax rates"),
  adjustable_quantity: hash({
    enabled: required(offOnly("an adjustable quantity")),
    ...refusedParams("maximum", "minimum"),
  }),
});

const subscriptionDataParam = hash({
  billing_mode: billingModeParam,
  description: text(500),
  metadata: metadata(),
  proration_behavior: oneOf("create_prorations", "none"),
  trial_end: timestamp(),
  trial_period_days: integer({ min: 1, max: 730 }),
  trial_settings: trialSettingsParam,
  ...refusedParams(
    "application_fee_percent",
    "billing_cycle_anchor",
    "billing_cycle_anchor_config",
    "default_tax_rates",
    "invoice_settings",
    "on_behalf_of",
    "pending_invoice_item_interval",
    "transfer_data",
  ),
});

const paymentIntentDataParam = hash({
  capture_method: servedOneOf(["automatic", "automatic_async"], "manual"),
  description: text(1000),
  metadata: metadata(),
  receipt_email: text(),
  setup_future_usage: oneOf("off_session", "on_session"),
  statement_descriptor: text(22),
  ...refusedParams(
    "application_fee_amount",
    "on_behalf_of",
    "shipping",
    "statement_descriptor_suffix",
    "transfer_data",
    "transfer_group",
  ),
});

/**
 * `payment_method_types` is not here: this API version removed it from Checkout.
 * https://docs.stripe.com/api/checkout/sessions/create
 */
export const sessionCreateParams = {
  allow_promotion_codes: flag(),
  automatic_tax: hash({ enabled: required(offOnly("automatic tax")), ...refusedParams("liability") }),
  billing_address_collection: oneOf("auto", "required"),
  cancel_url: text(),
  client_reference_id: text(200),
  currency: text(3),
  customer: text(),
  customer_creation: oneOf("always", "if_required"),
  customer_email: text(800),
  customer_update: hash({
    address: oneOf("auto", "never"),
    name: oneOf("auto", "never"),
    shipping: oneOf("auto", "never"),
  }),
  expires_at: timestamp(),
  invoice_creation: hash({
    enabled: required(offOnly("an invoice for a one-time payment")),
    ...refusedParams("invoice_data"),
  }),
  line_items: listOf(lineItemParam, 100),
  locale: text(10),
  metadata: metadata(),
  mode: required(oneOf("payment", "setup", "subscription")),
  origin_context: oneOf("mobile_app", "web"),
  payment_intent_data: paymentIntentDataParam,
  payment_method_collection: oneOf("always", "if_required"),
  phone_number_collection: hash({ enabled: required(offOnly("collecting a phone number")) }),
  setup_intent_data: hash({ description: text(), metadata: metadata(), ...refusedParams("on_behalf_of") }),
  submit_type: oneOf("auto", "book", "donate", "pay", "subscribe"),
  subscription_data: subscriptionDataParam,
  success_url: text(),
  tax_id_collection: hash({ enabled: required(offOnly("collecting tax ids")), required: text() }),
  ui_mode: oneOf("elements", "embedded_page", "form", "hosted_page"),
  adaptive_pricing: hash({ enabled: offOnly("adaptive pricing") }),
  ...refusedParams(
    "after_expiration",
    "allowed_payment_method_types",
    "branding_settings",
    "consent_collection",
    "custom_fields",
    "custom_text",
    "customer_account",
    "discounts",
    "excluded_payment_method_types",
    "integration_identifier",
    "managed_payments",
    "name_collection",
    "optional_items",
    "payment_method_configuration",
    "payment_method_data",
    "payment_method_options",
    "permissions",
    "redirect_on_completion",
    "return_url",
    "saved_payment_method_options",
    "shipping_address_collection",
    "shipping_options",
    "wallet_options",
  ),
};

export const sessionListParams = {
  ...paginationParams,
  created: timeRange(),
  customer: text(),
  customer_details: hash({ email: required(text()) }),
  payment_intent: text(),
  status: oneOf("complete", "expired", "open"),
  subscription: text(),
  ...refusedParams("customer_account", "payment_link"),
};
