import type Stripe from "stripe";
import type { Context } from "@/local/stripe/context";
import type { ParamsOf } from "@/local/stripe/http/params";
import { invalidRequest, parameterMissing } from "@/local/stripe/http/stripe-api-error";
import { getByParam, idOf } from "@/local/stripe/references";
import type { configurationUpdateParams } from "./configuration-params";

type Features = Stripe.BillingPortal.Configuration["features"];
type Given = NonNullable<ParamsOf<typeof configurationUpdateParams>["features"]>;
type Products = NonNullable<NonNullable<Given["subscription_update"]>["products"]>;

/** What is not named is off. */
const NO_FEATURES: Features = {
  customer_update: { allowed_updates: [], enabled: false },
  invoice_history: { enabled: false },
  payment_method_update: { enabled: false, payment_method_configuration: null },
  subscription_cancel: {
    cancellation_reason: {
      enabled: false,
      feedback_options: null,
      options: [
        "too_expensive",
        "missing_features",
        "switched_service",
        "unused",
        "customer_service",
        "too_complex",
        "low_quality",
        "other",
      ],
    },
    enabled: false,
    mode: "at_period_end",
    proration_behavior: "none",
  },
  subscription_pause: { duration: { interval_options: [], type: "indefinite" }, enabled: false },
  subscription_update: {
    billing_cycle_anchor: null,
    default_allowed_updates: [],
    enabled: false,
    products: [],
    proration_behavior: "none",
    schedule_at_period_end: { conditions: [] },
    trial_update_behavior: "end_trial",
  },
};

/** What the default configuration offers: everything that needs no catalogue to be chosen. */
export const DEFAULT_FEATURES: Features = {
  ...NO_FEATURES,
  customer_update: { allowed_updates: ["email", "name", "address", "phone"], enabled: true },
  invoice_history: { enabled: true },
  payment_method_update: { enabled: true, payment_method_configuration: null },
  subscription_cancel: {
    ...NO_FEATURES.subscription_cancel,
    cancellation_reason: { ...NO_FEATURES.subscription_cancel.cancellation_reason, enabled: true },
    enabled: true,
  },
};

/**
 * Features after the parameters. https://docs.stripe.com/api/customer_portal/configurations/create
 * @throws StripeApiError when one that is turned on lacks what it needs.
 */
export function readFeatures(context: Context, given: Given, before: Features = NO_FEATURES): Features {
  const { customer_update: customer, subscription_cancel: cancel, subscription_update: update } = given;
  const features: Features = {
    customer_update: {
      ...before.customer_update,
      ...(customer?.enabled === undefined ? {} : { enabled: customer.enabled }),
      ...(customer?.allowed_updates === undefined ? {} : { allowed_updates: customer.allowed_updates ?? [] }),
    },
    invoice_history: given.invoice_history ?? before.invoice_history,
    payment_method_update: { ...before.payment_method_update, ...given.payment_method_update },
    subscription_cancel: cancelFeature(cancel, before.subscription_cancel),
    subscription_pause: before.subscription_pause,
    subscription_update: updateFeature(context, update, before.subscription_update),
  };
  checkFeatures(features);
  return features;
}

function cancelFeature(
  given: Given["subscription_cancel"],
  before: Features["subscription_cancel"],
): Features["subscription_cancel"] {
  const { cancellation_reason: reason, ...others } = given ?? {};
  return {
    ...before,
    ...others,
    cancellation_reason: reason
      ? { ...before.cancellation_reason, enabled: reason.enabled, options: reason.options ?? [] }
      : before.cancellation_reason,
  };
}

function updateFeature(
  context: Context,
  given: Given["subscription_update"],
  before: Features["subscription_update"],
): Features["subscription_update"] {
  const { default_allowed_updates: allowed, products, ...others } = given ?? {};
  return {
    ...before,
    ...others,
    ...(allowed === undefined ? {} : { default_allowed_updates: allowed ?? [] }),
    ...(products === undefined ? {} : { products: readProducts(context, products ?? []) }),
  };
}

function readProducts(
  context: Context,
  products: Products,
): NonNullable<Features["subscription_update"]["products"]> {
  return products.map((given, index) => {
    const path = `features[subscription_update][products][${index}]`;
    const product = getByParam(context, "product", given.product, `${path}[product]`);
    const prices = given.prices.map((id, at) => {
      const param = `${path}[prices][${at}]`;
      const price = getByParam(context, "price", id, param);
      if (idOf(price.product) !== product.id) {
        throw invalidRequest(`The price ${id} does not belong to the product ${product.id}.`, { param });
      }
      if (price.type === "recurring") return id;
      throw invalidRequest("Prices in the portal have to be recurring.", { param });
    });
    const { enabled = false, maximum = null, minimum = 1 } = given.adjustable_quantity ?? {};
    return { adjustable_quantity: { enabled, maximum, minimum }, prices, product: product.id };
  });
}

function checkFeatures({ customer_update: customer, subscription_update: update }: Features): void {
  if (customer.enabled && customer.allowed_updates.length === 0) {
    throw parameterMissing("features[customer_update][allowed_updates]");
  }
  if (!update.enabled) return;
  if (update.default_allowed_updates.length === 0) {
    throw parameterMissing("features[subscription_update][default_allowed_updates]");
  }
  if ((update.products ?? []).length === 0) throw parameterMissing("features[subscription_update][products]");
}
