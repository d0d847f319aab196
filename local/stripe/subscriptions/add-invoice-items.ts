import type Stripe from "stripe";
import type { Context } from "@/local/stripe/context";
import type { ParamsOf } from "@/local/stripe/http/params";
import { invalidRequest, parameterMissing } from "@/local/stripe/http/stripe-api-error";
import { createInvoiceItem } from "@/local/stripe/invoiceitems/create-invoice-item";
import { mergeMetadata } from "@/local/stripe/metadata";
import { createPrice } from "@/local/stripe/prices/create-price";
import { amountOfPrice } from "@/local/stripe/prices/price-amount";
import { withAmounts } from "@/local/stripe/prices/with-amounts";
import { getByParam, idOf } from "@/local/stripe/references";
import { findObject } from "@/local/stripe/store/store";
import { readTaxRates } from "@/local/stripe/tax/read-tax-rates";
import { currentPeriodEnd, currentPeriodStart } from "./item-periods";
import type { subscriptionCreateParams } from "./subscription-params";

type Params = NonNullable<ParamsOf<typeof subscriptionCreateParams>["add_invoice_items"]>;

/** A one-time charge that comes with a subscription. */
export type AddedItem = {
  price: Stripe.Price;
  quantity: number;
  discountable: boolean;
  metadata: Record<string, string>;
  taxRates: Stripe.TaxRate[];
};

/** https://docs.stripe.com/api/subscriptions/create#create_subscription-add_invoice_items @throws StripeApiError */
export function readAddedItems(context: Context, params: Params = []): AddedItem[] {
  return params.map((item, index) => {
    const path = `add_invoice_items[${index}]`;
    const price = readOneTimePrice(context, item, path);
    if (price.type === "one_time") {
      return {
        price,
        quantity: item.quantity ?? 1,
        discountable: item.discountable ?? true,
        metadata: mergeMetadata({}, item.metadata),
        taxRates: readTaxRates(context, item.tax_rates ?? [], `${path}[tax_rates]`),
      };
    }
    throw invalidRequest(
      "The price specified is set to `type=recurring` but this field only accepts prices with `type=one_time`.",
      { param: `${path}[price]` },
    );
  });
}

/** Makes them invoice items that wait for the subscription's next invoice. */
export function createAddedItems(
  context: Context,
  subscription: Stripe.Subscription,
  added: readonly AddedItem[],
): void {
  for (const { price, quantity, discountable, metadata, taxRates } of added) {
    createInvoiceItem(context, {
      customer: idOf(subscription.customer),
      currency: subscription.currency,
      amount: amountOfPrice(withAmounts(context, price), quantity, subscription.currency),
      description: findObject(context.store, "product", idOf(price.product))?.name ?? null,
      period: { start: currentPeriodStart(subscription), end: currentPeriodEnd(subscription) },
      price,
      quantity,
      proration: false,
      subscription: subscription.id,
      discountable,
      taxRates: taxRates.map(idOf),
      metadata,
    });
  }
}

function readOneTimePrice(context: Context, item: Params[number], path: string): Stripe.Price {
  if (item.price !== undefined) return getByParam(context, "price", item.price, `${path}[price]`);
  if (item.price_data) {
    return createPrice(context, { ...item.price_data, active: false }, `${path}[price_data]`);
  }
  throw parameterMissing(`${path}[price]`);
}
