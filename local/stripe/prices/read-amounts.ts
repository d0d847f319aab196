import type Stripe from "stripe";
import { maxAmount } from "@/local/stripe/currencies";
import { decimal, fromTrillionths, toTrillionths } from "@/local/stripe/decimal";
import { invalidRequest } from "@/local/stripe/http/stripe-api-error";
import type { AmountParams, TierParams } from "./price-params";

/** What a price costs in one currency, as Stripe shows it. */
export type PriceAmounts = Pick<
  Stripe.Price,
  "custom_unit_amount" | "unit_amount" | "unit_amount_decimal"
> & { tiers: Stripe.Price.Tier[] | null };

type NameOf = (name: string) => string;

/**
 * Reads what a price costs in a currency: exactly one of an amount, a decimal amount, an amount the customer chooses,
 * or tiers. https://docs.stripe.com/api/prices/create
 * @throws StripeApiError naming the parameter.
 */
export function readAmounts(
  given: AmountParams,
  currency: string,
  isTiered: boolean,
  param: NameOf,
): PriceAmounts {
  if (isTiered) return { ...NOTHING, tiers: readTiers(given, currency, param) };
  if (given.tiers !== undefined) {
    const message = "`tiers` can only be set when `billing_scheme=tiered`.";
    throw invalidRequest(message, { param: param("tiers") });
  }
  if (given.custom_unit_amount !== undefined)
    return { ...NOTHING, custom_unit_amount: readCustom(given, param) };
  const unit = readAmount(given, "unit_amount", currency, param);
  if (unit) return { ...NOTHING, unit_amount: unit.whole, unit_amount_decimal: unit.exact };
  const message = "Prices require an `unit_amount` or `unit_amount_decimal` parameter to be set.";
  throw invalidRequest(message, { param: param("unit_amount") });
}

const NOTHING: PriceAmounts = {
  custom_unit_amount: null,
  unit_amount: null,
  unit_amount_decimal: null,
  tiers: null,
};

/** `name` as whole minor units, or `name_decimal` with up to twelve places; null where neither is given. */
function readAmount(
  given: { [K in `${"unit" | "flat"}_amount`]?: number } & {
    [K in `${"unit" | "flat"}_amount_decimal`]?: string;
  },
  name: "unit_amount" | "flat_amount",
  currency: string,
  param: NameOf,
): { whole: number | null; exact: Stripe.Decimal } | null {
  const decimalName = `${name}_decimal` as const;
  const [amount, exact] = [given[name], given[decimalName]];
  if (amount !== undefined && exact !== undefined) {
    const message = `You may only specify one of these parameters: ${name}, ${decimalName}.`;
    throw invalidRequest(message, { param: param(decimalName) });
  }
  if (amount === undefined && exact === undefined) return null;
  const used = param(amount === undefined ? decimalName : name);
  const text = exact ?? String(amount);
  if (!/^\d{1,15}(\.\d{1,12})?$/.test(text)) throw invalidDecimal(text, used);
  const trillionths = toTrillionths(text);
  if (trillionths > toTrillionths(maxAmount(currency))) throw tooLarge(text, currency, used);
  const canonical = fromTrillionths(trillionths);
  return { whole: canonical.includes(".") ? null : Number(canonical), exact: decimal(canonical) };
}

function readCustom(given: AmountParams, param: NameOf): Stripe.Price.CustomUnitAmount | null {
  const custom = given.custom_unit_amount;
  if (!custom?.enabled) {
    throw invalidRequest("`custom_unit_amount[enabled]` must be `true`.", {
      param: param("custom_unit_amount[enabled]"),
    });
  }
  if (given.unit_amount !== undefined || given.unit_amount_decimal !== undefined) {
    const message = "You may only specify one of these parameters: unit_amount, custom_unit_amount.";
    throw invalidRequest(message, { param: param("custom_unit_amount") });
  }
  const { maximum = null, minimum = null, preset = null } = custom;
  const isOutside =
    (minimum !== null && maximum !== null && minimum > maximum) ||
    (preset !== null && ((minimum !== null && preset < minimum) || (maximum !== null && preset > maximum)));
  if (isOutside) {
    throw invalidRequest("The preset must lie between the minimum and the maximum.", {
      param: param("custom_unit_amount"),
    });
  }
  return { maximum, minimum, preset };
}

/**
 * Tiers rise, the last one and no other is open (`inf`), and each has a price per unit, a flat one, or both.
 * https://docs.stripe.com/subscriptions/pricing-models/tiered-pricing
 */
function readTiers(given: AmountParams, currency: string, param: NameOf): Stripe.Price.Tier[] {
  const tiers = given.tiers ?? [];
  if (given.unit_amount !== undefined || given.unit_amount_decimal !== undefined) {
    const message =
      "`unit_amount` cannot be set when `billing_scheme=tiered`; set the amounts of the `tiers`.";
    throw invalidRequest(message, { param: param("unit_amount") });
  }
  if (tiers.length === 0) {
    throw invalidRequest("`tiers` must have at least one tier when `billing_scheme=tiered`.", {
      param: param("tiers"),
    });
  }
  tiers.forEach((tier, index) => {
    checkOrder(tiers, index, param);
    if ((tier.up_to === null) !== (index === tiers.length - 1)) {
      throw invalidRequest("The last tier, and no other, must have `up_to` set to `inf`.", {
        param: param(`tiers[${index}][up_to]`),
      });
    }
  });
  return tiers.map((tier, index) => readTier(tier, currency, (name) => param(`tiers[${index}][${name}]`)));
}

function checkOrder(tiers: TierParams[], index: number, param: NameOf): void {
  const before = tiers[index - 1]?.up_to;
  const upTo = tiers[index]?.up_to;
  if (typeof before !== "number" || typeof upTo !== "number" || upTo > before) return;
  throw invalidRequest("Every tier must end above the one before it: `up_to` has to rise.", {
    param: param(`tiers[${index}][up_to]`),
  });
}

function readTier(tier: TierParams, currency: string, param: NameOf): Stripe.Price.Tier {
  const unit = readAmount(tier, "unit_amount", currency, param);
  const flat = readAmount(tier, "flat_amount", currency, param);
  if (!unit && !flat) {
    throw invalidRequest("A tier needs a `unit_amount`, a `flat_amount`, or both.", {
      param: param("unit_amount"),
    });
  }
  return {
    flat_amount: flat?.whole ?? null,
    flat_amount_decimal: flat?.exact ?? null,
    unit_amount: unit?.whole ?? null,
    unit_amount_decimal: unit?.exact ?? null,
    up_to: tier.up_to,
  };
}

function invalidDecimal(value: string, param: string): Error {
  const message = `Invalid decimal: ${value}; must be zero or more, with at most 12 decimal places`;
  return invalidRequest(message, { code: "parameter_invalid_string", param });
}

function tooLarge(value: string, currency: string, param: string): Error {
  const message = `This value must be less than or equal to ${maxAmount(currency)} (it currently is '${value}').`;
  return invalidRequest(message, { code: "parameter_invalid_integer", param });
}
