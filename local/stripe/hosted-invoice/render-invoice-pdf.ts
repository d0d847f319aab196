import PDFDocument from "pdfkit";
import type Stripe from "stripe";
import { ACCOUNT_NAME } from "@/local/stripe/account/account-name";
import { formatDate, formatMoney } from "@/local/stripe/money";
import { totals } from "./render-invoice-page";

const MARGIN = 56;
const RIGHT = 539;

/** The invoice as a PDF file, amounts as the API has them. The same invoice gives the same file. */
export function renderInvoicePdf(invoice: Stripe.Invoice): Promise<Buffer> {
  const document = new PDFDocument({
    size: "A4",
    margin: MARGIN,
    compress: false,
    info: {
      Title: `Invoice ${invoice.number ?? invoice.id}`,
      Author: ACCOUNT_NAME,
      CreationDate: new Date((invoice.status_transitions.finalized_at ?? invoice.created) * 1000),
    },
  });
  const file = collect(document);
  const money = (amount: number) => formatMoney(amount, invoice.currency);
  document.fontSize(9).fillColor("#8a5a00").text("Local simulation of Stripe. No money moves.");
  document
    .moveDown()
    .fontSize(20)
    .fillColor("#111111")
    .text(`Invoice ${invoice.number ?? ""}`);
  document.fontSize(11).text(ACCOUNT_NAME).moveDown();
  for (const [label, value] of facts(invoice)) document.text(`${label}: ${value}`);
  document.moveDown().fontSize(14).text(heading(invoice, money)).moveDown().fontSize(11);
  for (const line of invoice.lines.data) {
    row(document, line.description ?? "Item", money(line.amount));
    document.fontSize(9).fillColor("#555555");
    document.text(`${formatDate(line.period.start)} – ${formatDate(line.period.end)}`, MARGIN);
    document.fontSize(11).fillColor("#111111").moveDown(0.5);
  }
  document.moveDown();
  for (const [label, amount] of totals(invoice)) row(document, label, money(amount));
  document.font("Helvetica-Bold");
  row(document, "Amount due", money(invoice.amount_remaining));
  document.end();
  return file;
}

function facts(invoice: Stripe.Invoice): [string, string][] {
  const issued = invoice.status_transitions.finalized_at ?? invoice.created;
  const lines: [string, string | null][] = [
    ["Date of issue", formatDate(issued)],
    ["Date due", invoice.due_date === null ? null : formatDate(invoice.due_date)],
    ["Bill to", invoice.customer_name],
    ["E-mail", invoice.customer_email],
    ["Tax", invoice.customer_tax_exempt === "reverse" ? "to be paid on reverse charge basis" : null],
  ];
  return lines.flatMap(([label, value]) => (value === null ? [] : [[label, value] as [string, string]]));
}

function heading(invoice: Stripe.Invoice, money: (amount: number) => string): string {
  if (invoice.status === "paid") return `${money(invoice.amount_paid)} paid`;
  return invoice.status === "void" ? "Void" : `${money(invoice.amount_remaining)} due`;
}

function row(document: PDFKit.PDFDocument, label: string, value: string): void {
  const y = document.y;
  document.text(label, MARGIN, y, { width: 360 });
  const after = document.y;
  document.text(value, MARGIN, y, { width: RIGHT - MARGIN, align: "right" });
  document.x = MARGIN;
  document.y = Math.max(after, document.y);
}

function collect(document: PDFKit.PDFDocument): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    document.on("data", (chunk: Buffer) => chunks.push(chunk));
    document.on("end", () => resolve(Buffer.concat(chunks)));
    document.on("error", reject);
  });
}
