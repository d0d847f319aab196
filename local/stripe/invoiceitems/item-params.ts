import { discountsParam } from "@/local/stripe/discounts/discount-params";
import { paginationParams } from "@/local/stripe/http/list-page";
import {
  flag,
  hash,
  integer,
  listOf,
  metadata,
  oneOf,
  type ParamsOf,
  required,
  text,
  timeRange,
  timestamp,
} from "@/local/stripe/http/params";
import { productDataParams } from "@/local/stripe/products/product-params";

const MAX_AMOUNT = 99_999_999;

const taxBehavior = oneOf("exclusive", "inclusive", "unspecified");

const priceData = {
  currency: required(text(3)),
  tax_behavior: taxBehavior,
  unit_amount: integer({ min: 0, max: MAX_AMOUNT }),
  unit_amount_decimal: text(),
};

/** What items and the lines of invoices have in common. */
const shared = {
  amount: integer({ min: -MAX_AMOUNT, max: MAX_AMOUNT }),
  description: text(),
  discountable: flag(),
  discounts: discountsParam,
  metadata: metadata(),
  period: hash({ end: required(timestamp()), start: required(timestamp()) }),
  pricing: hash({ price: text() }),
  quantity: integer({ min: 0 }),
  tax_rates: listOf(text(), 20),
};

export const itemUpdateParams = {
  ...shared,
  price_data: hash({ ...priceData, product: required(text()) }),
  tax_behavior: taxBehavior,
  unit_amount_decimal: text(),
};

export const itemCreateParams = {
  ...itemUpdateParams,
  currency: text(3),
  customer: text(),
  invoice: text(),
  subscription: text(),
};

export const itemListParams = {
  ...paginationParams,
  created: timeRange(),
  customer: text(),
  invoice: text(),
  pending: flag(),
};

/** A line that is changed on a draft. https://docs.stripe.com/api/invoice-line-item/update */
export const lineParams = {
  ...shared,
  price_data: hash({
    ...priceData,
    product: text(),
    product_data: hash({ ...productDataParams, name: required(text()) }),
  }),
};

export const addLinesParams = {
  invoice_metadata: metadata(),
  lines: required(listOf(hash({ ...lineParams, invoice_item: text() }))),
};

export const updateLinesParams = {
  invoice_metadata: metadata(),
  lines: required(listOf(hash({ ...lineParams, id: required(text()) }))),
};

export const removeLinesParams = {
  invoice_metadata: metadata(),
  lines: required(listOf(hash({ behavior: required(oneOf("delete", "unassign")), id: required(text()) }))),
};

/** Everything an item or a line can be given. */
export type ItemParams = ParamsOf<typeof lineParams> &
  Pick<ParamsOf<typeof itemUpdateParams>, "tax_behavior" | "unit_amount_decimal">;
