import type Stripe from "stripe";
import { findTestBankAccountByAlias } from "@/local/stripe/bank-debits/test-bank-accounts";
import type { SubmittedDetails } from "@/local/stripe/checkout-sessions/session-plan";
import type { Tender } from "@/local/stripe/checkout-sessions/submit-session";
import { StripeApiError } from "@/local/stripe/http/stripe-api-error";
import { checkTaxId } from "@/local/stripe/tax/tax-id-formats";
import { type FieldErrors, readCardForm } from "./read-card-form";

/** What may be shown again after a failed attempt, by field: never card data. */
export type KeptFields = Record<string, string>;

export type ReadForm =
  | { ok: true; details: SubmittedDetails; tender: Tender; kept: KeptFields }
  | { ok: false; errors: FieldErrors; kept: KeptFields };

const CARD_FIELDS = ["number", "expiry", "cvc"];

/** What was typed, but for the card. */
export function keptOf(posted: URLSearchParams): KeptFields {
  return Object.fromEntries([...posted].filter(([name]) => !CARD_FIELDS.includes(name)));
}

/** Reads what was posted to the payment page. */
export function readCheckoutForm(
  session: Stripe.Checkout.Session,
  posted: URLSearchParams,
  options: { needsCard: boolean; needsAddress: boolean; now: number },
): ReadForm {
  const kept = keptOf(posted);
  const field = (name: string) => (kept[name] ?? "").trim();
  const errors: FieldErrors = {};
  // An address the session already knows cannot be changed on the page.
  const email = session.customer_details?.email ?? field("email");
  if (!/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(email)) errors.email = "Enter your email address.";
  const address = readAddress(posted);
  if (options.needsAddress) checkAddress(address, errors);
  if (session.phone_number_collection?.enabled && !/^\+?[\d\s().-]{5,20}$/.test(field("phone"))) {
    errors.phone = "Enter a valid phone number.";
  }
  const taxId = readTaxId(session, field, errors);
  const customFields = readCustomFields(session, field, errors);
  const acceptsTerms = posted.get("terms") === "accepted";
  if (session.consent_collection?.terms_of_service === "required" && !acceptsTerms) {
    errors.terms = "You must accept the terms of service to continue.";
  }
  const tender = readTender(posted, errors, {
    ...options,
    offersBankDebit: session.payment_method_types.includes("us_bank_account"),
  });
  if (Object.keys(errors).length > 0) return { ok: false, errors, kept };
  const details: SubmittedDetails = {
    email,
    name: field("name"),
    phone: field("phone") || null,
    address,
    taxId,
    businessName: taxId ? field("business_name") || null : null,
    customFields,
    acceptsTerms,
    savesCard: posted.get("save_card") === "yes",
  };
  return { ok: true, details, tender, kept };
}

/** The billing address that was posted; null where its country was not. */
export function readAddress(posted: URLSearchParams): Stripe.Address | null {
  const part = (name: string) => (posted.get(name) ?? "").trim() || null;
  const country = part("country");
  if (country === null) return null;
  return {
    city: part("city"),
    country: country.toUpperCase(),
    line1: part("line1"),
    line2: part("line2"),
    postal_code: part("postal_code"),
    state: part("state"),
  };
}

function checkAddress(address: Stripe.Address | null, errors: FieldErrors): void {
  if (!address) errors.country = "Choose your country.";
  if (!address?.line1) errors.line1 = "Enter your address.";
  if (address?.country === "US" && !/^\d{5}(-\d{4})?$/.test(address.postal_code ?? "")) {
    errors.postal_code = "Your ZIP code is incomplete.";
  }
}

function readTender(
  posted: URLSearchParams,
  errors: FieldErrors,
  { needsCard, now, offersBankDebit }: { needsCard: boolean; now: number; offersBankDebit: boolean },
): Tender {
  if (!needsCard) return null;
  const saved = posted.get("saved");
  if (saved) return { saved };
  const alias = posted.get("bank_debit") === "yes" && offersBankDebit ? posted.get("bank_account") : null;
  const bankAccount = alias ? findTestBankAccountByAlias(alias) : null;
  if (bankAccount) return { bankAccount };
  const card = readCardForm(posted, errors, now);
  return card && { card };
}

function readTaxId(
  session: Stripe.Checkout.Session,
  field: (name: string) => string,
  errors: FieldErrors,
): SubmittedDetails["taxId"] {
  const collection = session.tax_id_collection;
  if (!collection?.enabled) return null;
  const value = field("tax_id_value");
  if (value === "") {
    if (collection.required === "if_supported" && field("tax_id_type") !== "")
      errors.tax_id_value = "Enter your tax ID.";
    return null;
  }
  const type = field("tax_id_type");
  if (type === "") errors.tax_id_type = "Choose the kind of your tax ID.";
  else {
    try {
      checkTaxId(type, value, "tax_id_type");
    } catch (error) {
      if (!(error instanceof StripeApiError)) throw error;
      errors.tax_id_value = "Your tax ID is invalid.";
    }
  }
  if (field("business_name") === "") errors.business_name = "Enter the name of your business.";
  return { type, value };
}

/** https://docs.stripe.com/payments/checkout/custom-fields */
function readCustomFields(
  session: Stripe.Checkout.Session,
  field: (name: string) => string,
  errors: FieldErrors,
): Record<string, string> {
  const values: Record<string, string> = {};
  for (const { key, label, optional, dropdown, numeric, text } of session.custom_fields) {
    const value = field(`custom_${key}`);
    values[key] = value;
    if (value === "") {
      if (!optional) errors[`custom_${key}`] = `Enter: ${label.custom ?? key}.`;
      continue;
    }
    const { minimum_length: minimum = null, maximum_length: maximum = null } = numeric ?? text ?? {};
    if (dropdown && !dropdown.options.some((option) => option.value === value)) {
      errors[`custom_${key}`] = "Choose one of the options.";
    } else if (numeric && !/^\d+$/.test(value)) {
      errors[`custom_${key}`] = "Only digits can stand here.";
    } else if (value.length < (minimum ?? 0)) {
      errors[`custom_${key}`] = `At least ${minimum} characters are needed.`;
    } else if (value.length > (maximum ?? 255)) {
      errors[`custom_${key}`] = `At most ${maximum ?? 255} characters fit.`;
    }
  }
  return values;
}
