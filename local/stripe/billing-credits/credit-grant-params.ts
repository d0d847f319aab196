import { currencyParam } from "@/local/stripe/currencies";
import { paginationParams } from "@/local/stripe/http/list-page";
import {
  clearable,
  hash,
  integer,
  listOf,
  metadata,
  oneOf,
  required,
  text,
  timestamp,
} from "@/local/stripe/http/params";

/** What credits may pay for. */
export const scopeParam = hash({
  price_type: oneOf("metered"),
  prices: listOf(hash({ id: required(text()) })),
});

export const grantCreateParams = {
  amount: required(
    hash({
      monetary: required(hash({ currency: required(currencyParam()), value: required(integer({ min: 1 })) })),
      type: required(oneOf("monetary")),
    }),
  ),
  applicability_config: required(hash({ scope: required(scopeParam) })),
  category: oneOf("paid", "promotional"),
  customer: required(text()),
  effective_at: timestamp(),
  expires_at: timestamp(),
  metadata: metadata(),
  name: text(100),
  priority: integer({ min: 0, max: 100 }),
};

export const grantUpdateParams = { expires_at: clearable(timestamp()), metadata: metadata() };

export const grantListParams = { ...paginationParams, customer: text() };
