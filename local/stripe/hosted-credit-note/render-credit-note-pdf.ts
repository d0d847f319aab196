import type Stripe from "stripe";
import { billTo } from "@/local/stripe/hosted-invoice/bill-to";
import { ownDiscount, sumsToTotal } from "@/local/stripe/hosted-invoice/invoice-sums";
import { type PdfRow, writePdf } from "@/local/stripe/hosted-invoice/write-pdf";
import { formatDate, formatMoney } from "@/local/stripe/money";
import { idOf } from "@/local/stripe/references";
import { findObject, type Store } from "@/local/stripe/store/store";

const REASONS: Record<string, string> = {
  duplicate: "Duplicate",
  fraudulent: "Fraudulent",
  order_change: "Order change",
  product_unsatisfactory: "Product unsatisfactory",
};

/**
 * The credit note as a PDF file: what is credited, why, and how. What was still to be paid goes down first; the rest is
 * refunded, credited to the balance or given back outside of Stripe. https://docs.stripe.com/api/credit_notes/create
 */
export function renderCreditNotePdf(
  store: Store,
  note: Stripe.CreditNote,
  invoice: Stripe.Invoice,
): Promise<Buffer> {
  const money = (amount: number) => formatMoney(amount, note.currency);
  const rows = (sums: [string, number][]): PdfRow[] =>
    sums.map(([label, amount]) => ({ label, amount: money(amount), isStrong: label === "Total" }));
  return writePdf({
    title: `Credit note ${note.number}`,
    createdAt: note.created,
    facts: [
      ["Date of issue", formatDate(note.effective_at ?? note.created)],
      ["Voided on", note.voided_at === null ? null : formatDate(note.voided_at)],
      ["For invoice", invoice.number],
      ...billTo(invoice),
      ["Reason", note.reason === null ? null : (REASONS[note.reason] ?? note.reason)],
    ],
    headline:
      note.status === "void" ? "Void: this credit note does not count" : `${money(note.total)} credited`,
    sections: [
      { title: "What is credited", rows: note.lines.data.map((line) => lineRow(line, invoice)) },
      { title: null, rows: rows(sumsToTotal(store, totalsOf(note))) },
      { title: note.status === "void" ? null : "How it is credited", rows: rows(waysOf(store, note)) },
    ],
    notes: note.memo === null ? [] : [note.memo],
  });
}

function totalsOf({
  subtotal,
  total,
  total_taxes: taxes,
  pretax_credit_amounts: pretaxCredits,
}: Stripe.CreditNote) {
  return { subtotal, total, taxes: taxes ?? [], pretaxCredits };
}

/** How the total came to the customer; what a void note took off was added again. */
function waysOf(store: Store, note: Stripe.CreditNote): [string, number][] {
  if (note.status === "void") return [];
  const refunded = note.refunds.reduce((sum, { amount_refunded: amount }) => sum + amount, 0);
  const reference = note.customer_balance_transaction;
  const transaction = reference && findObject(store, "customer_balance_transaction", idOf(reference));
  const ways: [string, number][] = [
    ["Taken off the amount due", note.pre_payment_amount],
    ["Refunded", refunded],
    ["Credited to the customer's balance", transaction ? -transaction.amount : 0],
    ["Given back outside of Stripe", note.out_of_band_amount ?? 0],
  ];
  return ways.filter(([, amount]) => amount !== 0);
}

function lineRow(line: Stripe.CreditNoteLineItem, invoice: Stripe.Invoice): PdfRow {
  const off = ownDiscount(line, invoice);
  return {
    label: line.description ?? "Credit",
    details: [
      ...(line.quantity === null ? [] : [`Quantity: ${line.quantity}`]),
      ...(off === 0 ? [] : [`Discount: ${formatMoney(-off, invoice.currency)}`]),
    ],
    amount: formatMoney(line.amount, invoice.currency),
  };
}
