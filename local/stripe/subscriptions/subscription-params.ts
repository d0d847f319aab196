import { currencyParam } from "@/local/stripe/currencies";
import { discountsParam } from "@/local/stripe/discounts/discount-params";
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
import { servedOneOf } from "@/local/stripe/http/unserved-params";
import { changedItemParams, itemParams } from "./item-params";

export const trialSettingsParam = hash({
  end_behavior: required(
    hash({
      billing_cycle_anchor: servedOneOf(["now"], "unchanged"),
      missing_payment_method: oneOf("cancel", "create_invoice", "pause"),
    }),
  ),
});

/** Flexible is the default of this API version; classic billing is not simulated. */
export const billingModeParam = hash({
  type: required(servedOneOf(["flexible"], "classic")),
  flexible: hash({ proration_discounts: servedOneOf(["included"], "itemized") }),
});

export const prorationBehaviorParam = oneOf("always_invoice", "create_prorations", "none");

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
});

/** One-time charges that go onto the first, or the next, invoice. */
const addInvoiceItemsParam = listOf(
  hash({
    discountable: flag(),
    metadata: metadata(),
    price: text(),
    price_data: hash({
      currency: required(currencyParam()),
      product: required(text()),
      tax_behavior: oneOf("exclusive", "inclusive", "unspecified"),
      unit_amount: integer(),
      unit_amount_decimal: text(),
    }),
    quantity: integer({ min: 1 }),
    tax_rates: clearable(listOf(text(), 5)),
  }),
  20,
);

const shared = {
  add_invoice_items: addInvoiceItemsParam,
  automatic_tax: hash({ enabled: required(flag()) }),
  cancel_at_period_end: flag(),
  collection_method: oneOf("charge_automatically", "send_invoice"),
  days_until_due: integer({ min: 0 }),
  default_payment_method: text(),
  default_tax_rates: clearable(listOf(text(), 5)),
  discounts: clearable(discountsParam),
  invoice_settings: hash({
    custom_fields: clearable(listOf(hash({ name: required(text(40)), value: required(text(140)) }), 4)),
    description: clearable(text(500)),
    footer: clearable(text()),
    issuer: hash({ type: required(servedOneOf(["self"], "account")) }),
  }),
  metadata: metadata(),
  off_session: flag(),
  payment_settings: hash({ save_default_payment_method: oneOf("off", "on_subscription") }),
  proration_behavior: prorationBehaviorParam,
  trial_settings: trialSettingsParam,
};

export const subscriptionCreateParams = {
  ...shared,
  backdate_start_date: timestamp(),
  billing_cycle_anchor: timestamp(),
  billing_cycle_anchor_config: hash({
    day_of_month: required(integer({ min: 1, max: 31 })),
    hour: integer({ min: 0, max: 23 }),
    minute: integer({ min: 0, max: 59 }),
    month: integer({ min: 1, max: 12 }),
    second: integer({ min: 0, max: 59 }),
  }),
  billing_mode: billingModeParam,
  cancel_at: cancelAtParam(),
  currency: currencyParam(),
  customer: required(text()),
  description: text(500),
  items: required(listOf(hash(itemParams), 20)),
  payment_behavior: oneOf(
    "allow_incomplete",
    "default_incomplete",
    "error_if_incomplete",
    "pending_if_incomplete",
  ),
  trial_end: trialEndParam(),
  trial_period_days: integer({ min: 1, max: 730 }),
};

export const subscriptionUpdateParams = {
  ...shared,
  billing_cycle_anchor: hash({ type: required(oneOf("now", "unchanged")) }),
  cancel_at: clearable(cancelAtParam()),
  cancellation_details: cancellationDetailsParam,
  description: clearable(text(500)),
  items: listOf(hash(changedItemParams), 20),
  pause_collection: clearable(
    hash({
      behavior: required(oneOf("keep_as_draft", "mark_uncollectible", "void")),
      resumes_at: timestamp(),
    }),
  ),
  payment_behavior: oneOf(
    "allow_incomplete",
    "default_incomplete",
    "error_if_incomplete",
    "pending_if_incomplete",
  ),
  proration_date: timestamp(),
  trial_end: trialEndParam(),
};

export const subscriptionCancelParams = {
  cancellation_details: cancellationDetailsParam,
  invoice_now: flag(),
  prorate: flag(),
};

export const subscriptionPauseParams = {
  bill_for: hash({
    outstanding_usage_through: hash({ type: required(oneOf("none", "now")) }),
    unused_time_from: hash({ type: required(oneOf("item_current_period_start", "none", "now")) }),
  }),
  invoicing_behavior: oneOf("invoice", "pending_invoice_item"),
  type: oneOf("subscription"),
};

export const subscriptionResumeParams = {
  billing_cycle_anchor: hash({ type: required(oneOf("now", "unchanged")) }),
  payment_behavior: oneOf("resume_on_payment_attempt", "resume_on_payment_success"),
  proration_behavior: prorationBehaviorParam,
  proration_date: timestamp(),
};

export const subscriptionListParams = {
  ...paginationParams,
  collection_method: oneOf("charge_automatically", "send_invoice"),
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
  test_clock: text(),
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

function trialEndParam(): Param<number | "now"> {
  const parse = (value: FormValue, path: string) =>
    value === "now" ? value : timestamp().parse(value, path);
  return { isRequired: false, parse };
}
