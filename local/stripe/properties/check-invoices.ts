import type Stripe from "stripe";
import { expect } from "vitest";
import { idOf } from "@/local/stripe/references";
import type { Life } from "./life";

/** Less is not charged but owed. https://docs.stripe.com/currencies#minimum-and-maximum-charge-amounts */
const MINIMUM_CHARGE_USD = 50;

/** The sums every invoice keeps, whatever becomes of it. https://docs.stripe.com/api/invoices/object */
export async function checkInvoices({ stripe }: Life): Promise<void> {
  const invoices = await stripe.invoices.list({ limit: 100 }).autoPagingToArray({ limit: 1000 });
  for (const invoice of invoices) checkInvoice(invoice);
}

/** The same of one invoice, a preview included. */
export function checkInvoice(invoice: Stripe.Invoice): void {
  const { subtotal, total, total_excluding_tax, amount_due, amount_remaining, ending_balance } = invoice;
  const taxes = sum(invoice.total_taxes ?? []);
  const discounts = sum(invoice.total_discount_amounts ?? []);
  const stated = { subtotal, total, total_excluding_tax, taxes, discounts, amount_due };
  expect({ ...stated, amount_remaining, ending_balance, id: invoice.id }).toEqual({
    ...sumsFromLines(invoice),
    ...sumsFromBalance(invoice),
    id: invoice.id,
  });
  checkState(invoice);
}

function sumsFromLines(invoice: Stripe.Invoice) {
  const lines = invoice.lines.data;
  const taxes = lines.flatMap((line) => line.taxes ?? []);
  const discounts = sum(lines.flatMap((line) => line.discount_amounts ?? []));
  const total = sum(lines) - discounts + sum(taxes.filter((tax) => tax.tax_behavior === "exclusive"));
  return {
    subtotal: sum(lines) - sum(lines.flatMap(ownDiscounts)),
    total,
    total_excluding_tax: total - sum(taxes),
    taxes: sum(taxes),
    discounts,
  };
}

/** A line's own discounts are in the subtotal, the invoice's are not. */
function ownDiscounts(line: Stripe.InvoiceLineItem): Stripe.InvoiceLineItem.DiscountAmount[] {
  const own = line.discounts.map(idOf);
  return (line.discount_amounts ?? []).filter(({ discount }) => own.includes(idOf(discount)));
}

/** The balance pays first, or is billed along; credit notes make what is left smaller. */
function sumsFromBalance(invoice: Stripe.Invoice) {
  const owed = invoice.total + invoice.starting_balance;
  const charged = owed < MINIMUM_CHARGE_USD ? 0 : owed;
  const due = charged - invoice.pre_payment_credit_notes_amount;
  return {
    amount_due: due,
    amount_remaining: due - invoice.amount_paid,
    ending_balance: invoice.status_transitions.finalized_at === null ? null : owed - charged,
  };
}

/** https://docs.stripe.com/invoicing/overview#invoice-statuses */
function checkState({ id, status, status_transitions: at, ...invoice }: Stripe.Invoice): void {
  const state = {
    id,
    isNumbered: invoice.number !== null,
    isPaid: at.paid_at !== null,
    isVoid: at.voided_at !== null,
    willBeCharged: invoice.next_payment_attempt !== null,
  };
  const isFinal = status === "paid" || status === "void";
  expect(state).toEqual({
    id,
    isNumbered: at.finalized_at !== null,
    isPaid: status === "paid",
    isVoid: status === "void",
    willBeCharged: isFinal ? false : state.willBeCharged,
  });
  if (status === "paid") expect(invoice.amount_remaining).toBe(0);
  if (status === "draft") expect([at.finalized_at, invoice.amount_paid]).toEqual([null, 0]);
}

function sum(amounts: readonly { amount: number }[]): number {
  return amounts.reduce((total, { amount }) => total + amount, 0);
}
