import type Stripe from "stripe";

/** Stripe's decimals have at most twelve places, so a number of trillionths holds every one of them exactly. */
const PLACES = 12;
const ONE = 10n ** BigInt(PLACES);

/** A decimal field as it travels: a string. The SDK turns it into its own `Decimal` when it reads it. */
export function decimal(value: number | string): Stripe.Decimal {
  // The SDK's type describes what the reader gets, not what is sent.
  return String(value) as unknown as Stripe.Decimal;
}

/** A decimal in trillionths, exact. Takes what `decimal` gives, or plain numbers and strings. */
export function toTrillionths(value: Stripe.Decimal | number | string): bigint {
  const text = typeof value === "number" ? plainText(value) : String(value);
  const match = /^(-?)(\d*)(?:\.(\d*))?$/.exec(text);
  if (!match || text === "" || text === "-") throw new Error(`Not a decimal: ${text}`);
  const [, sign, whole = "", places = ""] = match;
  if (places.slice(PLACES).replaceAll("0", "") !== "") throw new Error(`More than ${PLACES} places: ${text}`);
  const size = BigInt(whole || "0") * ONE + BigInt(places.slice(0, PLACES).padEnd(PLACES, "0"));
  return sign === "-" ? -size : size;
}

/** The shortest text of a number of trillionths: 1_500_000_000_000n is "1.5". */
export function fromTrillionths(value: bigint): string {
  const size = value < 0n ? -value : value;
  const places = (size % ONE).toString().padStart(PLACES, "0").replace(/0+$/, "");
  return `${value < 0n ? "-" : ""}${size / ONE}${places === "" ? "" : `.${places}`}`;
}

/** A quotient as a whole number, halves away from zero. The divisor is positive. */
export function divideRounded(dividend: bigint, divisor: bigint): number {
  const size = dividend < 0n ? -dividend : dividend;
  const rounded = (size * 2n + divisor) / (divisor * 2n);
  return Number(dividend < 0n ? -rounded : rounded);
}

/** Two decimals multiplied and rounded once, halves away from zero: an amount in minor units. */
export function multiplyRounded(
  a: Stripe.Decimal | number | string,
  b: Stripe.Decimal | number | string,
): number {
  return divideRounded(toTrillionths(a) * toTrillionths(b), ONE * ONE);
}

/** Numbers below 1e-6 print as "1e-7"; amounts and quantities never do. */
function plainText(value: number): string {
  const text = String(value);
  return text.includes("e") ? value.toFixed(PLACES) : text;
}
