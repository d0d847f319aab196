import type Stripe from "stripe";
import { formatDate, formatMoney } from "@/local/stripe/money";
import type { Store } from "@/local/stripe/store/store";
import { billTo } from "./bill-to";
import { invoiceSums } from "./invoice-sums";
import { lineDetails } from "./line-details";
import { type PdfRow, writePdf } from "./write-pdf";

/** The invoice as a PDF file, amounts as the API has them. */
export function renderInvoicePdf(
  store: Store,
  invoice: Stripe.Invoice,
  notes: Stripe.CreditNote[],
): Promise<Buffer> {
  const money = (amount: number) => formatMoney(amount, invoice.currency);
  const issuedAt = invoice.status_transitions.finalized_at ?? invoice.created;
  return writePdf({
    title: `Invoice ${invoice.number ?? ""}`.trim(),
    createdAt: issuedAt,
    facts: [
      ["Date of issue", formatDate(issuedAt)],
      ["Date due", invoice.due_date === null ? null : formatDate(invoice.due_date)],
      ...billTo(invoice),
      ["Tax", invoice.customer_tax_exempt === "reverse" ? "to be paid on reverse charge basis" : null],
    ],
    headline: headline(invoice, money),
    sections: [
      { title: "What it is over", rows: invoiceLineRows(invoice) },
      {
        title: null,
        rows: [
          ...invoiceSums(store, invoice).map(([label, amount]) => ({ label, amount: money(amount) })),
          { label: "Amount due", amount: money(invoice.amount_remaining), isStrong: true },
        ],
      },
      { title: "Credit notes", rows: notes.map((note) => creditNoteRow(note)) },
    ],
  });
}

/** A row for every line of the invoice. */
export function invoiceLineRows(invoice: Stripe.Invoice): PdfRow[] {
  return invoice.lines.data.map((line) => ({
    label: line.description ?? "Item",
    details: lineDetails(line, invoice),
    amount: formatMoney(line.amount, line.currency),
  }));
}

function creditNoteRow({
  number,
  status,
  effective_at,
  created,
  total,
  currency,
}: Stripe.CreditNote): PdfRow {
  return {
    label: status === "void" ? `${number} (void)` : number,
    details: [formatDate(effective_at ?? created)],
    amount: formatMoney(total, currency),
  };
}

function headline(invoice: Stripe.Invoice, money: (amount: number) => string): string {
  if (invoice.status === "paid") return `${money(invoice.amount_paid)} paid`;
  return invoice.status === "void" ? "Void" : `${money(invoice.amount_remaining)} due`;
}
