import type Stripe from "stripe";
import type { Context } from "@/local/stripe/context";
import { emitEvent } from "@/local/stripe/events/emit-event";
import type { MetadataChange } from "@/local/stripe/http/params";
import { invalidRequest } from "@/local/stripe/http/stripe-api-error";
import { newId } from "@/local/stripe/ids";
import { mergeMetadata } from "@/local/stripe/metadata";
import { findAnyObject, insertObject } from "@/local/stripe/store/store";

export type NewProduct = {
  id?: string;
  name: string;
  active?: boolean;
  /** The id of a price that is made right after the product. */
  defaultPrice?: string;
  description?: string | null;
  images?: string[];
  marketing_features?: { name: string }[];
  metadata?: MetadataChange;
  shippable?: boolean;
  statement_descriptor?: string | null;
  tax_code?: string | null;
  unit_label?: string | null;
  url?: string | null;
};

/** Creates a product. https://docs.stripe.com/api/products/create */
export function createProduct(context: Context, input: NewProduct): Stripe.Product {
  if (input.id !== undefined && findAnyObject(context.store, input.id)) {
    throw invalidRequest("Product already exists.", { code: "resource_already_exists", param: "id" });
  }
  const product: Stripe.Product = {
    id: input.id ?? newId("prod"),
    object: "product",
    active: input.active ?? true,
    created: context.now,
    default_price: input.defaultPrice ?? null,
    description: input.description ?? null,
    images: input.images ?? [],
    livemode: false,
    marketing_features: input.marketing_features ?? [],
    metadata: mergeMetadata({}, input.metadata),
    name: input.name,
    package_dimensions: null,
    shippable: input.shippable ?? null,
    statement_descriptor: input.statement_descriptor ?? null,
    tax_code: input.tax_code ?? null,
    tax_details: null,
    type: "service",
    unit_label: input.unit_label ?? null,
    updated: context.now,
    url: input.url ?? null,
  };
  insertObject(context.store, "product", product, {});
  emitEvent(context, "product.created", product);
  return product;
}
