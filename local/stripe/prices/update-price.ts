import type Stripe from "stripe";
import type { Context } from "@/local/stripe/context";
import { emitEvent } from "@/local/stripe/events/emit-event";
import { previousAttributes } from "@/local/stripe/events/previous-attributes";
import type { ParamsOf } from "@/local/stripe/http/params";
import { invalidRequest } from "@/local/stripe/http/stripe-api-error";
import { mergeMetadata } from "@/local/stripe/metadata";
import { getByPath, idOf } from "@/local/stripe/references";
import { findObject, readHidden, saveHidden, saveObject } from "@/local/stripe/store/store";
import { claimLookupKey } from "./claim-lookup-key";
import type { priceUpdateParams } from "./price-params";
import { readCurrencyOptions } from "./read-currency-options";

/**
 * Changes what may change of a price. Further currencies are added or replaced one by one; an empty hash takes all away.
 * https://docs.stripe.com/api/prices/update
 */
export function updatePrice(
  context: Context,
  id: string,
  params: ParamsOf<typeof priceUpdateParams>,
): Stripe.Price {
  const before = getByPath(context, "price", id);
  const { currency_options: options, metadata, transfer_lookup_key: mayTransfer, ...fields } = params;
  checkTaxBehavior(before, fields.tax_behavior);
  if (fields.active === false) checkIsNotDefault(context, before);
  if (fields.lookup_key !== undefined && fields.lookup_key !== before.lookup_key) {
    claimLookupKey(context, fields.lookup_key, mayTransfer ?? false);
  }
  const hasNewOptions = options !== undefined && saveOptions(context, before, options);
  const price: Stripe.Price = { ...before, ...fields, metadata: mergeMetadata(before.metadata, metadata) };
  const previous = previousAttributes(before, price);
  if (previous === null && !hasNewOptions) return price;
  saveObject(context.store, "price", price);
  emitEvent(context, "price.updated", price, previous ?? {});
  return price;
}

function checkTaxBehavior(price: Stripe.Price, behavior: string | undefined): void {
  if (behavior === undefined || behavior === price.tax_behavior || price.tax_behavior === "unspecified")
    return;
  throw invalidRequest("The tax behavior of a price can only be set once.", { param: "tax_behavior" });
}

/** A product's default price stays in use until another one takes its place. */
function checkIsNotDefault(context: Context, price: Stripe.Price): void {
  const product = findObject(context.store, "product", idOf(price.product));
  if (product?.default_price !== price.id) return;
  const message = "This price cannot be archived because it is the default price of its product.";
  throw invalidRequest(message, { param: "active" });
}

function saveOptions(
  context: Context,
  price: Stripe.Price,
  given: Parameters<typeof readCurrencyOptions>[0],
): boolean {
  const hidden = readHidden(context.store, "price", price.id);
  const isEmpty = Object.keys(given).length === 0;
  const read = readCurrencyOptions(given, { currency: price.currency, tiers: hidden.tiers }, (name) => name);
  const currencyOptions = isEmpty ? {} : { ...hidden.currencyOptions, ...read };
  saveHidden(context.store, "price", price.id, { ...hidden, currencyOptions });
  return JSON.stringify(currencyOptions) !== JSON.stringify(hidden.currencyOptions);
}
