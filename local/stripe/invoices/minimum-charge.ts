/**
 * The least that can be charged, in minor units of the currency.
 * https://docs.stripe.com/currencies#minimum-charge-amount-by-currency
 */
const MINIMUM_CHARGES: Record<string, number> = {
  aed: 200,
  ars: 50,
  aud: 50,
  brl: 50,
  cad: 50,
  chf: 50,
  cop: 50,
  czk: 1500,
  dkk: 250,
  eur: 50,
  gbp: 30,
  hkd: 400,
  huf: 17_500,
  idr: 50,
  ils: 50,
  inr: 50,
  jpy: 50,
  krw: 50,
  mxn: 1000,
  myr: 200,
  nok: 300,
  nzd: 50,
  php: 50,
  pln: 200,
  ron: 200,
  rub: 50,
  sek: 300,
  sgd: 50,
  thb: 1000,
  usd: 50,
  zar: 50,
};

/** A currency that is not listed has none of its own. */
export function minimumCharge(currency: string): number {
  return MINIMUM_CHARGES[currency] ?? 0;
}
