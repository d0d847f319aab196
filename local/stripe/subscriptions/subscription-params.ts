import type { FormValue } from "@/local/stripe/http/decode-form";
import { paginationParams } from "@/local/stripe/http/list-page";
import {
  clearable,
  flag,
  hash,
  integer,
  listOf,
  metadata,
  oneOf,
  type Param,
  required,
  text,
  timeRange,
  timestamp,
} from "@/local/stripe/http/params";
import { offOnly, refused, refusedParams, servedOneOf } from "@/local/stripe/http/unserved-params";

export const trialSettingsParam = hash({
  end_behavior: required(
    hash({
      billing_cycle_anchor: refused("keeping the billing cycle anchor after a trial"),
      missing_payment_method: oneOf("cancel", "create_invoice", "pause"),
    }),
  ),
});

/** Flexible is the default of this API version; classic billing is not simulated. */
export const billingModeParam = hash({
  type: required(servedOneOf(["flexible"], "classic")),
  flexible: hash({ proration_discounts: oneOf("included", "itemized") }),
});

const cancellationDetailsParam = hash({
  comment: clearable(text()),
  feedback: clearable(
    oneOf(
      "customer_service",
      "low_quality",
      "missing_features",
      "other",
      "switched_service",
      "too_complex",
      "too_expensive",
      "unused",
    ),
  ),
  ...refusedParams("feedback_option"),
});

const paymentSettingsParam = hash({
  save_default_payment_method: oneOf("off", "on_subscription"),
  ...refusedParams("payment_method_options", "payment_method_types"),
});

const shared = {
  cancel_at_period_end: flag(),
  collection_method: servedOneOf(["charge_automatically"], "send_invoice"),
  default_payment_method: text(),
  metadata: metadata(),
  off_session: flag(),
  payment_settings: paymentSettingsParam,
  proration_behavior: oneOf("always_invoice", "create_prorations", "none"),
  trial_settings: trialSettingsParam,
  ...refusedParams(
    "add_invoice_items",
    "application_fee_percent",
    "billing_cycle_anchor",
    "billing_schedules",
    "billing_thresholds",
    "days_until_due",
    "default_source",
    "default_tax_rates",
    "discounts",
    "invoice_settings",
    "on_behalf_of",
    "pending_invoice_item_interval",
    "transfer_data",
    "trial_from_plan",
  ),
  automatic_tax: hash({ enabled: required(offOnly("automatic tax")), ...refusedParams("liability") }),
};

export const subscriptionCreateParams = {
  ...shared,
  billing_mode: billingModeParam,
  cancel_at: cancelAtParam(),
  currency: text(3),
  customer: required(text()),
  description: text(500),
  items: required(
    listOf(
      hash({
        metadata: metadata(),
        price: text(),
        quantity: integer({ min: 0 }),
        ...refusedParams(
          "billing_thresholds",
          "current_trial",
          "discounts",
          "plan",
          "price_data",
          "tax_rates",
        ),
      }),
      20,
    ),
  ),
  payment_behavior: oneOf("allow_incomplete", "default_incomplete", "error_if_incomplete"),
  trial_end: timestamp(),
  trial_period_days: integer({ min: 1, max: 730 }),
  ...refusedParams("backdate_start_date", "billing_cycle_anchor_config", "customer_account"),
};

export const subscriptionUpdateParams = {
  ...shared,
  cancel_at: clearable(cancelAtParam()),
  cancellation_details: cancellationDetailsParam,
  description: clearable(text(500)),
  items: refused("changing the items of a subscription"),
  payment_behavior: oneOf("allow_incomplete", "default_incomplete", "error_if_incomplete"),
  trial_end: refused("changing the trial of a subscription"),
  ...refusedParams("pause_collection", "proration_date"),
};

export const subscriptionCancelParams = {
  cancellation_details: cancellationDetailsParam,
  invoice_now: offOnly("a final invoice"),
  prorate: offOnly("proration"),
};

export const subscriptionListParams = {
  ...paginationParams,
  created: timeRange(),
  current_period_end: timeRange(),
  current_period_start: timeRange(),
  customer: text(),
  price: text(),
  status: oneOf(
    "active",
    "all",
    "canceled",
    "ended",
    "incomplete",
    "incomplete_expired",
    "past_due",
    "paused",
    "trialing",
    "unpaid",
  ),
  collection_method: oneOf("charge_automatically", "send_invoice"),
  ...refusedParams("automatic_tax", "customer_account", "plan", "test_clock"),
};

/** A moment, or an end of the current period by name. */
function cancelAtParam(): Param<number | "min_period_end" | "max_period_end"> {
  const named = servedOneOf(["min_period_end", "max_period_end"], "max_billed_until");
  const parse = (value: FormValue, path: string) =>
    typeof value === "string" && value.includes("_")
      ? named.parse(value, path)
      : timestamp().parse(value, path);
  return { isRequired: false, parse };
}
