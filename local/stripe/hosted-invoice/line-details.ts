import type Stripe from "stripe";
import { formatDate, formatMoney } from "@/local/stripe/money";
import { ownDiscount } from "./invoice-sums";

/** What stands small under a line of an invoice: its period, and what was taken off it alone. */
export function lineDetails(line: Stripe.InvoiceLineItem, invoice: Stripe.Invoice): string[] {
  const off = ownDiscount(line, invoice);
  const [start, end] = [formatDate(line.period.start), formatDate(line.period.end)];
  const period = start === end ? start : `${start} – ${end}`;
  return off === 0 ? [period] : [period, `Discount: ${formatMoney(-off, line.currency)}`];
}
