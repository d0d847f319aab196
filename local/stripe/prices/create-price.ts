import type Stripe from "stripe";
import type { Context } from "@/local/stripe/context";
import { emitEvent } from "@/local/stripe/events/emit-event";
import type { MetadataChange } from "@/local/stripe/http/params";
import { invalidRequest } from "@/local/stripe/http/stripe-api-error";
import { newId } from "@/local/stripe/ids";
import { mergeMetadata } from "@/local/stripe/metadata";
import { createProduct, type NewProduct } from "@/local/stripe/products/create-product";
import { getByParam } from "@/local/stripe/references";
import { insertObject } from "@/local/stripe/store/store";
import { claimLookupKey } from "./claim-lookup-key";
import type { AmountParams } from "./price-params";
import { readAmounts } from "./read-amounts";
import { type CurrencyOptionParams, readCurrencyOptions } from "./read-currency-options";
import { type NewRecurring, readRecurring } from "./read-recurring";

export type NewPrice = AmountParams & {
  id?: string;
  currency: string;
  active?: boolean;
  billing_scheme?: "per_unit" | "tiered";
  currency_options?: Record<string, CurrencyOptionParams>;
  lookup_key?: string;
  metadata?: MetadataChange;
  nickname?: string;
  product?: string;
  product_data?: NewProduct;
  recurring?: NewRecurring;
  tax_behavior?: "exclusive" | "inclusive" | "unspecified";
  tiers_mode?: "graduated" | "volume";
  transfer_lookup_key?: boolean;
  transform_quantity?: { divide_by: number; round: "up" | "down" };
};

/** Creates a price and, when asked to, its product. `paramPath` names the hash the price came in. */
export function createPrice(context: Context, input: NewPrice, paramPath = ""): Stripe.Price {
  const param = (name: string) => (paramPath === "" ? name : nestedIn(paramPath, name));
  const currency = input.currency.toLowerCase();
  const isTiered = input.billing_scheme === "tiered";
  checkScheme(input, param);
  const recurring = readRecurring(context, input.recurring, param);
  const { tiers, ...amounts } = readAmounts(input, currency, isTiered, param);
  const options = readCurrencyOptions(input.currency_options ?? {}, { currency, tiers }, param);
  if (amounts.custom_unit_amount && recurring) {
    throw invalidRequest("`custom_unit_amount` can only be set on prices with `type=one_time`.", {
      param: param("custom_unit_amount"),
    });
  }
  const price: Stripe.Price = {
    id: input.id ?? newId("price"),
    object: "price",
    active: input.active ?? true,
    billing_scheme: input.billing_scheme ?? "per_unit",
    created: context.now,
    currency,
    livemode: false,
    lookup_key: input.lookup_key ?? null,
    metadata: mergeMetadata({}, input.metadata),
    nickname: input.nickname ?? null,
    product: findOrCreateProduct(context, input, param),
    recurring,
    tax_behavior: input.tax_behavior ?? "unspecified",
    tiers_mode: input.tiers_mode ?? null,
    transform_quantity: input.transform_quantity ?? null,
    type: recurring ? "recurring" : "one_time",
    ...amounts,
  };
  if (input.lookup_key !== undefined) {
    claimLookupKey(context, input.lookup_key, input.transfer_lookup_key ?? false);
  }
  insertObject(context.store, "price", price, { tiers, currencyOptions: options });
  emitEvent(context, "price.created", price);
  return price;
}

/** `recurring[interval]` in `price_data` is `price_data[recurring][interval]`. */
function nestedIn(path: string, name: string): string {
  const [first, ...rest] = name.split("[");
  return [`${path}[${first}]`, ...rest].join("[");
}

/** Which of the ways to charge go together. https://docs.stripe.com/api/prices/create */
function checkScheme(input: NewPrice, param: (name: string) => string): void {
  if (input.billing_scheme !== "tiered") {
    if (input.tiers_mode === undefined) return;
    throw invalidRequest("`tiers_mode` can only be set when `billing_scheme=tiered`.", {
      param: param("tiers_mode"),
    });
  }
  if (!input.recurring) {
    const message = "Prices with `type=one_time` are not supported with tiered billing.";
    throw invalidRequest(message, { param: "interval" });
  }
  if (input.tiers_mode === undefined) {
    throw invalidRequest("`tiers_mode` must be set when `billing_scheme=tiered`.", {
      param: param("tiers_mode"),
    });
  }
  if (input.transform_quantity) {
    throw invalidRequest("`transform_quantity` cannot be combined with `tiers`.", {
      param: param("transform_quantity"),
    });
  }
}

function findOrCreateProduct(context: Context, input: NewPrice, param: (name: string) => string): string {
  if (input.product !== undefined && input.product_data !== undefined) {
    const message = "You may only specify one of these parameters: product, product_data.";
    throw invalidRequest(message, { param: param("product") });
  }
  if (input.product_data) return createProduct(context, input.product_data).id;
  if (input.product === undefined) {
    const message = "You must specify either `product` or `product_data` when creating a price.";
    throw invalidRequest(message, { code: "parameter_missing", param: param("product") });
  }
  return getByParam(context, "product", input.product, param("product")).id;
}
