import type Stripe from "stripe";
import type { Context } from "@/local/stripe/context";
import { readHidden } from "@/local/stripe/store/store";

/**
 * The price with what it shows only when expanded, `tiers` and `currency_options`; `chargesOf` needs both. They are
 * kept beside the price, and never change under a price that is in use, so a copy of the price inside of a subscription
 * item is as good as the price itself.
 */
export function withAmounts(context: Context, price: Stripe.Price): Stripe.Price {
  const { tiers, currencyOptions } = readHidden(context.store, "price", price.id);
  return {
    ...price,
    currency_options: allCurrencies(price, tiers, currencyOptions),
    ...(tiers ? { tiers } : {}),
  };
}

/** Whether the price can be charged in the currency. */
export function hasCurrency(context: Context, price: Stripe.Price, currency: string): boolean {
  if (price.currency === currency) return true;
  return readHidden(context.store, "price", price.id).currencyOptions[currency] !== undefined;
}

/** The price's own currency is listed among its options as well. https://docs.stripe.com/api/prices/object */
function allCurrencies(
  price: Stripe.Price,
  tiers: Stripe.Price.Tier[] | null,
  others: Record<string, Stripe.Price.CurrencyOptions>,
): Record<string, Stripe.Price.CurrencyOptions> {
  const own: Stripe.Price.CurrencyOptions = {
    custom_unit_amount: price.custom_unit_amount,
    tax_behavior: price.tax_behavior,
    ...(tiers ? { tiers } : {}),
    unit_amount: price.unit_amount,
    unit_amount_decimal: price.unit_amount_decimal,
  };
  return { [price.currency]: own, ...others };
}
