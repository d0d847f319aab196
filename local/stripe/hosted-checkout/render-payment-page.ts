import type Stripe from "stripe";
import { pagePathOf } from "@/local/stripe/checkout-sessions/page-path";
import { type Html, html } from "@/local/stripe/html";
import { renderPage } from "@/local/stripe/page-layout";
import { renderAddressFields, renderTaxIdFields } from "./address-fields";
import { renderBankDebit } from "./bank-debit-fields";
import { renderCardFields, renderField, renderSelect, renderTestCards } from "./card-fields";
import type { Purchase } from "./describe-purchase";
import type { FieldErrors } from "./read-card-form";
import type { KeptFields } from "./read-checkout-form";

export type PaymentPage = {
  session: Stripe.Checkout.Session;
  purchase: Purchase;
  businessName: string;
  needsCard: boolean;
  needsAddress: boolean;
  knownAddress: Stripe.Address | null;
  /** Cards of the customer that can be charged with one press. */
  savedCards: { id: string; label: string }[];
  /** The promotion code that was taken, as it is typed. */
  promotionCode: string | null;
  kept: KeptFields;
  errors: FieldErrors;
  /** Why the card was declined, in Stripe's words, or what else stopped the payment. */
  decline: string | null;
  /** The bank's page that still waits for an answer. */
  challenge: string | null;
};

/** The page of an open session. Works without JavaScript. */
export function renderPaymentPage(page: PaymentPage): string {
  const { session, purchase, businessName } = page;
  return renderPage(
    `${purchase.heading} · ${businessName}`,
    html`${session.cancel_url !== null && html`<p><a href="${session.cancel_url.replaceAll("{CHECKOUT_SESSION_ID}", session.id)}">Back to ${businessName}</a></p>`}
<h1>${purchase.heading}</h1>
<p class="big">${purchase.terms}</p>
${purchase.lines.length > 0 && renderSums(purchase)}
${page.decline !== null && html`<p class="alert" role="alert">${page.decline}</p>`}
${page.challenge !== null && html`<p class="card">A payment waits for your bank. <a href="${page.challenge}">Go on to your bank's page</a>, or pay in another way below.</p>`}
<form method="post" action="${pagePathOf(session)}" class="card" novalidate>
<button type="submit" name="action" value="pay" hidden></button>
${renderQuantities(purchase)}
${(session.allow_promotion_codes ?? false) && renderPromotion(page)}
${renderEmail(page)}
${session.phone_number_collection?.enabled === true && renderField("phone", "Phone number", page.errors, { type: "tel", autocomplete: "tel", value: page.kept.phone ?? "" })}
${session.custom_fields.map((field) => renderCustomField(field, page))}
${page.needsAddress && renderAddressFields(page.kept, page.knownAddress, page.errors)}
${session.tax_id_collection?.enabled === true && renderTaxIdFields(page.kept, page.errors)}
${page.needsCard && page.savedCards.map(({ id, label }) => html`<button name="saved" value="${id}" class="quiet">Pay with ${label}</button>`)}
${page.needsCard && session.payment_method_types.includes("us_bank_account") && renderBankDebit(page.kept.bank_account)}
${page.needsCard && renderCardFields(page.errors, page.kept.name ?? "")}
${page.needsCard && session.saved_payment_method_options?.payment_method_save === "enabled" && html`<label class="check"><input type="checkbox" name="save_card" value="yes">Save this card for my next purchase</label>`}
${renderTerms(page)}
${session.custom_text.submit && html`<p class="soft">${session.custom_text.submit.message}</p>`}
<input type="hidden" name="shown_total" value="${purchase.dueToday}">
<button type="submit">${purchase.button}</button>
${purchase.consent !== null && html`<p class="soft">${purchase.consent}</p>`}
${session.custom_text.after_submit && html`<p class="soft">${session.custom_text.after_submit.message}</p>`}
</form>
${page.needsCard && renderTestCards()}`,
  );
}

function renderSums(purchase: Purchase): Html {
  return html`<dl class="card sums">
${purchase.lines.map(({ name, quantity, price }) => html`<dt>${name}${(quantity ?? 1) > 1 && html` × ${quantity}`}</dt><dd>${price}</dd>`)}
${purchase.sums.map(([label, amount]) => html`<dt class="soft">${label}</dt><dd class="soft">${amount}</dd>`)}
<dt class="due">Due today</dt><dd class="due">${purchase.dueToday}</dd>
</dl>`;
}

function renderQuantities(purchase: Purchase): Html | null {
  const lines = purchase.lines.filter(({ adjustable }) => adjustable);
  if (lines.length === 0) return null;
  return html`<fieldset><legend>Quantities</legend>
${lines.map(
  ({ id, name, quantity, adjustable }) => html`<label for="quantity_${id}">${name}</label>
<input id="quantity_${id}" name="quantity_${id}" type="number" inputmode="numeric" min="${adjustable?.minimum ?? 0}" max="${adjustable?.maximum ?? 99}" value="${quantity ?? 1}">`,
)}
<button name="action" value="update" class="quiet" formnovalidate>Update total</button></fieldset>`;
}

function renderPromotion({ promotionCode, kept, errors }: PaymentPage): Html {
  if (promotionCode !== null) {
    return html`<div class="row"><p>Promotion code <code>${promotionCode}</code></p>
<button name="action" value="remove_code" class="quiet">Remove</button></div>`;
  }
  return html`<div class="row"><div>${renderField("promotion_code", "Promotion code", errors, { autocomplete: "off", value: kept.promotion_code ?? "", isOptional: true })}</div>
<button name="action" value="apply_code" class="quiet">Apply</button></div>`;
}

function renderEmail({ session, kept, errors }: PaymentPage): Html {
  const known = session.customer_details?.email ?? null;
  return renderField("email", "Email", errors, {
    type: "email",
    autocomplete: "email",
    value: known ?? kept.email ?? "",
    isReadOnly: known !== null,
  });
}

function renderCustomField(field: Stripe.Checkout.Session.CustomField, { kept, errors }: PaymentPage): Html {
  const name = `custom_${field.key}`;
  const label = field.label.custom ?? field.key;
  const settings = field.dropdown ?? field.numeric ?? field.text;
  const value = kept[name] ?? settings?.default_value ?? "";
  if (field.dropdown) {
    const options = field.dropdown.options.map((option): [string, string] => [option.value, option.label]);
    const choices: [string, string][] = [["", "Choose…"], ...options];
    return renderSelect(name, label, errors, { choices, value, isOptional: field.optional });
  }
  return renderField(name, label, errors, {
    autocomplete: "off",
    value,
    isOptional: field.optional,
    ...(field.numeric ? { inputmode: "numeric" } : {}),
  });
}

function renderTerms({ session, errors, kept }: PaymentPage): Html | null {
  if (session.consent_collection?.terms_of_service !== "required") return null;
  const text = session.custom_text.terms_of_service_acceptance?.message ?? "I agree to the terms of service.";
  return html`<label class="check"><input type="checkbox" id="terms" name="terms" value="accepted" ${kept.terms === "accepted" && html`checked`}
 ${errors.terms !== undefined && html`aria-invalid="true" aria-describedby="terms-error"`}>${text}</label>
${errors.terms !== undefined && html`<p class="error" id="terms-error">${errors.terms}</p>`}`;
}
