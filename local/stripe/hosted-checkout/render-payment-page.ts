import type Stripe from "stripe";
import { type Html, html } from "@/local/stripe/html";
import { renderPage } from "@/local/stripe/page-layout";
import { renderCardFields, renderField, renderTestCards } from "./card-fields";
import type { Purchase } from "./describe-purchase";
import type { FieldErrors } from "./read-card-form";
import type { KeptFields } from "./read-checkout-form";

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
${page.needsCard && renderCardFields(page.errors, page.kept.name)}
<button type="submit">${purchase.button}</button>
${purchase.consent !== null && html`<p class="soft">${purchase.consent}</p>`}
</form>
${page.needsCard && renderTestCards()}`,
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
