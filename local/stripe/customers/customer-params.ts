import { paginationParams } from "@/local/stripe/http/list-page";
import { clearable, hash, listOf, metadata, oneOf, text, timeRange } from "@/local/stripe/http/params";
import { refusedParams } from "@/local/stripe/http/unserved-params";

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
  business_name: clearable(text(150)),
  description: clearable(text()),
  email: clearable(text(512)),
  individual_name: clearable(text(150)),
  invoice_prefix: text(12),
  invoice_settings: hash({
    default_payment_method: clearable(text()),
    footer: clearable(text()),
    ...refusedParams("custom_fields", "rendering_options"),
  }),
  metadata: metadata(),
  name: clearable(text(256)),
  phone: clearable(text(20)),
  preferred_locales: listOf(text()),
  shipping: clearable(hash({ address: addressParam, name: text(), phone: clearable(text()) })),
  tax_exempt: oneOf("exempt", "none", "reverse"),
  ...refusedParams("balance", "cash_balance", "next_invoice_sequence", "source", "tax", "validate"),
};

export const customerCreateParams = {
  ...shared,
  payment_method: text(),
  ...refusedParams("tax_id_data", "test_clock"),
};

export const customerUpdateParams = { ...shared, ...refusedParams("default_source") };

export const customerListParams = {
  ...paginationParams,
  created: timeRange(),
  email: text(512),
  ...refusedParams("test_clock"),
};
