import type Stripe from "stripe";

export type TaxLocation = { country: string; state: string | null };

/** Which state a US postal code belongs to, for the states that rates are known of. */
const US_STATES: readonly { state: string; from: number; to: number }[] = [
  { state: "NY", from: 10_001, to: 14_975 },
  { state: "TX", from: 75_001, to: 79_999 },
  { state: "TX", from: 88_510, to: 88_595 },
  { state: "CA", from: 90_001, to: 96_162 },
  { state: "WA", from: 98_001, to: 99_403 },
];

/**
 * Where an address is for tax, or null when it does not say enough: a country everywhere, and in the United States and
 * Canada also the state or a postal code. https://docs.stripe.com/tax/customer-locations
 */
export function taxLocation(address: Partial<Stripe.Address> | null | undefined): TaxLocation | null {
  const country = address?.country?.toUpperCase() ?? "";
  if (!/^[A-Z]{2}$/.test(country)) return null;
  const state = address?.state?.toUpperCase() || null;
  if (country !== "US" && country !== "CA") return { country, state };
  const postalCode = address?.postal_code ?? "";
  const found = state ?? (country === "US" ? stateOfZip(postalCode) : provinceOf(postalCode));
  return found === null && postalCode === "" ? null : { country, state: found };
}

function stateOfZip(postalCode: string): string | null {
  const zip = /^\d{5}/.test(postalCode) ? Number(postalCode.slice(0, 5)) : 0;
  return US_STATES.find(({ from, to }) => zip >= from && zip <= to)?.state ?? null;
}

/** Ontario has K, L, M, N and P to itself. */
function provinceOf(postalCode: string): string | null {
  return /^[KLMNP]\d[A-Z]/i.test(postalCode) ? "ON" : null;
}
