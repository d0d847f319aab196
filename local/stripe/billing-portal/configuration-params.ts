import { paginationParams } from "@/local/stripe/http/list-page";
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
import { offOnly } from "@/local/stripe/http/unserved-params";

const prorationBehaviorParam = oneOf("always_invoice", "create_prorations", "none");

const cancellationReasonParam = hash({
  enabled: required(flag()),
  options: required(
    clearable(
      listOf(
        oneOf(
          "customer_service",
          "low_quality",
          "missing_features",
          "other",
          "switched_service",
          "too_complex",
          "too_expensive",
          "unused",
        ),
      ),
    ),
  ),
});

const productParam = hash({
  adjustable_quantity: hash({
    enabled: required(flag()),
    maximum: integer({ min: 1 }),
    minimum: integer({ min: 0 }),
  }),
  prices: required(listOf(text())),
  product: required(text()),
});

const featuresParam = hash({
  customer_update: hash({
    allowed_updates: clearable(listOf(oneOf("address", "email", "name", "phone", "shipping", "tax_id"))),
    enabled: flag(),
  }),
  invoice_history: hash({ enabled: required(flag()) }),
  payment_method_update: hash({ enabled: required(flag()) }),
  subscription_cancel: hash({
    cancellation_reason: cancellationReasonParam,
    enabled: flag(),
    mode: oneOf("at_period_end", "immediately"),
    proration_behavior: prorationBehaviorParam,
  }),
  subscription_pause: hash({ enabled: offOnly("pausing in the portal") }),
  subscription_update: hash({
    billing_cycle_anchor: oneOf("now", "unchanged"),
    default_allowed_updates: clearable(listOf(oneOf("price", "promotion_code", "quantity"))),
    enabled: flag(),
    products: clearable(listOf(productParam, 10)),
    proration_behavior: prorationBehaviorParam,
    trial_update_behavior: oneOf("continue_trial", "end_trial"),
  }),
});

const shared = {
  business_profile: hash({
    headline: clearable(text(60)),
    privacy_policy_url: clearable(text()),
    terms_of_service_url: clearable(text()),
  }),
  default_return_url: clearable(text()),
  login_page: hash({ enabled: required(offOnly("the portal's login page")) }),
  metadata: metadata(),
  name: clearable(text(64)),
};

/** https://docs.stripe.com/api/customer_portal/configurations/create */
export const configurationCreateParams = { ...shared, features: required(featuresParam) };

/** https://docs.stripe.com/api/customer_portal/configurations/update */
export const configurationUpdateParams = { ...shared, active: flag(), features: featuresParam };

export const configurationListParams = { ...paginationParams, active: flag(), is_default: flag() };
