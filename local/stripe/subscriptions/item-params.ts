import { currencyParam } from "@/local/stripe/currencies";
import { discountsParam } from "@/local/stripe/discounts/discount-params";
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
} from "@/local/stripe/http/params";

/** A price made in passing; it belongs to a product that exists. */
const priceDataParam = hash({
  currency: required(currencyParam()),
  product: required(text()),
  recurring: required(
    hash({
      interval: required(oneOf("day", "week", "month", "year")),
      interval_count: integer({ min: 1 }),
    }),
  ),
  tax_behavior: oneOf("exclusive", "inclusive", "unspecified"),
  unit_amount: integer({ min: 0 }),
  unit_amount_decimal: text(),
});

/** What an item of a new subscription is given. */
export const itemParams = {
  discounts: clearable(discountsParam),
  metadata: metadata(),
  price: text(),
  price_data: priceDataParam,
  quantity: integer({ min: 0 }),
  tax_rates: clearable(listOf(text(), 5)),
};

/** What an update says of an item: one that is named is changed, any other is new. */
export const changedItemParams = {
  ...itemParams,
  deleted: flag(),
  id: text(),
};
