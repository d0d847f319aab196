import { paginationParams } from "@/local/stripe/http/list-page";
import {
  clearable,
  flag,
  hash,
  integer,
  listOf,
  metadata,
  oneOf,
  optional,
  type Param,
  required,
  text,
  timeRange,
} from "@/local/stripe/http/params";
import { invalidRequest } from "@/local/stripe/http/stripe-api-error";

const shared = {
  active: flag(),
  description: clearable(text()),
  images: listOf(text(), 8),
  marketing_features: listOf(hash({ name: required(text(80)) }), 15),
  metadata: metadata(),
  shippable: flag(),
  statement_descriptor: clearable(statementDescriptor()),
  tax_code: clearable(text()),
  unit_label: clearable(text(12)),
  url: clearable(webAddress()),
};

export const productCreateParams = {
  ...shared,
  id: text(),
  name: required(text()),
  type: oneOf("good", "service"),
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
  statement_descriptor: statementDescriptor(),
  tax_code: text(),
  unit_label: text(12),
};

/** How large an amount may be depends on its currency, so that is checked where both are known. */
export const unitAmountParams = {
  unit_amount: integer({ min: 0 }),
  unit_amount_decimal: text(),
};

/** What may stand on a card's statement. https://docs.stripe.com/api/products/create#create_product-statement_descriptor */
function statementDescriptor(): Param<string> {
  return optional((value, path) => {
    const descriptor = text(22).parse(value, path);
    if (!/[<>\\"'*]/.test(descriptor) && /[a-z]/i.test(descriptor)) return descriptor;
    throw invalidRequest("A statement descriptor needs a letter and cannot contain <, >, \\, ', \" or *.", {
      param: path,
    });
  });
}

function webAddress(): Param<string> {
  return optional((value, path) => {
    const address = text(2048).parse(value, path);
    if (/^https?:\/\//.test(address) && URL.canParse(address)) return address;
    throw invalidRequest("Not a valid URL", { code: "url_invalid", param: path });
  });
}
