import type Stripe from "stripe";
import type { Context } from "@/local/stripe/context";
import { emitEvent, saveAndTell } from "@/local/stripe/events/emit-event";
import { listPage } from "@/local/stripe/http/list-page";
import { operation } from "@/local/stripe/http/operation";
import type { ParamsOf } from "@/local/stripe/http/params";
import { invalidRequest } from "@/local/stripe/http/stripe-api-error";
import { newId } from "@/local/stripe/ids";
import { mergeMetadata } from "@/local/stripe/metadata";
import { getByPath } from "@/local/stripe/references";
import { fieldEquals, listObjects } from "@/local/stripe/store/list-objects";
import { insertObject } from "@/local/stripe/store/store";
import {
  configurationCreateParams,
  configurationListParams,
  configurationUpdateParams,
} from "./configuration-params";
import { DEFAULT_FEATURES, readFeatures } from "./portal-features";

type Configuration = Stripe.BillingPortal.Configuration;

/** https://docs.stripe.com/api/customer_portal/configurations */
export const portalConfigurationOperations = [
  operation({
    method: "POST",
    path: "/v1/billing_portal/configurations",
    params: configurationCreateParams,
    run: createConfiguration,
  }),
  operation({
    method: "GET",
    path: "/v1/billing_portal/configurations",
    params: configurationListParams,
    run: (context, params) => {
      defaultConfiguration(context);
      return listPage(context, "/v1/billing_portal/configurations", "billing_portal.configuration", params, [
        ...(params.active === undefined ? [] : [fieldEquals("$.active", params.active)]),
        ...(params.is_default === undefined ? [] : [fieldEquals("$.is_default", params.is_default)]),
      ]);
    },
  }),
  operation({
    method: "GET",
    path: "/v1/billing_portal/configurations/:configuration",
    params: {},
    run: (context, _params, path) => getByPath(context, "billing_portal.configuration", path.configuration),
  }),
  operation({
    method: "POST",
    path: "/v1/billing_portal/configurations/:configuration",
    params: configurationUpdateParams,
    run: (context, params, path) => updateConfiguration(context, path.configuration, params),
  }),
];

/**
 * The configuration sessions have that name none. Stripe makes it when its settings are saved in the dashboard; here it
 * is there from the start, so what is asked for first makes it.
 * https://docs.stripe.com/customer-management/configure-portal
 */
export function defaultConfiguration(context: Context): Configuration {
  const filters = [fieldEquals("$.is_default", true)];
  const { data } = listObjects(context.store, "billing_portal.configuration", { filters, limit: 1 });
  const [known] = data;
  if (known) return known;
  const made = buildConfiguration(context, { is_default: true, features: DEFAULT_FEATURES });
  insertObject(context.store, "billing_portal.configuration", made, {});
  return made;
}

function createConfiguration(
  context: Context,
  params: ParamsOf<typeof configurationCreateParams>,
): Configuration {
  const configuration = buildConfiguration(context, {
    business_profile: profileOf(params.business_profile),
    default_return_url: params.default_return_url ?? null,
    features: readFeatures(context, params.features),
    metadata: mergeMetadata({}, params.metadata),
    name: params.name ?? null,
  });
  insertObject(context.store, "billing_portal.configuration", configuration, {});
  emitEvent(context, "billing_portal.configuration.created", configuration);
  return configuration;
}

function updateConfiguration(
  context: Context,
  id: string,
  params: ParamsOf<typeof configurationUpdateParams>,
): Configuration {
  const before = getByPath(context, "billing_portal.configuration", id);
  if (before.is_default && params.active === false) {
    throw invalidRequest("You cannot deactivate the default configuration.", { param: "active" });
  }
  const configuration: Configuration = {
    ...before,
    ...(params.active === undefined ? {} : { active: params.active }),
    business_profile: { ...before.business_profile, ...params.business_profile },
    ...(params.default_return_url === undefined ? {} : { default_return_url: params.default_return_url }),
    ...(params.name === undefined ? {} : { name: params.name }),
    features: params.features ? readFeatures(context, params.features, before.features) : before.features,
    metadata: mergeMetadata(before.metadata ?? {}, params.metadata),
    updated: context.now,
  };
  saveAndTell(
    context,
    "billing_portal.configuration",
    configuration,
    before,
    "billing_portal.configuration.updated",
  );
  return getByPath(context, "billing_portal.configuration", id);
}

function buildConfiguration(
  context: Context,
  given: Partial<Configuration> & Pick<Configuration, "features">,
): Configuration {
  return {
    id: newId("bpc"),
    object: "billing_portal.configuration",
    active: true,
    application: null,
    business_profile: profileOf(undefined),
    created: context.now,
    default_return_url: null,
    is_default: false,
    livemode: false,
    login_page: { enabled: false, url: null },
    metadata: {},
    name: null,
    updated: context.now,
    ...given,
  };
}

function profileOf(
  given: ParamsOf<typeof configurationCreateParams>["business_profile"],
): Configuration["business_profile"] {
  return {
    headline: given?.headline ?? null,
    privacy_policy_url: given?.privacy_policy_url ?? null,
    terms_of_service_url: given?.terms_of_service_url ?? null,
  };
}
