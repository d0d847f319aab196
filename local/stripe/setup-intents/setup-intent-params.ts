import { paginationParams } from "@/local/stripe/http/list-page";
import { flag, hash, listOf, metadata, oneOf, text, timeRange } from "@/local/stripe/http/params";
import { mandateDataParam } from "@/local/stripe/mandates/mandate-params";
import { automaticMethodsParam } from "@/local/stripe/payment-intents/payment-intent-params";
import { methodDataParam } from "@/local/stripe/payment-methods/payment-method-params";

const shared = {
  allowed_payment_method_types: listOf(text()),
  payment_method: text(),
  payment_method_data: methodDataParam,
  payment_method_options: hash({
    card: hash({ request_three_d_secure: oneOf("any", "automatic", "challenge") }),
  }),
};

const confirmation = { mandate_data: mandateDataParam, return_url: text(), use_stripe_sdk: flag() };

const description = { customer: text(), description: text(1000), metadata: metadata() };

export const setupCreateParams = {
  ...shared,
  ...confirmation,
  ...description,
  automatic_payment_methods: automaticMethodsParam,
  confirm: flag(),
  usage: oneOf("off_session", "on_session"),
};

export const setupUpdateParams = { ...shared, ...description, client_secret: text() };

export const setupConfirmParams = { ...shared, ...confirmation, client_secret: text() };

export const setupCancelParams = {
  cancellation_reason: oneOf("abandoned", "duplicate", "requested_by_customer"),
};

export const setupListParams = {
  ...paginationParams,
  created: timeRange(),
  customer: text(),
  payment_method: text(),
};
