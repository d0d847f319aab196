import { sumsToPay } from "@/local/stripe/hosted-invoice/invoice-sums";
import { invoiceLineRows } from "@/local/stripe/hosted-invoice/render-invoice-pdf";
import { type PdfRow, writePdf } from "@/local/stripe/hosted-invoice/write-pdf";
import { formatDate, formatMoney } from "@/local/stripe/money";
import type { Store } from "@/local/stripe/store/store";
import { type Receipt, refundState } from "./read-receipt";
import { paidSums, receiptFacts, receiptHeadline } from "./render-receipt-page";

/** The receipt as a PDF file, with what its page says. */
export function renderReceiptPdf(store: Store, receipt: Receipt): Promise<Buffer> {
  const { charge, invoice, refunds } = receipt;
  const money = (amount: number) => formatMoney(amount, charge.currency);
  return writePdf({
    title: invoice ? `Receipt for invoice ${invoice.number ?? ""}`.trim() : "Receipt",
    createdAt: receipt.paidAt,
    facts: receiptFacts(receipt),
    headline: receiptHeadline(receipt),
    sections: [
      { title: "What it is for", rows: invoice ? invoiceLineRows(invoice) : [] },
      {
        title: null,
        rows: [
          ...(invoice ? sumsToPay(store, invoice) : []).map(
            ([label, amount]): PdfRow => ({ label, amount: money(amount) }),
          ),
          ...paidSums(receipt).map(
            ([label, amount]): PdfRow => ({ label, amount: money(amount), isStrong: true }),
          ),
        ],
      },
      {
        title: "Refunds",
        rows: refunds.map((refund) => ({
          label: refundState(refund),
          details: [formatDate(refund.created)],
          amount: money(refund.amount),
        })),
      },
    ],
  });
}
