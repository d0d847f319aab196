import type Stripe from "stripe";
import { renderCardFields, renderTestCards } from "@/local/stripe/hosted-checkout/card-fields";
import type { FieldErrors } from "@/local/stripe/hosted-checkout/read-card-form";
import { type Html, html } from "@/local/stripe/html";
import { formatDate, formatMoney } from "@/local/stripe/money";
import { renderPage } from "@/local/stripe/page-layout";

export type InvoicePage = {
  invoice: Stripe.Invoice;
  businessName: string;
  /** Cards of the customer that can be charged with one press. */
  savedCards: { id: string; label: string }[];
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
<section class="card"><table class="lines"><caption>What it is over</caption>
<thead><tr><th scope="col">Description</th><th scope="col" class="amount">Amount</th></tr></thead>
<tbody>${invoice.lines.data.map((line) => html`<tr><td>${line.description ?? "Item"}<br><span class="soft">${formatDate(line.period.start)} – ${formatDate(line.period.end)}</span></td><td class="amount">${money(line.amount)}</td></tr>`)}</tbody></table></section>
<dl class="card sums">${totals(invoice).map(([label, amount]) => html`<dt>${label}</dt><dd>${money(amount)}</dd>`)}
<dt class="due">Amount due</dt><dd class="due">${money(invoice.amount_remaining)}</dd></dl>
${invoice.status === "open" && renderPayment(page)}
<p><a href="/invoices/${invoice.id}/pdf">Download PDF</a></p>`,
  );
}

/** The sums between the lines and what is due; those over nothing are left out. */
export function totals(invoice: Stripe.Invoice): [string, number][] {
  const discount = (invoice.total_discount_amounts ?? []).reduce((sum, { amount }) => sum + amount, 0);
  const tax = (invoice.total_taxes ?? []).reduce((sum, { amount }) => sum + amount, 0);
  const isInclusive = (invoice.total_taxes ?? []).some(({ tax_behavior }) => tax_behavior === "inclusive");
  const balance = (invoice.ending_balance ?? invoice.starting_balance) - invoice.starting_balance;
  const sums: [string, number][] = [
    ["Subtotal", invoice.subtotal],
    ["Discount", -discount],
    [isInclusive ? "Tax (included)" : "Tax", tax],
    ["Total", invoice.total],
    ["Applied balance", -balance],
    ["Credited", -(invoice.pre_payment_credit_notes_amount ?? 0)],
    ["Paid", -invoice.amount_paid],
  ];
  return sums.filter(([label, amount]) => amount !== 0 || label === "Total");
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

function renderPayment({ invoice, savedCards, errors, name, decline }: InvoicePage): Html {
  const button = `Pay ${formatMoney(invoice.amount_remaining, invoice.currency)}`;
  return html`${decline !== null && html`<p class="alert" role="alert">${decline}</p>`}
${savedCards.map(({ id, label }) => html`<form method="post" class="card"><button name="saved" value="${id}">${button} with ${label}</button></form>`)}
<form method="post" class="card" novalidate>${renderCardFields(errors, name)}
<button type="submit">${button}</button></form>
${renderTestCards()}`;
}
