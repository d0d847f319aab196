import { paginationParams } from "@/local/stripe/http/list-page";
import {
  clearable,
  flag,
  integer,
  listOf,
  metadata,
  oneOf,
  text,
  timeRange,
} from "@/local/stripe/http/params";
import { refusedParams } from "@/local/stripe/http/unserved-params";

const shared = {
  active: flag(),
  description: clearable(text()),
  images: listOf(text(), 8),
  metadata: metadata(),
  shippable: flag(),
  statement_descriptor: clearable(text(22)),
  tax_code: clearable(text()),
  unit_label: clearable(text(12)),
  url: clearable(text()),
  ...refusedParams("marketing_features", "package_dimensions", "tax_details"),
};

export const productCreateParams = {
  ...shared,
  id: text(),
  type: oneOf("good", "service"),
  ...refusedParams("default_price_data"),
};

export const productUpdateParams = { ...shared, name: text(), default_price: clearable(text()) };

export const productListParams = {
  ...paginationParams,
  active: flag(),
  created: timeRange(),
  ids: listOf(text()),
  shippable: flag(),
  url: text(),
};

/** A product described inside another object's price. */
export const productDataParams = {
  active: flag(),
  description: text(),
  id: text(),
  images: listOf(text(), 8),
  metadata: metadata(),
  statement_descriptor: text(22),
  tax_code: text(),
  unit_label: text(12),
};

export const unitAmountParams = {
  unit_amount: integer({ min: 0, max: 99_999_999_999 }),
  unit_amount_decimal: text(),
};
