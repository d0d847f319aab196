import type Stripe from "stripe";
import { invalidRequest, notSimulated } from "@/local/stripe/http/stripe-api-error";

/**
 * The kinds of tax ids that are served, and what their values look like, spaces, dots and dashes aside.
 * https://docs.stripe.com/billing/customer/tax-ids#supported-tax-id
 */
const FORMATS: Record<string, RegExp> = {
  au_abn: /^\d{11}$/,
  au_arn: /^\d{12}$/,
  br_cnpj: /^\d{14}$/,
  br_cpf: /^\d{11}$/,
  ca_bn: /^\d{9}$/,
  ca_gst_hst: /^\d{9}RT\d{4}$/,
  ca_qst: /^\d{10}TQ\d{4}$/,
  ch_uid: /^CHE\d{9}(MWST|TVA|IVA|HR)?$/,
  ch_vat: /^CHE\d{9}(MWST|TVA|IVA)$/,
  gb_vat: /^(GB)?(\d{9}|\d{12}|GD\d{3}|HA\d{3})$/,
  in_gst: /^\d{2}[A-Z]{5}\d{4}[A-Z][A-Z\d]Z[A-Z\d]$/,
  is_vat: /^\d{5,6}$/,
  jp_cn: /^\d{13}$/,
  jp_rn: /^\d{5}$/,
  jp_trn: /^T\d{13}$/,
  kr_brn: /^\d{10}$/,
  mx_rfc: /^[A-ZÑ&]{3,4}\d{6}[A-Z\d]{3}$/,
  no_vat: /^\d{9}MVA$/,
  nz_gst: /^\d{8,9}$/,
  sg_gst: /^[MG][A-Z\d]{8,9}$/,
  sg_uen: /^[A-Z\d]{9,10}$/,
  us_ein: /^\d{9}$/,
  za_vat: /^4\d{9}$/,
};

/** VAT numbers by the prefix of the country; Greece's is EL, and EU-wide ones have none of a country. */
const EU_VAT: Record<string, RegExp> = {
  AT: /^U\d{8}$/,
  BE: /^[01]?\d{9}$/,
  BG: /^\d{9,10}$/,
  CY: /^\d{8}[A-Z]$/,
  CZ: /^\d{8,10}$/,
  DE: /^\d{9}$/,
  DK: /^\d{8}$/,
  EE: /^\d{9}$/,
  EL: /^\d{9}$/,
  ES: /^[A-Z\d]\d{7}[A-Z\d]$/,
  FI: /^\d{8}$/,
  FR: /^[A-Z\d]{2}\d{9}$/,
  HR: /^\d{11}$/,
  HU: /^\d{8}$/,
  IE: /^\d[A-Z\d+*]\d{5}[A-Z]{1,2}$/,
  IT: /^\d{11}$/,
  LT: /^(\d{9}|\d{12})$/,
  LU: /^\d{8}$/,
  LV: /^\d{11}$/,
  MT: /^\d{8}$/,
  NL: /^\d{9}B\d{2}$/,
  PL: /^\d{10}$/,
  PT: /^\d{9}$/,
  RO: /^\d{2,10}$/,
  SE: /^\d{12}$/,
  SI: /^\d{8}$/,
  SK: /^\d{10}$/,
  XI: /^(\d{9}|\d{12}|GD\d{3}|HA\d{3})$/,
};

/** Numbers that decide in test mode how the verification ends; they pass as any of the verified kinds. */
const MAGIC = /^([A-Z]{2})?(000000000|111111111|222222222)$/;

/** Kinds Stripe asks a government's register about. */
export function isVerified(type: string): boolean {
  return type === "au_abn" || type === "eu_vat" || type === "gb_vat";
}

/** @throws StripeApiError `tax_id_invalid` when the value cannot be an id of that kind. */
export function checkTaxId(type: string, value: string, param: string): void {
  if (type !== "eu_vat" && FORMATS[type] === undefined)
    throw notSimulated(`the tax id type '${type}'`, param);
  const plain = plainValue(value);
  if (isVerified(type) && MAGIC.test(plain)) return;
  const format = type === "eu_vat" ? EU_VAT[plain.slice(0, 2)] : FORMATS[type];
  const rest = type === "eu_vat" ? plain.slice(2) : plain;
  if (format?.test(rest)) return;
  throw invalidRequest(`Invalid value for ${type}.`, { code: "tax_id_invalid", param: "value" });
}

/** The country a tax id is of. */
export function countryOf(type: string, value: string): Stripe.TaxId["country"] {
  if (type !== "eu_vat") return type.slice(0, 2).toUpperCase();
  const prefix = plainValue(value).slice(0, 2);
  if (prefix === "EL") return "GR";
  return EU_VAT[prefix] ? prefix : null;
}

function plainValue(value: string): string {
  return value.toUpperCase().replace(/[\s.-]/g, "");
}
