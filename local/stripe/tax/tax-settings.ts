import type Stripe from "stripe";
import type { Context } from "@/local/stripe/context";
import { fullAddress } from "@/local/stripe/customers/create-customer";
import { addressParam } from "@/local/stripe/customers/customer-params";
import { emitEvent } from "@/local/stripe/events/emit-event";
import { previousAttributes } from "@/local/stripe/events/previous-attributes";
import { operation } from "@/local/stripe/http/operation";
import { hash, oneOf, type ParamsOf, required, text } from "@/local/stripe/http/params";
import { readMeta, writeMeta } from "@/local/stripe/store/store";

const KEY = "tax_settings";

const updateParams = {
  defaults: hash({
    tax_behavior: oneOf("exclusive", "inclusive", "inferred_by_currency"),
    tax_code: text(),
  }),
  head_office: hash({ address: required(addressParam) }),
};

/** https://docs.stripe.com/api/tax/settings */
export const taxSettingsOperations = [
  operation({
    method: "GET",
    path: "/v1/tax/settings",
    params: {},
    run: (context) => readTaxSettings(context),
  }),
  operation({
    method: "POST",
    path: "/v1/tax/settings",
    params: updateParams,
    run: (context, params) => updateTaxSettings(context, params),
  }),
];

/** The account's settings; pending until they say where the head office is. */
export function readTaxSettings(context: Context): Stripe.Tax.Settings {
  const saved = readMeta(context.store, KEY);
  return saved === null ? NEW_SETTINGS : JSON.parse(saved);
}

/**
 * How a price counts whose behaviour is unspecified: as the settings say; where they say nothing, tax comes on top.
 * https://docs.stripe.com/tax/products-prices-tax-codes-tax-behavior#setting-a-default-tax-behavior-(recommended)
 */
export function taxBehaviorIn(
  context: Context,
  stated: string | null,
  currency: string,
): "inclusive" | "exclusive" {
  if (stated === "inclusive" || stated === "exclusive") return stated;
  const byDefault = readTaxSettings(context).defaults.tax_behavior;
  if (byDefault !== "inferred_by_currency") return byDefault === "inclusive" ? "inclusive" : "exclusive";
  return currency === "usd" || currency === "cad" ? "exclusive" : "inclusive";
}

const NEW_SETTINGS: Stripe.Tax.Settings = {
  object: "tax.settings",
  defaults: { provider: "stripe", tax_behavior: null, tax_code: null },
  head_office: null,
  livemode: false,
  status: "pending",
  status_details: { pending: { missing_fields: ["head_office"] } },
};

function updateTaxSettings(context: Context, params: ParamsOf<typeof updateParams>): Stripe.Tax.Settings {
  const before = readTaxSettings(context);
  const office = params.head_office
    ? { address: fullAddress(params.head_office.address) }
    : before.head_office;
  const settings: Stripe.Tax.Settings = {
    ...before,
    defaults: { ...before.defaults, ...params.defaults },
    head_office: office,
    status: office ? "active" : "pending",
    status_details: office ? { active: {} } : before.status_details,
  };
  const previous = previousAttributes(before, settings);
  if (previous === null) return settings;
  writeMeta(context.store, KEY, JSON.stringify(settings));
  emitEvent(context, "tax.settings.updated", settings, previous);
  return settings;
}
