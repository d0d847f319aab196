import type Stripe from "stripe";
import { type Html, html } from "@/local/stripe/html";
import { formatMoney } from "@/local/stripe/money";
import { lineDetails } from "./line-details";

/** The lines of an invoice, on its own page and on its receipt. */
export function renderLines(invoice: Stripe.Invoice): Html {
  return html`<section class="card"><table class="lines"><caption>What it is over</caption>
<thead><tr><th scope="col">Description</th><th scope="col" class="amount">Amount</th></tr></thead>
<tbody>${invoice.lines.data.map((line) => html`<tr><td>${line.description ?? "Item"}${lineDetails(line, invoice).map((detail) => html`<br><span class="soft">${detail}</span>`)}</td><td class="amount">${formatMoney(line.amount, line.currency)}</td></tr>`)}</tbody></table></section>`;
}
