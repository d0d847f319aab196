import { byCurrency, currencyParam } from "@/local/stripe/currencies";
import { paginationParams } from "@/local/stripe/http/list-page";
import {
  flag,
  hash,
  integer,
  listOf,
  metadata,
  oneOf,
  optional,
  type Param,
  type ParamsOf,
  required,
  text,
  timeRange,
} from "@/local/stripe/http/params";
import { productDataParams, unitAmountParams } from "@/local/stripe/products/product-params";

export const recurringParam = hash({
  interval: required(oneOf("day", "week", "month", "year")),
  interval_count: integer({ min: 1 }),
  meter: text(),
  trial_period_days: integer({ min: 1, max: 730 }),
  usage_type: oneOf("licensed", "metered"),
});

const taxBehaviorParam = oneOf("exclusive", "inclusive", "unspecified");

const tierParams = {
  flat_amount: integer({ min: 0 }),
  flat_amount_decimal: text(),
  unit_amount: integer({ min: 0 }),
  unit_amount_decimal: text(),
  up_to: required(upTo()),
};

/** What a price costs in one currency. */
const amountParams = {
  ...unitAmountParams,
  custom_unit_amount: hash({
    enabled: required(flag()),
    maximum: integer({ min: 1 }),
    minimum: integer({ min: 0 }),
    preset: integer({ min: 0 }),
  }),
  tiers: listOf(hash(tierParams)),
};

export type AmountParams = ParamsOf<typeof amountParams>;
export type TierParams = ParamsOf<typeof tierParams>;

const currencyOptionsParam = byCurrency(hash({ ...amountParams, tax_behavior: taxBehaviorParam }));

/** All of a price but what it is a price of. */
export const newPriceParams = {
  ...amountParams,
  currency: required(currencyParam()),
  currency_options: currencyOptionsParam,
  metadata: metadata(),
  recurring: recurringParam,
  tax_behavior: taxBehaviorParam,
};

export const priceCreateParams = {
  ...newPriceParams,
  active: flag(),
  billing_scheme: oneOf("per_unit", "tiered"),
  lookup_key: text(200),
  nickname: text(),
  product: text(),
  product_data: hash({ ...productDataParams, name: required(text()) }),
  tiers_mode: oneOf("graduated", "volume"),
  transfer_lookup_key: flag(),
  transform_quantity: hash({
    divide_by: required(integer({ min: 1 })),
    round: required(oneOf("down", "up")),
  }),
};

/**
 * Amount, currency, product and interval are not here: a price never changes them, so they are answered
 * with `parameter_unknown`, as Stripe does. https://docs.stripe.com/api/prices/update
 */
export const priceUpdateParams = {
  active: flag(),
  currency_options: currencyOptionsParam,
  lookup_key: text(200),
  metadata: metadata(),
  nickname: text(),
  tax_behavior: taxBehaviorParam,
  transfer_lookup_key: flag(),
};

export const priceListParams = {
  ...paginationParams,
  active: flag(),
  created: timeRange(),
  currency: currencyParam(),
  lookup_keys: listOf(text(), 10),
  product: text(),
  recurring: hash({
    interval: oneOf("day", "week", "month", "year"),
    meter: text(),
    usage_type: oneOf("licensed", "metered"),
  }),
  type: oneOf("one_time", "recurring"),
};

/** The end of a tier; null is `inf`. */
function upTo(): Param<number | null> {
  return optional((value, path) => (value === "inf" ? null : integer({ min: 1 }).parse(value, path)));
}
