import type Stripe from "stripe";
import type { Context } from "@/local/stripe/context";
import { getByParam } from "@/local/stripe/references";
import { getActiveTaxRate } from "./tax-rates";

/**
 * The rates behind the ids of a parameter.
 * @param takesArchived whether they may be archived by now: they are where they are already, or were promised.
 * @throws StripeApiError 400 naming one that does not exist or is archived.
 */
export function readTaxRates(
  context: Context,
  ids: readonly string[],
  param: string,
  takesArchived = false,
): Stripe.TaxRate[] {
  return ids.map((id, index) => {
    const path = `${param}[${index}]`;
    return takesArchived ? getByParam(context, "tax_rate", id, path) : getActiveTaxRate(context, id, path);
  });
}
