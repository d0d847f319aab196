import type Stripe from "stripe";
import type { CheckoutForm } from "@/local/stripe/checkout-sessions/complete-session";
import { brandOf, isExpired, isPossibleCardNumber } from "@/local/stripe/payment-methods/check-card-number";
import { findTestCard } from "@/local/stripe/payment-methods/test-cards";

export type FieldName = "email" | "name" | "number" | "expiry" | "cvc";

/** What is wrong with each field, in Stripe's words. */
export type FieldErrors = Partial<Record<FieldName, string>>;

/** What may be shown again after a failed attempt: never card data. */
export type KeptFields = { email: string; name: string };

export type ReadForm =
  | { ok: true; form: CheckoutForm; kept: KeptFields }
  | { ok: false; errors: FieldErrors; kept: KeptFields };

/** Reads what was posted to the payment page. */
export function readCheckoutForm(
  session: Stripe.Checkout.Session,
  body: string,
  options: { needsCard: boolean; now: number },
): ReadForm {
  const posted = new URLSearchParams(body);
  const field = (name: FieldName) => (posted.get(name) ?? "").trim();
  // An address the session already knows cannot be changed on the page.
  const kept = { email: session.customer_details?.email ?? field("email"), name: field("name") };
  const errors: FieldErrors = {};
  if (!/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(kept.email)) errors.email = "Enter your email address.";
  if (!options.needsCard) return finish(errors, kept, null);

  const number = field("number").replaceAll(/[\s-]/g, "");
  const numberError = checkNumber(number);
  if (numberError) errors.number = numberError;
  const expiry = readExpiry(field("expiry"));
  const expiryError = checkExpiry(field("expiry"), expiry, options.now, number);
  if (expiryError) errors.expiry = expiryError;
  const cvc = field("cvc");
  const cvcLength = brandOf(number) === "amex" ? 4 : 3;
  if (!/^\d{3,4}$/.test(cvc) || cvc.length !== cvcLength)
    errors.cvc = "Your card's security code is incomplete.";
  if (kept.name === "") errors.name = "Enter the name on your card.";
  return finish(errors, kept, expiry && { number, exp_month: expiry.month, exp_year: expiry.year, cvc });
}

function finish(errors: FieldErrors, kept: KeptFields, card: CheckoutForm["card"]): ReadForm {
  if (Object.keys(errors).length > 0) return { ok: false, errors, kept };
  return { ok: true, form: { ...kept, card }, kept };
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
