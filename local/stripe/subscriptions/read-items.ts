import type Stripe from "stripe";
import type { Context } from "@/local/stripe/context";
import type { ParamsOf } from "@/local/stripe/http/params";
import { invalidRequest, parameterMissing } from "@/local/stripe/http/stripe-api-error";
import { mergeMetadata } from "@/local/stripe/metadata";
import { createPrice } from "@/local/stripe/prices/create-price";
import { getByParam } from "@/local/stripe/references";
import { readTaxRates } from "@/local/stripe/tax/read-tax-rates";
import type { NewItem } from "./build-item";
import type { changedItemParams } from "./item-params";

export type ItemParams = ParamsOf<typeof changedItemParams>;

/**
 * What an item's parameters ask for, with the price found, or made where it came as data.
 * @param takesArchived whether the price and the tax rates may be archived by now.
 * @throws StripeApiError naming the parameter.
 */
export function readNewItem(
  context: Context,
  item: ItemParams,
  path: string,
  takesArchived = false,
): NewItem {
  return {
    price: readPrice(context, item, path),
    quantity: item.quantity ?? 1,
    hasQuantity: item.quantity !== undefined,
    mayBeInactive: takesArchived || item.price_data !== undefined,
    metadata: mergeMetadata({}, item.metadata),
    discounts: item.discounts ?? [],
    taxRates: readTaxRates(context, item.tax_rates ?? [], `${path}[tax_rates]`, takesArchived),
  };
}

/** The price, by its id or made in passing: it is not active, so nobody else can use it. */
export function readPrice(context: Context, item: ItemParams, path: string): Stripe.Price {
  if (item.price !== undefined && item.price_data) {
    throw invalidRequest("You may only specify one of these parameters: price, price_data.", {
      param: `${path}[price]`,
    });
  }
  if (item.price !== undefined) return getByParam(context, "price", item.price, `${path}[price]`);
  if (item.price_data) {
    return createPrice(context, { ...item.price_data, active: false }, `${path}[price_data]`);
  }
  throw parameterMissing(`${path}[price]`);
}
