import type Stripe from "stripe";
import type { TaxLocation } from "./tax-location";

/** One rate of the table: what is due at a place. */
export type KnownRate = {
  country: string;
  state: string | null;
  displayName: string;
  jurisdiction: string;
  level: Stripe.TaxRate.JurisdictionLevel;
  percentage: number;
  taxType: Stripe.TaxRate.TaxType;
};

/** Standard VAT of the 27 member states, as of 2026. */
const EU_VAT: Record<string, number> = {
  AT: 20,
  BE: 21,
  BG: 20,
  CY: 19,
  CZ: 21,
  DE: 19,
  DK: 25,
  EE: 24,
  ES: 21,
  FI: 25.5,
  FR: 20,
  GR: 24,
  HR: 25,
  HU: 27,
  IE: 23,
  IT: 22,
  LT: 21,
  LU: 17,
  LV: 21,
  MT: 18,
  NL: 21,
  PL: 23,
  PT: 23,
  RO: 21,
  SE: 25,
  SI: 22,
  SK: 23,
};

const COUNTRIES: Record<
  string,
  { displayName: string; percentage: number; taxType: Stripe.TaxRate.TaxType }
> = {
  AU: { displayName: "GST", percentage: 10, taxType: "gst" },
  CH: { displayName: "VAT", percentage: 8.1, taxType: "vat" },
  GB: { displayName: "VAT", percentage: 20, taxType: "vat" },
  JP: { displayName: "JCT", percentage: 10, taxType: "jct" },
  NO: { displayName: "VAT", percentage: 25, taxType: "vat" },
};

const STATES: Record<string, { displayName: string; percentage: number; taxType: Stripe.TaxRate.TaxType }> = {
  "CA-ON": { displayName: "HST", percentage: 13, taxType: "hst" },
  "US-CA": { displayName: "Sales Tax", percentage: 7.25, taxType: "sales_tax" },
  "US-NY": { displayName: "Sales Tax", percentage: 4, taxType: "sales_tax" },
  "US-TX": { displayName: "Sales Tax", percentage: 6.25, taxType: "sales_tax" },
  "US-WA": { displayName: "Sales Tax", percentage: 6.5, taxType: "sales_tax" },
};

/** Whether the country is one of the EU's 27. */
export function isInEu(country: string): boolean {
  return EU_VAT[country] !== undefined;
}

/** What the fixed table knows of a place; null where no tax is collected. */
export function knownRate({ country, state }: TaxLocation): KnownRate | null {
  const vat = EU_VAT[country];
  if (vat !== undefined) {
    const rate = { displayName: "VAT", percentage: vat, taxType: "vat" } as const;
    return { ...rate, country, state: null, jurisdiction: country, level: "country" };
  }
  const ofCountry = COUNTRIES[country];
  if (ofCountry) return { ...ofCountry, country, state: null, jurisdiction: country, level: "country" };
  const ofState = state === null ? undefined : STATES[`${country}-${state}`];
  return ofState ? { ...ofState, country, state, jurisdiction: state ?? country, level: "state" } : null;
}
