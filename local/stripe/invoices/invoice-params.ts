import { discountsParam } from "@/local/stripe/discounts/discount-params";
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
  required,
  text,
  timeRange,
  timestamp,
} from "@/local/stripe/http/params";
import { invalidRequest } from "@/local/stripe/http/stripe-api-error";

const collectionMethod = oneOf("charge_automatically", "send_invoice");

/** What a draft is given when it is made and may be given anew while it is one. */
const editable = {
  auto_advance: flag(),
  automatic_tax: hash({
    enabled: required(flag()),
    liability: hash({ type: required(oneOf("self")) }),
  }),
  automatically_finalizes_at: timestamp(),
  collection_method: collectionMethod,
  custom_fields: listOf(hash({ name: required(text(40)), value: required(text(140)) }), 4),
  days_until_due: integer({ min: 0 }),
  default_payment_method: clearable(text()),
  default_tax_rates: listOf(text(), 20),
  description: clearable(text()),
  discounts: discountsParam,
  due_date: timestamp(),
  effective_at: clearable(timestamp()),
  footer: clearable(text()),
  metadata: metadata(),
  number: clearable(text(26)),
  statement_descriptor: clearable(statementDescriptor()),
};

export const invoiceCreateParams = {
  ...editable,
  currency: text(3),
  customer: required(text()),
  pending_invoice_items_behavior: oneOf("exclude", "include"),
  subscription: text(),
};

export const invoiceUpdateParams = editable;

export const invoiceListParams = {
  ...paginationParams,
  collection_method: collectionMethod,
  created: timeRange(),
  customer: text(),
  due_date: timeRange(),
  status: oneOf("draft", "open", "void", "paid", "uncollectible"),
  subscription: text(),
};

export const invoicePaymentListParams = {
  ...paginationParams,
  created: timeRange(),
  invoice: text(),
  payment: hash({ payment_intent: text(), type: required(oneOf("payment_intent", "payment_record")) }),
  status: oneOf("canceled", "open", "paid"),
};

/** https://docs.stripe.com/get-started/account/statement-descriptors */
function statementDescriptor() {
  const short = text(22);
  return optional((value, path) => {
    const descriptor = short.parse(value, path);
    if (/[a-z]/i.test(descriptor) && !/[<>\\'"*]/.test(descriptor)) return descriptor;
    throw invalidRequest(
      "The statement descriptor must contain at least one letter and none of the characters < > \\ ' \" *.",
      { param: path },
    );
  });
}
