import type Stripe from "stripe";
import type { Context } from "@/local/stripe/context";
import { saveAndTell } from "@/local/stripe/events/emit-event";
import { listPage } from "@/local/stripe/http/list-page";
import { operation } from "@/local/stripe/http/operation";
import type { ParamsOf } from "@/local/stripe/http/params";
import { invalidRequest } from "@/local/stripe/http/stripe-api-error";
import { mergeMetadata } from "@/local/stripe/metadata";
import { getByPath } from "@/local/stripe/references";
import { fieldEquals, fieldInRange, fieldIsOneOf, type ListFilter } from "@/local/stripe/store/list-objects";
import { claimLookupKey, createPrice } from "./create-price";
import { priceCreateParams, priceListParams, priceUpdateParams } from "./price-params";

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
    run: (context, params) => listPage(context, "/v1/prices", "price", params, priceFilters(params)),
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

function priceFilters(params: ParamsOf<typeof priceListParams>): ListFilter[] {
  const { recurring } = params;
  return [
    ...(params.active === undefined ? [] : [fieldEquals("$.active", params.active)]),
    ...(params.currency === undefined ? [] : [fieldEquals("$.currency", params.currency.toLowerCase())]),
    ...(params.product === undefined ? [] : [fieldEquals("$.product", params.product)]),
    ...(params.type === undefined ? [] : [fieldEquals("$.type", params.type)]),
    ...(params.lookup_keys === undefined ? [] : [fieldIsOneOf("$.lookup_key", params.lookup_keys)]),
    ...(recurring?.interval === undefined ? [] : [fieldEquals("$.recurring.interval", recurring.interval)]),
    ...(recurring?.usage_type === undefined
      ? []
      : [fieldEquals("$.recurring.usage_type", recurring.usage_type)]),
    ...(params.created === undefined ? [] : fieldInRange("$.created", params.created)),
  ];
}

function updatePrice(context: Context, id: string, params: ParamsOf<typeof priceUpdateParams>): Stripe.Price {
  const before = getByPath(context, "price", id);
  const { metadata, transfer_lookup_key: mayTransfer, ...fields } = params;
  if (fields.tax_behavior !== undefined && before.tax_behavior !== "unspecified") {
    throw invalidRequest("The tax behavior of a price can only be set once.", { param: "tax_behavior" });
  }
  if (fields.lookup_key !== undefined && fields.lookup_key !== before.lookup_key) {
    claimLookupKey(context, fields.lookup_key, mayTransfer ?? false);
  }
  const price: Stripe.Price = { ...before, ...fields, metadata: mergeMetadata(before.metadata, metadata) };
  saveAndTell(context, "price", price, before, "price.updated");
  return price;
}
