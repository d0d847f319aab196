import type Stripe from "stripe";
import type { Context } from "@/local/stripe/context";
import type { ParamsOf } from "@/local/stripe/http/params";
import { invalidRequest, parameterMissing } from "@/local/stripe/http/stripe-api-error";
import { newId } from "@/local/stripe/ids";
import { mergeMetadata } from "@/local/stripe/metadata";
import { createPrice } from "@/local/stripe/prices/create-price";
import { amountOfPrice } from "@/local/stripe/prices/price-amount";
import { withAmounts } from "@/local/stripe/prices/with-amounts";
import { getByParam, idOf } from "@/local/stripe/references";
import { findObject } from "@/local/stripe/store/store";
import { checkItems } from "@/local/stripe/subscriptions/check-items";
import { readTaxRates } from "@/local/stripe/tax/read-tax-rates";
import type { sessionCreateParams } from "./session-params";

type Params = ParamsOf<typeof sessionCreateParams>;
type LineParams = NonNullable<Params["line_items"]>[number];

/** A line and the tax rates it was given, which it does not show. */
export type ReadLine = { line: Stripe.LineItem; taxRates: string[] };

/** Turns the asked-for lines into line items with prices, refusing what the mode cannot sell. */
export function readLineItems(
  context: Context,
  params: Params,
  customer: Stripe.Customer | null,
): ReadLine[] {
  const lines = params.line_items ?? [];
  if (params.mode === "setup") return [];
  if (lines.length === 0) throw parameterMissing("line_items");
  const chosen = lines.map((line, index) => choose(context, line, index));
  if (params.mode === "payment") checkOneTime(chosen);
  else checkRecurring(context, customer, chosen);
  return chosen.map((line) => buildLineItem(context, line));
}

type ChosenLine = {
  price: Stripe.Price;
  quantity: number;
  hasQuantity: boolean;
  metadata: Record<string, string>;
  adjustable: Stripe.LineItem.AdjustableQuantity | null;
  taxRates: string[];
};

function choose(context: Context, line: LineParams, index: number): ChosenLine {
  const param = (name: string) => `line_items[${index}][${name}]`;
  if (line.price !== undefined && line.price_data) {
    throw invalidRequest("You may only specify one of these parameters: price, price_data.", {
      param: param("price"),
    });
  }
  const chosen = {
    quantity: line.quantity ?? 1,
    hasQuantity: line.quantity !== undefined,
    metadata: mergeMetadata({}, line.metadata),
    adjustable: readAdjustable(line, param("adjustable_quantity")),
    taxRates: readTaxRates(context, line.tax_rates ?? [], param("tax_rates")).map(idOf),
  };
  // An inline price is a real one, but nobody else may use it: Stripe makes it inactive.
  if (line.price_data) {
    const price = createPrice(context, { ...line.price_data, active: false }, param("price_data"));
    return { ...chosen, price: { ...price, active: true } };
  }
  if (line.price === undefined) throw parameterMissing(param("price"));
  const price = getByParam(context, "price", line.price, param("price"));
  // https://docs.stripe.com/api/checkout/sessions/create#create_checkout_session-line_items-quantity
  if (!chosen.hasQuantity && price.recurring?.usage_type !== "metered")
    throw parameterMissing(param("quantity"));
  return { ...chosen, price };
}

function readAdjustable(line: LineParams, path: string): Stripe.LineItem.AdjustableQuantity | null {
  const { adjustable_quantity: asked, quantity = 1 } = line;
  if (!asked?.enabled) return null;
  const { minimum = 0, maximum = 99 } = asked;
  if (quantity < minimum || quantity > maximum) {
    throw invalidRequest(
      "The quantity must lie between the minimum and the maximum of `adjustable_quantity`.",
      {
        param: path,
      },
    );
  }
  return { enabled: true, maximum, minimum };
}

function checkOneTime(lines: ChosenLine[]): void {
  lines.forEach(({ price }, index) => {
    const param = `line_items[${index}][price]`;
    if (!price.active)
      throw invalidRequest(`Price \`${price.id}\` is not available to be purchased because it is inactive.`, {
        param,
      });
    if (price.type === "recurring") {
      throw invalidRequest(
        "You specified `payment` mode but passed a recurring price. Either switch to `subscription` mode or use only one-time prices.",
        { param },
      );
    }
    if (price.currency !== lines[0]?.price.currency) {
      throw invalidRequest("All line items must have the same currency.", { param });
    }
  });
}

function checkRecurring(context: Context, customer: Stripe.Customer | null, lines: ChosenLine[]): void {
  if (lines.every((line) => line.price.type === "one_time")) {
    throw invalidRequest(
      "You must provide at least one recurring price in `subscription` mode when using prices.",
      { param: "line_items" },
    );
  }
  if (lines.length > 20) {
    throw invalidRequest("In `subscription` mode there are at most 20 recurring line items.", {
      param: "line_items",
    });
  }
  const recurring = lines.filter(({ price }) => price.type === "recurring");
  const currency = lines[0]?.price.currency ?? "usd";
  lines.forEach(({ price }, index) => {
    if (price.type === "one_time" && price.currency !== currency) {
      throw invalidRequest("All line items must have the same currency.", {
        param: `line_items[${index}][price]`,
      });
    }
  });
  const positions = lines.flatMap(({ price }, index) => (price.type === "recurring" ? [index] : []));
  const paramOf = (index: number) => `line_items[${positions[index]}][price]`;
  const items = recurring.map(({ taxRates: _rates, ...item }) => item);
  checkItems(context, customer, items, currency, paramOf);
}

/** Its amounts follow once the whole of the purchase is priced. */
function buildLineItem(context: Context, line: ChosenLine): ReadLine {
  const amount = amountOfPrice(withAmounts(context, line.price), line.quantity);
  const isMetered = line.price.recurring?.usage_type === "metered";
  return {
    taxRates: line.taxRates,
    line: {
      id: newId("li"),
      object: "item",
      adjustable_quantity: line.adjustable,
      amount_discount: 0,
      amount_subtotal: amount,
      amount_tax: 0,
      amount_total: amount,
      currency: line.price.currency,
      description: findObject(context.store, "product", idOf(line.price.product))?.name ?? null,
      metadata: line.metadata,
      price: line.price,
      quantity: isMetered ? null : line.quantity,
    },
  };
}
