import type Stripe from "stripe";
import type { Context } from "@/local/stripe/context";
import { newId } from "@/local/stripe/ids";
import { findObject, insertObject, readMeta, writeMeta } from "@/local/stripe/store/store";
import { isInEu, type KnownRate, knownRate } from "./rate-table";
import { listTaxIds } from "./tax-ids";
import { taxLocation } from "./tax-location";

/**
 * The rates automatic tax finds for an address: the standard rate of the EU's members, Great Britain, Switzerland,
 * Norway, Australia, Japan and Ontario, and the state's own rate in California, New York, Texas and Washington. Every
 * place of that table counts as registered, every other as not. Stripe's engine knows counties and cities, tax codes of
 * products, thresholds and holidays; this one does not. Empty where no tax is collected or the place is unknown; a rate
 * of zero where the customer is exempt or the charge is reversed.
 * https://docs.stripe.com/tax/calculating
 */
export function automaticRates(
  context: Context,
  address: Partial<Stripe.Address> | null,
  taxExempt: string,
): Stripe.TaxRate[] {
  const location = taxLocation(address);
  const known = location && knownRate(location);
  if (!known) return [];
  return [findOrCreateRate(context, taxExempt === "none" ? known : { ...known, percentage: 0 })];
}

/**
 * How a customer counts for automatic tax: as it says itself, but a business in the EU or in Great Britain that gave
 * its VAT number owes the tax itself. https://docs.stripe.com/tax/zero-tax#reverse-charges
 */
export function automaticExemption(
  context: Context,
  customer: Stripe.Customer,
  address: Partial<Stripe.Address> | null,
): Stripe.Customer.TaxExempt {
  const stated = customer.tax_exempt ?? "none";
  const country = taxLocation(address)?.country;
  if (stated !== "none" || country === undefined) return stated;
  const type = isInEu(country) ? "eu_vat" : country === "GB" ? "gb_vat" : null;
  const hasVatId = listTaxIds(context, customer.id).some((taxId) => taxId.type === type);
  return hasVatId ? "reverse" : "none";
}

/** One object per place and percentage, made when it is first needed. */
function findOrCreateRate(context: Context, known: KnownRate): Stripe.TaxRate {
  const key = `automatic_rate ${known.country} ${known.state} ${known.percentage}`;
  const id = readMeta(context.store, key);
  const existing = id === null ? null : findObject(context.store, "tax_rate", id);
  if (existing) return existing;
  const rate: Stripe.TaxRate = {
    id: newId("txr"),
    object: "tax_rate",
    // Nobody picks one of these by hand.
    active: false,
    country: known.country,
    created: context.now,
    description: [known.displayName, known.country, known.state].filter(Boolean).join(" "),
    display_name: known.displayName,
    effective_percentage: known.percentage,
    flat_amount: null,
    inclusive: false,
    jurisdiction: known.jurisdiction,
    jurisdiction_level: known.level,
    livemode: false,
    metadata: {},
    percentage: known.percentage,
    rate_type: "percentage",
    state: known.state,
    tax_type: known.taxType,
  };
  insertObject(context.store, "tax_rate", rate, {});
  writeMeta(context.store, key, rate.id);
  return rate;
}
