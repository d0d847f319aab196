import type Stripe from "stripe";
import type { Context } from "@/local/stripe/context";
import { decimal } from "@/local/stripe/decimal";
import { emitEvent, saveAndTell } from "@/local/stripe/events/emit-event";
import type { MetadataChange } from "@/local/stripe/http/params";
import { invalidRequest, parameterMissing } from "@/local/stripe/http/stripe-api-error";
import { newId } from "@/local/stripe/ids";
import { mergeMetadata } from "@/local/stripe/metadata";
import { createProduct, type NewProduct } from "@/local/stripe/products/create-product";
import { getByParam } from "@/local/stripe/references";
import { fieldEquals, listAllObjects } from "@/local/stripe/store/list-objects";
import { insertObject } from "@/local/stripe/store/store";

export type NewPrice = {
  currency: string;
  active?: boolean;
  lookup_key?: string;
  metadata?: MetadataChange;
  nickname?: string;
  product?: string;
  product_data?: NewProduct;
  recurring?: { interval: "day" | "week" | "month" | "year"; interval_count?: number };
  tax_behavior?: "exclusive" | "inclusive" | "unspecified";
  transfer_lookup_key?: boolean;
  unit_amount?: number;
  unit_amount_decimal?: string;
};

/** The longest period a price may recur at is three years. https://docs.stripe.com/api/prices/create */
const MAX_INTERVAL_COUNT = { day: 1095, week: 156, month: 36, year: 3 } as const;

/** Creates a price and, when asked to, its product. `paramPath` names the hash the price came in. */
export function createPrice(context: Context, input: NewPrice, paramPath = ""): Stripe.Price {
  const param = (name: string) => (paramPath === "" ? name : `${paramPath}[${name}]`);
  const amounts = readAmounts(input, param);
  checkInterval(input, param);
  const price: Stripe.Price = {
    id: newId("price"),
    object: "price",
    active: input.active ?? true,
    billing_scheme: "per_unit",
    created: context.now,
    currency: readCurrency(input.currency, param("currency")),
    custom_unit_amount: null,
    livemode: false,
    lookup_key: input.lookup_key ?? null,
    metadata: mergeMetadata({}, input.metadata),
    nickname: input.nickname ?? null,
    product: findOrCreateProduct(context, input, param),
    recurring: input.recurring
      ? {
          interval: input.recurring.interval,
          interval_count: input.recurring.interval_count ?? 1,
          meter: null,
          trial_period_days: null,
          usage_type: "licensed",
        }
      : null,
    tax_behavior: input.tax_behavior ?? "unspecified",
    tiers_mode: null,
    transform_quantity: null,
    type: input.recurring ? "recurring" : "one_time",
    ...amounts,
  };
  if (input.lookup_key !== undefined) {
    claimLookupKey(context, input.lookup_key, input.transfer_lookup_key ?? false);
  }
  insertObject(context.store, "price", price, {});
  emitEvent(context, "price.created", price);
  return price;
}

/** A lookup key belongs to one price; it moves only when the caller says so. */
export function claimLookupKey(context: Context, key: string, mayTransfer: boolean): void {
  for (const holder of listAllObjects(context.store, "price", [fieldEquals("$.lookup_key", key)])) {
    if (!mayTransfer) {
      const message = `A price (\`${holder.id}\`) already uses that lookup key.`;
      throw invalidRequest(message, { code: "resource_already_exists", param: "lookup_key" });
    }
    saveAndTell(context, "price", { ...holder, lookup_key: null }, holder, "price.updated");
  }
}

function readAmounts(
  input: NewPrice,
  param: (name: string) => string,
): Pick<Stripe.Price, "unit_amount" | "unit_amount_decimal"> {
  if (input.unit_amount !== undefined && input.unit_amount_decimal !== undefined) {
    const message = "You may only specify one of these parameters: unit_amount, unit_amount_decimal.";
    throw invalidRequest(message, { param: param("unit_amount_decimal") });
  }
  if (input.unit_amount !== undefined) {
    return { unit_amount: input.unit_amount, unit_amount_decimal: decimal(input.unit_amount) };
  }
  const amount = input.unit_amount_decimal;
  if (amount === undefined) throw parameterMissing(param("unit_amount"));
  if (!/^\d{1,11}(\.\d{1,12})?$/.test(amount)) {
    throw invalidRequest(`Invalid decimal: ${amount}`, { param: param("unit_amount_decimal") });
  }
  const isWhole = Number.isInteger(Number(amount));
  return { unit_amount: isWhole ? Number(amount) : null, unit_amount_decimal: decimal(amount) };
}

function readCurrency(currency: string, param: string): string {
  if (/^[a-z]{3}$/i.test(currency)) return currency.toLowerCase();
  throw invalidRequest(`Invalid currency: ${currency}.`, { param });
}

function checkInterval(input: NewPrice, param: (name: string) => string): void {
  if (!input.recurring) return;
  const max = MAX_INTERVAL_COUNT[input.recurring.interval];
  if ((input.recurring.interval_count ?? 1) <= max) return;
  const message = `The maximum billing period is three years: at most ${max} ${input.recurring.interval}s.`;
  throw invalidRequest(message, { param: param("recurring[interval_count]") });
}

function findOrCreateProduct(context: Context, input: NewPrice, param: (name: string) => string): string {
  if (input.product !== undefined && input.product_data !== undefined) {
    const message = "You may only specify one of these parameters: product, product_data.";
    throw invalidRequest(message, { param: param("product") });
  }
  if (input.product_data) return createProduct(context, input.product_data).id;
  if (input.product === undefined) throw parameterMissing(param("product"));
  return getByParam(context, "product", input.product, param("product")).id;
}
