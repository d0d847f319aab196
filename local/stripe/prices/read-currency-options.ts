import type Stripe from "stripe";
import { invalidRequest } from "@/local/stripe/http/stripe-api-error";
import type { AmountParams } from "./price-params";
import { readAmounts } from "./read-amounts";

export type CurrencyOptionParams = AmountParams & {
  tax_behavior?: "exclusive" | "inclusive" | "unspecified";
};

/**
 * What a price costs in further currencies. Tiers must end where the price's own do.
 * https://docs.stripe.com/payments/currencies/localize-prices/manual-currency-prices
 */
export function readCurrencyOptions(
  given: Record<string, CurrencyOptionParams>,
  price: { currency: string; tiers: Stripe.Price.Tier[] | null },
  param: (name: string) => string,
): Record<string, Stripe.Price.CurrencyOptions> {
  const entries = Object.entries(given).map(([currency, option]) => {
    const path = (name: string) => param(`currency_options[${currency}][${name}]`);
    if (currency === price.currency) {
      const message = `The currency \`${currency}\` is the price's own and cannot be among its \`currency_options\`.`;
      throw invalidRequest(message, { param: param("currency_options") });
    }
    const { tiers, ...amounts } = readAmounts(option, currency, price.tiers !== null, path);
    if (tiers && !endAlike(tiers, price.tiers ?? [])) {
      const message = "The tiers of every currency must have the same `up_to` values.";
      throw invalidRequest(message, { param: path("tiers") });
    }
    const read: Stripe.Price.CurrencyOptions = {
      ...amounts,
      tax_behavior: option.tax_behavior ?? "unspecified",
      ...(tiers ? { tiers } : {}),
    };
    return [currency, read] as const;
  });
  return Object.fromEntries(entries);
}

function endAlike(a: Stripe.Price.Tier[], b: Stripe.Price.Tier[]): boolean {
  return a.length === b.length && a.every((tier, index) => tier.up_to === b[index]?.up_to);
}
