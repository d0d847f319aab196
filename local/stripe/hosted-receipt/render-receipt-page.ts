import type Stripe from "stripe";
import { ACCOUNT_NAME } from "@/local/stripe/account/account-name";
import { sumsToPay } from "@/local/stripe/hosted-invoice/invoice-sums";
import { pathOf } from "@/local/stripe/hosted-invoice/path-of";
import { renderLines } from "@/local/stripe/hosted-invoice/render-lines";
import { type Html, html } from "@/local/stripe/html";
import { formatDate, formatMoney } from "@/local/stripe/money";
import { renderPage } from "@/local/stripe/page-layout";
import type { Store } from "@/local/stripe/store/store";
import { type Receipt, refundState } from "./read-receipt";

/**
 * A receipt as the customer sees it: what was paid, when, with what, what for, and what was given back.
 * @param path where the receipt is
 */
export function renderReceiptPage(store: Store, receipt: Receipt, path: string): string {
  const { invoice } = receipt;
  return renderPage(
    `Receipt from ${ACCOUNT_NAME}`,
    html`<h1>Receipt from ${ACCOUNT_NAME}</h1>
<p class="big">${receiptHeadline(receipt)}</p>
<dl class="card sums facts">${receiptFacts(receipt).map(([label, value]) => value !== null && html`<dt>${label}</dt><dd>${value}</dd>`)}</dl>
${invoice && renderLines(invoice)}
${renderSums(store, receipt)}
${renderRefunds(receipt)}
<ul class="plain"><li><a href="${path}/pdf">Download receipt</a></li>
${invoice?.hosted_invoice_url ? html`<li><a href="${pathOf(invoice.hosted_invoice_url)}">View invoice ${invoice.number ?? ""}</a></li>` : null}</ul>`,
  );
}

/** "$54.00 paid on Sep 1, 2026", and what was refunded. */
export function receiptHeadline({ charge, paidAt, refunded }: Receipt): string {
  const paid = `${formatMoney(charge.amount_captured, charge.currency)} paid on ${formatDate(paidAt)}`;
  if (refunded === 0) return paid;
  if (refunded === charge.amount_captured) return `${paid}, refunded`;
  return `${paid}, ${formatMoney(refunded, charge.currency)} refunded`;
}

/** What is to be said about the payment; nulls are left out. */
export function receiptFacts({ charge, paidAt, method, invoice }: Receipt): [string, string | null][] {
  return [
    ["Date paid", formatDate(paidAt)],
    ["Payment method", method],
    ["Receipt number", charge.receipt_number],
    ["Invoice number", invoice ? invoice.number : null],
    ["Bill to", invoice?.customer_name ?? charge.billing_details.name],
    ["Description", invoice ? null : charge.description],
  ];
}

/** What was paid, what was given back, and what is left of it. */
export function paidSums({ charge, refunded }: Receipt): [string, number][] {
  const paid: [string, number] = ["Amount paid", charge.amount_captured];
  if (refunded === 0) return [paid];
  return [paid, ["Refunded", -refunded], ["Paid after refunds", charge.amount_captured - refunded]];
}

function renderSums(store: Store, receipt: Receipt): Html {
  const money = (amount: number) => formatMoney(amount, receipt.charge.currency);
  const sums = receipt.invoice ? sumsToPay(store, receipt.invoice) : [];
  return html`<dl class="card sums">${sums.map(([label, amount]) => html`<dt>${label}</dt><dd>${money(amount)}</dd>`)}
${paidSums(receipt).map(([label, amount]) => html`<dt class="due">${label}</dt><dd class="due">${money(amount)}</dd>`)}</dl>`;
}

function renderRefunds({ charge, refunds }: Receipt): Html | null {
  if (refunds.length === 0) return null;
  return html`<section class="card"><table class="lines"><caption>Refunds</caption>
<thead><tr><th scope="col">Date</th><th scope="col">State</th><th scope="col" class="amount">Amount</th></tr></thead>
<tbody>${refunds.map((refund: Stripe.Refund) => html`<tr><td>${formatDate(refund.created)}</td><td>${refundState(refund)}</td><td class="amount">${formatMoney(refund.amount, charge.currency)}</td></tr>`)}</tbody></table></section>`;
}
