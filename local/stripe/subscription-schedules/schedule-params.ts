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
  type ParamsOf,
  required,
  text,
  timeRange,
  timestamp,
} from "@/local/stripe/http/params";
import { billingModeParam, prorationBehaviorParam } from "@/local/stripe/subscriptions/subscription-params";

/** At most so many phases lie ahead. https://docs.stripe.com/billing/subscriptions/subscription-schedules#restrictions */
const MAX_PHASES = 10;

const phaseParams = {
  automatic_tax: hash({ enabled: required(flag()) }),
  billing_cycle_anchor: oneOf("automatic", "phase_start"),
  collection_method: oneOf("charge_automatically", "send_invoice"),
  currency: currencyParam(),
  default_payment_method: text(),
  default_tax_rates: clearable(listOf(text(), 5)),
  description: clearable(text(500)),
  discounts: clearable(discountsParam),
  duration: hash({
    interval: required(oneOf("day", "week", "month", "year")),
    interval_count: integer({ min: 1 }),
  }),
  end_date: momentParam(),
  items: required(
    listOf(
      hash({
        discounts: clearable(discountsParam),
        metadata: metadata(),
        price: required(text()),
        quantity: integer({ min: 0 }),
        tax_rates: clearable(listOf(text(), 5)),
      }),
      20,
    ),
  ),
  metadata: metadata(),
  proration_behavior: prorationBehaviorParam,
  start_date: momentParam(),
  trial: flag(),
  trial_end: momentParam(),
};

export type PhaseParams = ParamsOf<typeof phaseParams>;

const defaultSettingsParam = hash({
  automatic_tax: hash({ enabled: required(flag()) }),
  billing_cycle_anchor: oneOf("automatic", "phase_start"),
  collection_method: oneOf("charge_automatically", "send_invoice"),
  default_payment_method: text(),
  description: clearable(text(500)),
});

export const scheduleCreateParams = {
  billing_mode: billingModeParam,
  customer: text(),
  default_settings: defaultSettingsParam,
  end_behavior: oneOf("cancel", "release"),
  from_subscription: text(),
  metadata: metadata(),
  phases: listOf(hash(phaseParams), MAX_PHASES),
  start_date: momentParam(),
};

export const scheduleUpdateParams = {
  default_settings: defaultSettingsParam,
  end_behavior: oneOf("cancel", "release"),
  metadata: metadata(),
  phases: listOf(hash(phaseParams), MAX_PHASES),
  proration_behavior: prorationBehaviorParam,
};

export const scheduleCancelParams = { invoice_now: flag(), prorate: flag() };

export const scheduleReleaseParams = { preserve_cancel_date: flag() };

export const scheduleListParams = {
  ...paginationParams,
  canceled_at: timeRange(),
  completed_at: timeRange(),
  created: timeRange(),
  customer: text(),
  released_at: timeRange(),
  scheduled: flag(),
};

/** A unix time or "now". */
function momentParam(): Param<number | "now"> {
  const parse = (value: FormValue, path: string) =>
    value === "now" ? value : timestamp().parse(value, path);
  return { isRequired: false, parse };
}
