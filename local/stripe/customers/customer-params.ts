import { isIP } from "node:net";
import { paginationParams } from "@/local/stripe/http/list-page";
import {
  clearable,
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

export const addressParam = hash({
  city: clearable(text()),
  country: clearable(text()),
  line1: clearable(text()),
  line2: clearable(text()),
  postal_code: clearable(text()),
  state: clearable(text()),
});

const shared = {
  address: clearable(addressParam),
  balance: integer(),
  business_name: clearable(text(150)),
  description: clearable(text()),
  email: clearable(text(512)),
  individual_name: clearable(text(150)),
  invoice_prefix: text(12),
  invoice_settings: hash({
    default_payment_method: clearable(text()),
    footer: clearable(text()),
  }),
  metadata: metadata(),
  name: clearable(text(256)),
  phone: clearable(text(20)),
  preferred_locales: listOf(text()),
  shipping: clearable(hash({ address: addressParam, name: text(), phone: clearable(text()) })),
  tax_exempt: oneOf("exempt", "none", "reverse"),
};

export const customerCreateParams = {
  ...shared,
  payment_method: text(),
  tax: hash({ ip_address: clearable(ipAddress()), validate_location: oneOf("deferred", "immediately") }),
  tax_id_data: listOf(hash({ type: required(text()), value: required(text()) })),
  test_clock: text(),
};

export const customerUpdateParams = {
  ...shared,
  tax: hash({
    ip_address: clearable(ipAddress()),
    validate_location: oneOf("auto", "deferred", "immediately"),
  }),
};

export const customerListParams = {
  ...paginationParams,
  created: timeRange(),
  email: text(512),
  test_clock: text(),
};

function ipAddress(): Param<string> {
  return optional((value, path) => {
    const address = text(45).parse(value, path);
    if (isIP(address) !== 0) return address;
    throw invalidRequest(`Invalid IP address: ${address}`, { param: path });
  });
}
