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
} from "@/local/stripe/http/params";
import { refused, refusedParams, servedOneOf } from "@/local/stripe/http/unserved-params";
import { productDataParams, unitAmountParams } from "@/local/stripe/products/product-params";

export const recurringParam = hash({
  interval: required(oneOf("day", "week", "month", "year")),
  interval_count: integer({ min: 1 }),
  usage_type: servedOneOf(["licensed"], "metered"),
  meter: refused("metered billing"),
  trial_period_days: refused("a trial that belongs to a price"),
});

export const priceCreateParams = {
  active: flag(),
  billing_scheme: servedOneOf(["per_unit"], "tiered"),
  currency: required(text(3)),
  lookup_key: text(200),
  metadata: metadata(),
  nickname: text(),
  product: text(),
  product_data: hash({ ...productDataParams, name: required(text()) }),
  recurring: recurringParam,
  tax_behavior: oneOf("exclusive", "inclusive", "unspecified"),
  transfer_lookup_key: flag(),
  ...unitAmountParams,
  ...refusedParams("currency_options", "custom_unit_amount", "tiers", "tiers_mode", "transform_quantity"),
};

/**
 * Amount, currency, product and interval are not here: a price never changes them, so they are answered
 * with `parameter_unknown`, as Stripe does. https://docs.stripe.com/api/prices/update
 */
export const priceUpdateParams = {
  active: flag(),
  lookup_key: text(200),
  metadata: metadata(),
  nickname: text(),
  tax_behavior: oneOf("exclusive", "inclusive", "unspecified"),
  transfer_lookup_key: flag(),
  ...refusedParams("currency_options"),
};

export const priceListParams = {
  ...paginationParams,
  active: flag(),
  created: timeRange(),
  currency: text(3),
  lookup_keys: listOf(text(), 10),
  product: text(),
  recurring: hash({
    interval: oneOf("day", "week", "month", "year"),
    usage_type: oneOf("licensed", "metered"),
  }),
  type: oneOf("one_time", "recurring"),
};
