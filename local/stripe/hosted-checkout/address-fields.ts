import type Stripe from "stripe";
import { type Html, html } from "@/local/stripe/html";
import { renderField, renderSelect } from "./card-fields";
import type { FieldErrors } from "./read-card-form";

const COUNTRIES =
  "AT AU BE BG BR CA CH CY CZ DE DK EE ES FI FR GB GR HR HU IE IN IS IT JP KR LT LU LV MT MX NL NO NZ PL PT RO SE SG SI SK US ZA";

const TAX_ID_TYPES: [string, string][] = [
  ["", "None"],
  ["eu_vat", "EU VAT number"],
  ["gb_vat", "GB VAT number"],
  ["us_ein", "US EIN"],
  ["ch_vat", "Swiss VAT number"],
  ["no_vat", "Norwegian VAT number"],
  ["ca_bn", "Canadian business number"],
  ["au_abn", "Australian business number"],
  ["in_gst", "Indian GST number"],
  ["nz_gst", "New Zealand GST number"],
  ["sg_gst", "Singaporean GST number"],
];

/** The fields of a billing address, filled with what was typed before or is known. */
export function renderAddressFields(
  kept: Record<string, string>,
  known: Stripe.Address | null,
  errors: FieldErrors,
): Html {
  const value = (name: keyof Stripe.Address) => kept[name] ?? known?.[name] ?? "";
  const text = (name: keyof Stripe.Address, label: string, autocomplete: string, isOptional: boolean) =>
    renderField(name, label, errors, { autocomplete, value: value(name), isOptional });
  return html`<fieldset><legend>Billing address</legend>
${renderSelect("country", "Country", errors, { choices: countries(), value: value("country") })}
${text("line1", "Address", "address-line1", false)}
${text("line2", "Flat, floor", "address-line2", true)}
<div class="pair"><div>${text("postal_code", "Postal code", "postal-code", true)}</div>
<div>${text("city", "City", "address-level2", true)}</div></div>
${text("state", "State or province", "address-level1", true)}</fieldset>`;
}

/** A tax id with the name of the business it is of. */
export function renderTaxIdFields(kept: Record<string, string>, errors: FieldErrors): Html {
  return html`<fieldset><legend>Buying as a business</legend>
${renderSelect("tax_id_type", "Kind of tax ID", errors, { choices: TAX_ID_TYPES, value: kept.tax_id_type ?? "", isOptional: true })}
${renderField("tax_id_value", "Tax ID", errors, { autocomplete: "off", value: kept.tax_id_value ?? "", isOptional: true })}
${renderField("business_name", "Business name", errors, { autocomplete: "organization", value: kept.business_name ?? "", isOptional: true })}</fieldset>`;
}

let choices: [string, string][] | null = null;

/** Naming countries takes a moment, so it is done once. */
function countries(): [string, string][] {
  if (choices) return choices;
  const names = new Intl.DisplayNames("en", { type: "region" });
  const known = COUNTRIES.split(" ").map((code): [string, string] => [code, names.of(code) ?? code]);
  known.sort(([, a], [, b]) => (a < b ? -1 : 1));
  choices = [["", "Choose…"], ...known];
  return choices;
}
