import type { Context } from "@/local/stripe/context";
import { listPage } from "@/local/stripe/http/list-page";
import { operation } from "@/local/stripe/http/operation";
import type { ParamsOf } from "@/local/stripe/http/params";
import { getByParam, getByPath } from "@/local/stripe/references";
import { fieldEquals, fieldInRange, fieldIsOneOf, type ListFilter } from "@/local/stripe/store/list-objects";
import { createPrice } from "./create-price";
import { priceCreateParams, priceListParams, priceUpdateParams } from "./price-params";
import { updatePrice } from "./update-price";

/** https://docs.stripe.com/api/prices */
export const priceOperations = [
  operation({
    method: "POST",
    path: "/v1/prices",
    params: priceCreateParams,
    run: (context, params) => createPrice(context, params),
  }),
  operation({
    method: "GET",
    path: "/v1/prices",
    params: priceListParams,
    run: (context, params) => listPage(context, "/v1/prices", "price", params, priceFilters(context, params)),
  }),
  operation({
    method: "GET",
    path: "/v1/prices/:id",
    params: {},
    run: (context, _params, path) => getByPath(context, "price", path.id),
  }),
  operation({
    method: "POST",
    path: "/v1/prices/:id",
    params: priceUpdateParams,
    run: (context, params, path) => updatePrice(context, path.id, params),
  }),
];

function priceFilters(context: Context, params: ParamsOf<typeof priceListParams>): ListFilter[] {
  const { recurring } = params;
  if (params.product !== undefined) getByParam(context, "product", params.product, "product");
  return [
    ...(params.active === undefined ? [] : [fieldEquals("$.active", params.active)]),
    ...(params.currency === undefined ? [] : [fieldEquals("$.currency", params.currency)]),
    ...(params.product === undefined ? [] : [fieldEquals("$.product", params.product)]),
    ...(params.type === undefined ? [] : [fieldEquals("$.type", params.type)]),
    ...(params.lookup_keys === undefined ? [] : [fieldIsOneOf("$.lookup_key", params.lookup_keys)]),
    ...(recurring?.interval === undefined ? [] : [fieldEquals("$.recurring.interval", recurring.interval)]),
    ...(recurring?.meter === undefined ? [] : [fieldEquals("$.recurring.meter", recurring.meter)]),
    ...(recurring?.usage_type === undefined
      ? []
      : [fieldEquals("$.recurring.usage_type", recurring.usage_type)]),
    ...(params.created === undefined ? [] : fieldInRange("$.created", params.created)),
  ];
}
