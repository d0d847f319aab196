import { addressParam } from "@/local/stripe/customers/customer-params";
import { paginationParams } from "@/local/stripe/http/list-page";
import { clearable, hash, integer, metadata, oneOf, text } from "@/local/stripe/http/params";
import { refusedParams } from "@/local/stripe/http/unserved-params";

const billingDetailsParam = hash({
  address: clearable(addressParam),
  email: clearable(text()),
  name: clearable(text()),
  phone: clearable(text()),
  tax_id: clearable(text()),
});
export const allowRedisplayParam = oneOf("always", "limited", "unspecified");

export const methodCreateParams = {
  allow_redisplay: allowRedisplayParam,
  billing_details: billingDetailsParam,
  card: hash({
    cvc: text(4),
    exp_month: integer(),
    exp_year: integer(),
    number: text(30),
    token: text(),
    ...refusedParams("networks"),
  }),
  metadata: metadata(),
  type: text(),
  ...refusedParams("customer", "payment_method", "radar_options"),
};

export const methodUpdateParams = {
  allow_redisplay: allowRedisplayParam,
  billing_details: billingDetailsParam,
  card: hash({ exp_month: integer({ min: 1, max: 12 }), exp_year: integer(), ...refusedParams("networks") }),
  metadata: metadata(),
};

export const methodListParams = {
  ...paginationParams,
  allow_redisplay: allowRedisplayParam,
  customer: text(),
  type: text(),
};
