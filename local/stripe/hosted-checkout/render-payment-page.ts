import type Stripe from "stripe";
import { type Html, html } from "@/local/stripe/html";
import { renderPage } from "@/local/stripe/page-layout";
import type { Purchase } from "./describe-purchase";
import type { FieldErrors, FieldName, KeptFields } from "./read-checkout-form";

export type PaymentPage = {
  session: Stripe.Checkout.Session;
  purchase: Purchase;
  businessName: string;
  needsCard: boolean;
  kept: KeptFields;
  errors: FieldErrors;
  /** Why the card was declined, in Stripe's words. */
  decline: string | null;
};

const TEST_CARDS = [
  ["4242 4242 4242 4242", "Payment succeeds"],
  ["4000 0000 0000 0002", "Card is declined"],
  ["4000 0000 0000 9995", "Insufficient funds"],
  ["4000 0000 0000 0069", "Card has expired"],
  ["4000 0000 0000 0127", "Wrong security code"],
  ["4000 0000 0000 0341", "Saves, but later charges fail"],
] as const;

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
<form method="post" action="/c/pay/${session.id}" class="card" novalidate>
${renderEmail(page)}
${page.needsCard && renderCard(page)}
<button type="submit">${purchase.button}</button>
${purchase.consent !== null && html`<p class="soft">${purchase.consent}</p>`}
</form>
${page.needsCard && renderHints()}`,
  );
}

function renderSums(purchase: Purchase): Html {
  return html`<dl class="card sums">
${purchase.lines.map(({ name, quantity, price }) => html`<dt>${name}${quantity > 1 && html` × ${quantity}`}</dt><dd>${price}</dd>`)}
<dt class="due">Due today</dt><dd class="due">${purchase.dueToday}</dd>
</dl>`;
}

function renderEmail({ session, kept, errors }: PaymentPage): Html {
  const known = session.customer_details?.email ?? null;
  return renderField("email", "Email", errors, {
    type: "email",
    autocomplete: "email",
    value: known ?? kept.email,
    isReadOnly: known !== null,
  });
}

function renderCard({ kept, errors }: PaymentPage): Html {
  return html`<fieldset><legend>Card</legend>
${renderField("number", "Card number", errors, { autocomplete: "off", inputmode: "numeric", placeholder: "4242 4242 4242 4242" })}
<div class="pair">
<div>${renderField("expiry", "Expiry (MM / YY)", errors, { autocomplete: "off", inputmode: "numeric", placeholder: "12 / 34" })}</div>
<div>${renderField("cvc", "CVC", errors, { autocomplete: "off", inputmode: "numeric", placeholder: "123" })}</div>
</div>
${renderField("name", "Cardholder name", errors, { autocomplete: "off", value: kept.name })}
</fieldset>`;
}

type InputOptions = {
  type?: string;
  autocomplete: string;
  inputmode?: string;
  placeholder?: string;
  value?: string;
  isReadOnly?: boolean;
};

function renderField(name: FieldName, label: string, errors: FieldErrors, options: InputOptions): Html {
  const error = errors[name];
  return html`<label for="${name}">${label}</label>
<input id="${name}" name="${name}" type="${options.type ?? "text"}" autocomplete="${options.autocomplete}" value="${options.value ?? ""}"
 ${options.inputmode !== undefined && html`inputmode="${options.inputmode}"`} ${options.placeholder !== undefined && html`placeholder="${options.placeholder}"`}
 ${(options.isReadOnly ?? false) && html`readonly`} ${error !== undefined && html`aria-invalid="true" aria-describedby="${name}-error"`} required>
${error !== undefined && html`<p class="error" id="${name}-error">${error}</p>`}`;
}

function renderHints(): Html {
  return html`<section class="card" aria-labelledby="hints"><h2 id="hints">Test cards</h2>
<p class="soft">Any future expiry, any CVC, any name.</p>
<ul class="cards">${TEST_CARDS.map(([number, effect]) => html`<li><code>${number}</code> <span>${effect}</span></li>`)}</ul></section>`;
}
