import { addressParam } from "@/local/stripe/customers/customer-params";
import { paginationParams } from "@/local/stripe/http/list-page";
import { clearable, hash, integer, metadata, oneOf, required, text } from "@/local/stripe/http/params";

export const billingDetailsParam = hash({
  address: clearable(addressParam),
  email: clearable(text()),
  name: clearable(text()),
  phone: clearable(text()),
  tax_id: clearable(text()),
});
export const allowRedisplayParam = oneOf("always", "limited", "unspecified");

const cardParam = hash({
  cvc: text(4),
  exp_month: integer(),
  exp_year: integer(),
  number: text(30),
  token: text(),
});

/** https://docs.stripe.com/api/payment_methods/create#create_payment_method-us_bank_account */
const bankAccountParam = hash({
  account_holder_type: oneOf("company", "individual"),
  account_number: required(text(20)),
  account_type: oneOf("checking", "savings"),
  routing_number: required(text(9)),
});

export const methodCreateParams = {
  allow_redisplay: allowRedisplayParam,
  billing_details: billingDetailsParam,
  card: cardParam,
  metadata: metadata(),
  type: text(),
  us_bank_account: bankAccountParam,
};

/** `payment_method_data`, in which Stripe.js sends the card; the SDK's types leave `card` out. */
export const methodDataParam = hash({
  allow_redisplay: allowRedisplayParam,
  billing_details: billingDetailsParam,
  card: cardParam,
  metadata: metadata(),
  type: required(text()),
  us_bank_account: bankAccountParam,
});

export const methodUpdateParams = {
  allow_redisplay: allowRedisplayParam,
  billing_details: billingDetailsParam,
  card: hash({ exp_month: integer({ min: 1, max: 12 }), exp_year: integer() }),
  metadata: metadata(),
};

export const methodListParams = {
  ...paginationParams,
  allow_redisplay: allowRedisplayParam,
  customer: text(),
  type: text(),
};
