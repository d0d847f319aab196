import type Stripe from "stripe";
import type { Context } from "@/local/stripe/context";
import { decimal, multiplyRounded } from "@/local/stripe/decimal";
import { invalidRequest } from "@/local/stripe/http/stripe-api-error";
import type { TaxBehavior } from "@/local/stripe/invoices/line-terms";
import { createPrice } from "@/local/stripe/prices/create-price";
import { amountOfPrice } from "@/local/stripe/prices/price-amount";
import { withAmounts } from "@/local/stripe/prices/with-amounts";
import { getByParam, idOf } from "@/local/stripe/references";
import { findObject } from "@/local/stripe/store/store";
import type { ItemParams } from "./item-params";

/** What an item costs and why. */
export type ItemPricing = {
  amount: number;
  quantity: number;
  price: Stripe.Price | null;
  unitAmountDecimal: Stripe.Decimal | undefined;
  /** The product's name, for want of another description. */
  productName: string | null;
  taxBehavior: TaxBehavior | undefined;
};

/**
 * Prices an item: by an amount, a unit amount, a price, or data for one. https://docs.stripe.com/api/invoiceitems/create
 * @param path the hash the parameters came in, "" for the outermost.
 * @throws StripeApiError 400 when there is none of them or more than one.
 */
export function priceItem(
  context: Context,
  params: ItemParams,
  currency: string,
  path = "",
): ItemPricing | null {
  const param = (name: string) => (path === "" ? name : `${path}[${name}]`);
  checkOneKind(params, param);
  const quantity = params.quantity ?? 1;
  const common = { quantity, taxBehavior: params.tax_behavior };
  if (params.amount !== undefined) {
    return { ...common, amount: params.amount, price: null, unitAmountDecimal: undefined, productName: null };
  }
  const unit = params.unit_amount_decimal;
  if (unit !== undefined) {
    checkDecimal(unit, param("unit_amount_decimal"));
    const amount = multiplyRounded(unit, quantity);
    return { ...common, amount, price: null, unitAmountDecimal: decimal(unit), productName: null };
  }
  const price = priceOf(context, params, currency, param);
  if (!price) return null;
  return {
    ...common,
    amount: amountOfPrice(withAmounts(context, price), quantity, currency),
    price,
    unitAmountDecimal: unitAmountIn(withAmounts(context, price), currency),
    productName: findObject(context.store, "product", idOf(price.product))?.name ?? null,
  };
}

const KINDS = ["amount", "price_data", "pricing", "unit_amount_decimal"] as const;

function checkOneKind(params: ItemParams, param: (name: string) => string): void {
  const given = KINDS.filter((kind) => params[kind] !== undefined);
  if (given.length > 1) {
    throw invalidRequest(`You may only specify one of these parameters: ${given.join(", ")}.`, {
      param: param(given[0] ?? "amount"),
    });
  }
  if (params.amount !== undefined && params.quantity !== undefined) {
    throw invalidRequest("You may only specify one of these parameters: amount, quantity.", {
      param: param("amount"),
    });
  }
}

function checkDecimal(value: string, param: string): void {
  if (/^-?\d{1,11}(\.\d{1,12})?$/.test(value)) return;
  throw invalidRequest(`Invalid decimal: ${value}`, { param });
}

function priceOf(
  context: Context,
  params: ItemParams,
  currency: string,
  param: (name: string) => string,
): Stripe.Price | null {
  if (params.price_data) {
    checkCurrency(params.price_data.currency.toLowerCase(), currency, param("price_data"));
    return createPrice(context, { ...params.price_data, active: false }, param("price_data"));
  }
  const id = params.pricing?.price;
  if (id === undefined) return null;
  const name = `${param("pricing")}[price]`;
  const price = getByParam(context, "price", id, name);
  if (!price.active) {
    throw invalidRequest("The price specified is inactive. This field only accepts active prices.", {
      param: name,
    });
  }
  if (price.type !== "one_time") {
    throw invalidRequest(
      "The price specified is set to `type=recurring` but this field only accepts prices with `type=one_time`.",
      { param: name },
    );
  }
  const full = withAmounts(context, price);
  if (price.currency !== currency && !full.currency_options?.[currency]) {
    checkCurrency(price.currency, currency, name);
  }
  return price;
}

function checkCurrency(currency: string, expected: string, param: string): void {
  if (currency === expected) return;
  throw invalidRequest(
    `The price specified only supports \`${currency}\`. This doesn't match the expected currency: \`${expected}\`.`,
    { param },
  );
}

function unitAmountIn(price: Stripe.Price, currency: string): Stripe.Decimal | undefined {
  const inCurrency = currency === price.currency ? price : price.currency_options?.[currency];
  return inCurrency?.unit_amount_decimal ?? undefined;
}
