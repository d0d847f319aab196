/** What can be wrong with what was typed, by Stripe's codes. https://docs.stripe.com/error-codes */

const BRANDS = [
  ["visa", /^4/, [16], 3],
  ["mastercard", /^(5[1-5]|2[2-7])/, [16], 3],
  ["amex", /^3[47]/, [15], 4],
  ["diners", /^(30|36|38)/, [14, 16], 3],
  ["jcb", /^35/, [16], 3],
  ["discover", /^(6011|65)/, [16], 3],
  ["unionpay", /^62/, [16, 17, 18, 19], 3],
];
const UNKNOWN = ["unknown", /^/, [16], 3];

/** The brand a number's first digits tell. */
export function brandOf(number) {
  return entryOf(number)[0];
}

/** How many digits a number of its brand has at most. */
export function maxDigits(number) {
  return Math.max(...entryOf(number)[2]);
}

/** How many digits the security code has. */
export function cvcLength(number) {
  return entryOf(number)[3];
}

/** A number in the groups it is printed in. */
export function formatNumber(digits) {
  const groups =
    ["amex", "diners"].includes(brandOf(digits)) && maxDigits(digits) !== 16 ? [4, 6, 5] : [4, 4, 4, 4, 3];
  let rest = digits;
  const parts = groups.map((size) => {
    const part = rest.slice(0, size);
    rest = rest.slice(size);
    return part;
  });
  return parts.filter((part) => part !== "").join(" ");
}

/** @returns the code of what is wrong with the number, or null. */
export function numberFault(digits) {
  const lengths = entryOf(digits)[2];
  if (digits.length < Math.min(...lengths)) return "incomplete_number";
  if (isLuhn(digits)) return lengths.includes(digits.length) ? null : "incomplete_number";
  return digits.length < Math.max(...lengths) ? "incomplete_number" : "invalid_number";
}

/** The digits of a date as they are typed: a month that needs no second digit gets its zero. */
export function expiryDigits(typed) {
  const digits = typed.replaceAll(/\D/g, "").slice(0, 6);
  const first = digits.slice(0, 1);
  if (first > "1") return `0${digits}`.slice(0, 4);
  if (digits.length >= 2 && Number(digits.slice(0, 2)) > 12) return `0${digits}`.slice(0, 4);
  // Four digits of a year, as a browser fills them in.
  return digits.length === 6 ? `${digits.slice(0, 2)}${digits.slice(4)}` : digits.slice(0, 4);
}

/** `MM / YY`, the stroke once the month is there. */
export function formatExpiry(digits, isDeleting = false) {
  if (digits.length < 2 || (digits.length === 2 && isDeleting)) return digits;
  return `${digits.slice(0, 2)} / ${digits.slice(2)}`;
}

/** @param now unix seconds of business time. */
export function expiryFault(digits, now) {
  if (digits.length < 4) return "incomplete_expiry";
  const month = Number(digits.slice(0, 2));
  const year = 2000 + Number(digits.slice(2));
  const today = new Date(now * 1000);
  if (month < 1 || month > 12) return "invalid_expiry_month";
  if (year < today.getUTCFullYear()) return "invalid_expiry_year_past";
  if (year > today.getUTCFullYear() + 50) return "invalid_expiry_year";
  const isPast = year === today.getUTCFullYear() && month < today.getUTCMonth() + 1;
  return isPast ? "invalid_expiry_month_past" : null;
}

export function cvcFault(digits, number) {
  return digits.length === cvcLength(number) ? null : "incomplete_cvc";
}

/** Which countries' cards are checked by their postal code. */
export function wantsPostalCode(country) {
  return ["US", "GB", "CA"].includes(country);
}

export function postalFault(text, country) {
  const value = text.trim();
  if (country === "US") return /^\d{5}(-?\d{4})?$/.test(value) ? null : "incomplete_zip";
  return value.length >= 3 ? null : "incomplete_zip";
}

function entryOf(number) {
  return BRANDS.find(([, pattern]) => pattern.test(number)) ?? UNKNOWN;
}

/** The check digit is right. */
function isLuhn(digits) {
  let sum = 0;
  [...digits].reverse().forEach((digit, index) => {
    const value = Number(digit) * (index % 2 === 1 ? 2 : 1);
    sum += value > 9 ? value - 9 : value;
  });
  return sum % 10 === 0;
}
