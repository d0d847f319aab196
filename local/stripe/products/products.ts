import type Stripe from "stripe";
import type { Context } from "@/local/stripe/context";
import { emitEvent, saveAndTell } from "@/local/stripe/events/emit-event";
import { listPage } from "@/local/stripe/http/list-page";
import { operation } from "@/local/stripe/http/operation";
import type { ParamsOf } from "@/local/stripe/http/params";
import { invalidRequest } from "@/local/stripe/http/stripe-api-error";
import { mergeMetadata } from "@/local/stripe/metadata";
import { getByParam, getByPath } from "@/local/stripe/references";
import { fieldEquals, fieldInRange, fieldIsOneOf, listObjects } from "@/local/stripe/store/list-objects";
import { deleteObject } from "@/local/stripe/store/store";
import { createProductWithPrice } from "./create-product-with-price";
import { defaultPriceDataParam } from "./default-price-data";
import { productCreateParams, productListParams, productUpdateParams } from "./product-params";

/** https://docs.stripe.com/api/products */
export const productOperations = [
  operation({
    method: "POST",
    path: "/v1/products",
    params: { ...productCreateParams, default_price_data: defaultPriceDataParam },
    run: (context, params) => createProductWithPrice(context, params),
  }),
  operation({
    method: "GET",
    path: "/v1/products",
    params: productListParams,
    run: (context, params) =>
      listPage(context, "/v1/products", "product", params, [
        ...(params.active === undefined ? [] : [fieldEquals("$.active", params.active)]),
        ...(params.shippable === undefined ? [] : [fieldEquals("$.shippable", params.shippable)]),
        ...(params.url === undefined ? [] : [fieldEquals("$.url", params.url)]),
        ...(params.ids === undefined ? [] : [fieldIsOneOf("$.id", params.ids)]),
        ...(params.created === undefined ? [] : fieldInRange("$.created", params.created)),
      ]),
  }),
  operation({
    method: "GET",
    path: "/v1/products/:id",
    params: {},
    run: (context, _params, path) => getByPath(context, "product", path.id),
  }),
  operation({
    method: "POST",
    path: "/v1/products/:id",
    params: productUpdateParams,
    run: (context, params, path) => updateProduct(context, path.id, params),
  }),
  operation({
    method: "DELETE",
    path: "/v1/products/:id",
    params: {},
    run: (context, _params, path) => removeProduct(context, path.id),
  }),
];

function updateProduct(
  context: Context,
  id: string,
  params: ParamsOf<typeof productUpdateParams>,
): Stripe.Product {
  const before = getByPath(context, "product", id);
  const { metadata, default_price: defaultPrice, ...fields } = params;
  if (typeof defaultPrice === "string") checkDefaultPrice(context, id, defaultPrice);
  const product: Stripe.Product = {
    ...before,
    ...fields,
    ...(defaultPrice === undefined ? {} : { default_price: defaultPrice }),
    metadata: mergeMetadata(before.metadata, metadata),
    updated: context.now,
  };
  saveAndTell(context, "product", product, before, "product.updated");
  return product;
}

/** The default price is one of the product's own, and in use. */
function checkDefaultPrice(context: Context, productId: string, priceId: string): void {
  const price = getByParam(context, "price", priceId, "default_price");
  if (price.product === productId && price.active) return;
  const reason = price.active ? "must belong to the product" : "must be active";
  throw invalidRequest(`The default price ${reason}.`, { param: "default_price" });
}

/** Only a product without prices can be deleted. https://docs.stripe.com/api/products/delete */
function removeProduct(context: Context, id: string): Stripe.DeletedProduct {
  const product = getByPath(context, "product", id);
  const ofProduct = { filters: [fieldEquals("$.product", id)], limit: 1 };
  if (listObjects(context.store, "price", ofProduct).data.length > 0) {
    throw invalidRequest("This product cannot be deleted because it has one or more user-created prices.");
  }
  deleteObject(context.store, id);
  emitEvent(context, "product.deleted", { ...product, active: false });
  return { id, object: "product", deleted: true };
}
