import type { NewCard } from "@/local/stripe/payment-methods/build-card";
import { brandOf, isExpired, isPossibleCardNumber } from "@/local/stripe/payment-methods/check-card-number";
import { findTestCard } from "@/local/stripe/payment-methods/test-cards";

type FieldName = "name" | "number" | "expiry" | "cvc";

/** What is wrong with each field, by its name, in Stripe's words. */
export type FieldErrors = Record<string, string>;

/** The card of a posted form; null with what is wrong added to the errors. */
export function readCardForm(posted: URLSearchParams, errors: FieldErrors, now: number): NewCard | null {
  const field = (name: FieldName) => (posted.get(name) ?? "").trim();
  const number = field("number").replaceAll(/[\s-]/g, "");
  const numberError = checkNumber(number);
  if (numberError) errors.number = numberError;
  const expiry = readExpiry(field("expiry"));
  const expiryError = checkExpiry(field("expiry"), expiry, now, number);
  if (expiryError) errors.expiry = expiryError;
  const cvc = field("cvc");
  const cvcLength = brandOf(number) === "amex" ? 4 : 3;
  if (!/^\d{3,4}$/.test(cvc) || cvc.length !== cvcLength)
    errors.cvc = "Your card's security code is incomplete.";
  if (field("name") === "") errors.name = "Enter the name on your card.";
  return expiry && { number, exp_month: expiry.month, exp_year: expiry.year, cvc };
}

function checkNumber(number: string): string | null {
  if (!/^\d{12,19}$/.test(number)) return "Your card number is incomplete.";
  return isPossibleCardNumber(number) ? null : "Your card number is invalid.";
}

function readExpiry(value: string): { month: number; year: number } | null {
  const match = /^(\d{1,2})\s*[/-]?\s*(\d{2}|\d{4})$/.exec(value);
  if (!match) return null;
  const year = Number(match[2]);
  return { month: Number(match[1]), year: year < 100 ? 2000 + year : year };
}

function checkExpiry(
  value: string,
  expiry: { month: number; year: number } | null,
  now: number,
  number: string,
): string | null {
  if (!expiry || value === "") return "Your card's expiration date is incomplete.";
  if (expiry.month < 1 || expiry.month > 12) return "Your card's expiration date is invalid.";
  if (!isExpired(expiry.month, expiry.year, now)) return null;
  // The card that is declined as expired is declined by the bank, whatever the date says.
  if (findTestCard(number)?.behavior.onCharge?.code === "expired_card") return "Your card has expired.";
  return "Your card's expiration year is in the past.";
}
