import type Stripe from "stripe";
import { renderCardFields, renderTestCards } from "@/local/stripe/hosted-checkout/card-fields";
import type { FieldErrors } from "@/local/stripe/hosted-checkout/read-card-form";
import { type Html, html } from "@/local/stripe/html";
import { formatDate, formatMoney } from "@/local/stripe/money";
import { renderPage } from "@/local/stripe/page-layout";
import type { Sum } from "./invoice-sums";
import { pathOf } from "./path-of";
import { renderLines } from "./render-lines";

export type InvoicePage = {
  invoice: Stripe.Invoice;
  /** What stands between the lines and the amount due. */
  sums: Sum[];
  /** Void ones included. */
  creditNotes: Stripe.CreditNote[];
  /** Where the receipt is, or null when no charge paid the invoice. */
  receipt: string | null;
  businessName: string;
  /** Cards of the customer that can be charged with one press. */
  savedCards: { id: string; label: string }[];
  /** A bank has yet to answer. */
  isBeingPaid: boolean;
  errors: FieldErrors;
  name: string;
  decline: string | null;
};

/** An invoice as its customer sees it: what it is over, what is due, and how to pay. Works without JavaScript. */
export function renderInvoicePage(page: InvoicePage): string {
  const { invoice, businessName } = page;
  const money = (amount: number) => formatMoney(amount, invoice.currency);
  return renderPage(
    `Invoice ${invoice.number ?? ""} · ${businessName}`,
    html`<h1>${headline(invoice, money)}</h1>
<p class="big">${businessName} · Invoice ${invoice.number ?? "without number"}${invoice.due_date !== null && html` · due ${formatDate(invoice.due_date)}`}</p>
${renderLines(invoice)}
<dl class="card sums">${page.sums.map(([label, amount]) => html`<dt>${label}</dt><dd>${money(amount)}</dd>`)}
<dt class="due">Amount due</dt><dd class="due">${money(invoice.amount_remaining)}</dd></dl>
${renderCreditNotes(page)}
${invoice.status === "open" && renderPayment(page)}
<ul class="plain"><li><a href="/invoices/${invoice.id}/pdf">Download invoice</a></li>
${page.receipt !== null && html`<li><a href="${page.receipt}/pdf">Download receipt</a></li>`}</ul>`,
  );
}

function headline(invoice: Stripe.Invoice, money: (amount: number) => string): string {
  switch (invoice.status) {
    case "paid":
      return `${money(invoice.amount_paid)} paid`;
    case "void":
      return "This invoice was voided";
    case "uncollectible":
      return "This invoice was written off";
    default:
      return `${money(invoice.amount_remaining)} due`;
  }
}

function renderPayment({ invoice, savedCards, isBeingPaid, errors, name, decline }: InvoicePage): Html {
  if (isBeingPaid)
    return html`<p class="card">Your bank was asked to pay. It may take some days to answer.</p>`;
  const button = `Pay ${formatMoney(invoice.amount_remaining, invoice.currency)}`;
  return html`${decline !== null && html`<p class="alert" role="alert">${decline}</p>`}
${savedCards.map(({ id, label }) => html`<form method="post" class="card"><button name="saved" value="${id}">${button} with ${label}</button></form>`)}
<form method="post" class="card" novalidate>${renderCardFields(errors, name)}
<button type="submit">${button}</button></form>
${renderTestCards()}`;
}

/** The documents that changed the invoice after it was issued. https://docs.stripe.com/invoicing/dashboard/credit-notes */
function renderCreditNotes({ creditNotes }: InvoicePage): Html | null {
  if (creditNotes.length === 0) return null;
  return html`<section class="card"><table class="lines"><caption>Credit notes</caption>
<thead><tr><th scope="col">Number</th><th scope="col" class="amount">Amount</th></tr></thead>
<tbody>${creditNotes.map(({ number, pdf, status, created, effective_at, total, currency }) => html`<tr><td><a href="${pathOf(pdf)}">${number}</a><br><span class="soft">${formatDate(effective_at ?? created)}${status === "void" && " · void, does not count"}</span></td><td class="amount">${formatMoney(total, currency)}</td></tr>`)}</tbody></table></section>`;
}
