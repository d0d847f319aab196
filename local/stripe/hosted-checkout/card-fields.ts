import { type Html, html } from "@/local/stripe/html";
import type { FieldErrors } from "./read-card-form";

const TEST_CARDS = [
  ["4242 4242 4242 4242", "Payment succeeds"],
  ["4000 0000 0000 0002", "Card is declined"],
  ["4000 0000 0000 9995", "Insufficient funds"],
  ["4000 0000 0000 0069", "Card has expired"],
  ["4000 0000 0000 0127", "Wrong security code"],
  ["4000 0000 0000 3220", "Asks for 3D Secure"],
  ["4000 0000 0000 0341", "Saves, but later charges fail"],
] as const;

/** The fields of a card, as every page shows them that asks for one. What was typed is never shown again. */
export function renderCardFields(errors: FieldErrors, name: string): Html {
  return html`<fieldset><legend>Card</legend>
${renderField("number", "Card number", errors, { autocomplete: "off", inputmode: "numeric", placeholder: "4242 4242 4242 4242" })}
<div class="pair">
<div>${renderField("expiry", "Expiry (MM / YY)", errors, { autocomplete: "off", inputmode: "numeric", placeholder: "12 / 34" })}</div>
<div>${renderField("cvc", "CVC", errors, { autocomplete: "off", inputmode: "numeric", placeholder: "123" })}</div>
</div>
${renderField("name", "Cardholder name", errors, { autocomplete: "off", value: name })}
</fieldset>`;
}

type InputOptions = {
  type?: string;
  autocomplete: string;
  inputmode?: string;
  placeholder?: string;
  value?: string;
  isReadOnly?: boolean;
  isOptional?: boolean;
};

/** One field with its label, and what is wrong with it. */
export function renderField(name: string, label: string, errors: FieldErrors, options: InputOptions): Html {
  const error = errors[name];
  return html`<label for="${name}">${label}${(options.isOptional ?? false) && html` <span class="soft">(optional)</span>`}</label>
<input id="${name}" name="${name}" type="${options.type ?? "text"}" autocomplete="${options.autocomplete}" value="${options.value ?? ""}"
 ${options.inputmode !== undefined && html`inputmode="${options.inputmode}"`} ${options.placeholder !== undefined && html`placeholder="${options.placeholder}"`}
 ${(options.isReadOnly ?? false) && html`readonly`} ${error !== undefined && html`aria-invalid="true" aria-describedby="${name}-error"`} ${!(options.isOptional ?? false) && html`required`}>
${error !== undefined && html`<p class="error" id="${name}-error">${error}</p>`}`;
}

/** A choice with its label, and what is wrong with it. The first of the options is the one of nothing where it may be. */
export function renderSelect(
  name: string,
  label: string,
  errors: FieldErrors,
  options: { choices: [value: string, text: string][]; value: string; isOptional?: boolean },
): Html {
  const error = errors[name];
  return html`<label for="${name}">${label}${(options.isOptional ?? false) && html` <span class="soft">(optional)</span>`}</label>
<select id="${name}" name="${name}" ${error !== undefined && html`aria-invalid="true" aria-describedby="${name}-error"`}>
${options.choices.map(([value, text]) => html`<option value="${value}" ${value === options.value && html`selected`}>${text}</option>`)}</select>
${error !== undefined && html`<p class="error" id="${name}-error">${error}</p>`}`;
}

/** Which cards do what. */
export function renderTestCards(): Html {
  return html`<section class="card" aria-labelledby="hints"><h2 id="hints">Test cards</h2>
<p class="soft">Any future expiry, any CVC, any name.</p>
<ul class="cards">${TEST_CARDS.map(([number, effect]) => html`<li><code>${number}</code> <span>${effect}</span></li>`)}</ul></section>`;
}
