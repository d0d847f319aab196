import type Stripe from "stripe";
import type { Context } from "@/local/stripe/context";
import type { ParamsOf } from "@/local/stripe/http/params";
import { invalidRequest, notSimulated, parameterMissing } from "@/local/stripe/http/stripe-api-error";
import { newId } from "@/local/stripe/ids";
import { mergeMetadata } from "@/local/stripe/metadata";
import { createPrice } from "@/local/stripe/prices/create-price";
import { getByParam, idOf } from "@/local/stripe/references";
import { findObject } from "@/local/stripe/store/store";
import { amountOfPrice } from "@/local/stripe/prices/price-amount";
import { withAmounts } from "@/local/stripe/prices/with-amounts";
import { checkItems } from "@/local/stripe/subscriptions/check-items";
import type { sessionCreateParams } from "./session-params";

type Params = ParamsOf<typeof sessionCreateParams>;
type LineParams = NonNullable<Params["line_items"]>[number];

/** Turns the asked-for lines into line items with prices and amounts, refusing what the mode cannot sell. */
export function readLineItems(
  context: Context,
  params: Params,
  facts: { customer: Stripe.Customer | null; hasTrial: boolean },
): Stripe.LineItem[] {
  const lines = params.line_items ?? [];
  if (params.mode === "setup") return [];
  if (lines.length === 0) throw parameterMissing("line_items");
  const chosen = lines.map((line, index) => choose(context, line, index));
  if (params.mode === "payment") checkOneTime(chosen);
  else checkRecurring(context, facts.customer, chosen);
  return chosen.map((line) => buildLineItem(context, line, facts.hasTrial));
}

type ChosenLine = { price: Stripe.Price; quantity: number; metadata: Record<string, string> };

function choose(context: Context, line: LineParams, index: number): ChosenLine {
  const param = (name: string) => `line_items[${index}][${name}]`;
  if (line.price !== undefined && line.price_data) {
    throw invalidRequest("You may only specify one of these parameters: price, price_data.", {
      param: param("price"),
    });
  }
  if (line.quantity === undefined) throw parameterMissing(param("quantity"));
  const { quantity } = line;
  const metadata = mergeMetadata({}, line.metadata);
  // An inline price is a real one, but nobody else may use it: Stripe makes it inactive.
  if (line.price_data) {
    const price = createPrice(context, { ...line.price_data, active: false }, param("price_data"));
    return { price: { ...price, active: true }, quantity, metadata };
  }
  if (line.price === undefined) throw parameterMissing(param("price"));
  return { price: getByParam(context, "price", line.price, param("price")), quantity, metadata };
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
  lines.forEach(({ price }, index) => {
    if (price.type === "one_time") {
      throw notSimulated("a one-time price beside a subscription", `line_items[${index}][price]`);
    }
  });
  checkItems(context, customer, lines, lines[0]?.price.currency ?? "usd", (index) => `line_items[${index}][price]`);
}

/** During a trial nothing is due, so every amount is zero. */
function buildLineItem(context: Context, line: ChosenLine, hasTrial: boolean): Stripe.LineItem {
  const amount = hasTrial ? 0 : amountOfPrice(withAmounts(context, line.price), line.quantity);
  return {
    id: newId("li"),
    object: "item",
    adjustable_quantity: null,
    amount_discount: 0,
    amount_subtotal: amount,
    amount_tax: 0,
    amount_total: amount,
    currency: line.price.currency,
    description: findObject(context.store, "product", idOf(line.price.product))?.name ?? null,
    metadata: line.metadata,
    price: line.price,
    quantity: line.quantity,
  };
}
