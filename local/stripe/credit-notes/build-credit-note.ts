import type Stripe from "stripe";
import type { Context } from "@/local/stripe/context";
import type { ParamsOf } from "@/local/stripe/http/params";
import { newId } from "@/local/stripe/ids";
import { mergeMetadata } from "@/local/stripe/metadata";
import { idOf } from "@/local/stripe/references";
import type { creditNoteCreateParams } from "./credit-note-params";

/** A credit note as it is issued, before anything is paid back. https://docs.stripe.com/api/credit_notes/object */
export function buildCreditNote(
  context: Context,
  id: string,
  invoice: Stripe.Invoice,
  lines: Stripe.CreditNoteLineItem[],
  params: ParamsOf<typeof creditNoteCreateParams>,
  issuedBefore: number,
): Stripe.CreditNote {
  if (invoice.customer === null) throw new Error(`The invoice ${invoice.id} has no customer.`);
  const discountAmount = sum(lines.map((line) => line.discount_amount));
  const taxes = lines.flatMap((line) => line.taxes ?? []);
  const exclusive = taxOf(taxes, "exclusive");
  const inclusive = taxOf(taxes, "inclusive");
  const gross = sum(lines.map((line) => line.amount));
  const own = ownDiscountsOf(invoice, lines);
  const pretaxCredits = lines.flatMap((line) => line.pretax_credit_amounts);
  const credits = sum(
    pretaxCredits.filter((credit) => credit.credit_balance_transaction).map(({ amount }) => amount),
  );
  const total = gross - discountAmount - credits + exclusive;
  const isOwing = invoice.status === "open" || invoice.status === "uncollectible";
  const prePayment = isOwing ? Math.min(total, invoice.amount_remaining) : 0;
  return {
    id,
    object: "credit_note",
    amount: total,
    amount_shipping: 0,
    created: context.now,
    currency: invoice.currency,
    customer: idOf(invoice.customer),
    customer_account: null,
    customer_balance_transaction: null,
    discount_amount: discountAmount,
    discount_amounts: sumsBy(
      lines.flatMap((line) => line.discount_amounts),
      ({ discount }) => idOf(discount),
    ),
    effective_at: params.effective_at ?? context.now,
    invoice: invoice.id,
    lines: { object: "list", data: lines, has_more: false, url: `/v1/credit_notes/${id}/lines` },
    livemode: false,
    memo: params.memo ?? null,
    metadata: mergeMetadata({}, params.metadata),
    number: `${invoice.number}-CN-${String(issuedBefore + 1).padStart(2, "0")}`,
    out_of_band_amount: params.out_of_band_amount ?? null,
    // Who has the id alone does not have the link.
    pdf: `${context.baseUrl}/credit_notes/${id}/${newId("cnpdf")}/pdf`,
    post_payment_amount: total - prePayment,
    pre_payment_amount: prePayment,
    pretax_credit_amounts: sumsBy(pretaxCredits, ({ discount, credit_balance_transaction: used }) =>
      discount ? idOf(discount) : used ? idOf(used) : "",
    ),
    reason: params.reason ?? null,
    refunds: [],
    shipping_cost: null,
    status: "issued",
    subtotal: gross - own,
    subtotal_excluding_tax: gross - own - inclusive,
    total,
    total_excluding_tax: gross - discountAmount - credits - inclusive,
    total_taxes: sumsBy(taxes, (tax) => `${tax.tax_rate_details?.tax_rate} ${tax.tax_behavior}`),
    type: typeOf(prePayment, total),
    voided_at: null,
  };
}

function typeOf(prePayment: number, total: number): Stripe.CreditNote.Type {
  if (prePayment === total) return "pre_payment";
  return prePayment === 0 ? "post_payment" : "mixed";
}

/** The discounts of the invoice's lines themselves, which a subtotal has in it already. */
function ownDiscountsOf(invoice: Stripe.Invoice, lines: Stripe.CreditNoteLineItem[]): number {
  const invoiceWide = invoice.discounts.map(idOf);
  return sum(
    lines
      .flatMap((line) => line.discount_amounts)
      .filter(({ discount }) => !invoiceWide.includes(idOf(discount)))
      .map(({ amount }) => amount),
  );
}

function taxOf(taxes: Stripe.CreditNoteLineItem.Tax[], behavior: "exclusive" | "inclusive"): number {
  return sum(taxes.filter((tax) => tax.tax_behavior === behavior).map(({ amount }) => amount));
}

/** One entry per key, with the amounts added up. */
function sumsBy<T extends { amount: number; taxable_amount?: number | null }>(
  entries: T[],
  keyOf: (entry: T) => string,
): T[] {
  const sums = new Map<string, T>();
  for (const entry of entries) {
    const known = sums.get(keyOf(entry));
    const isTaxed = typeof entry.taxable_amount === "number";
    sums.set(keyOf(entry), {
      ...entry,
      amount: entry.amount + (known?.amount ?? 0),
      ...(isTaxed ? { taxable_amount: (entry.taxable_amount ?? 0) + (known?.taxable_amount ?? 0) } : {}),
    });
  }
  return [...sums.values()];
}

function sum(amounts: number[]): number {
  return amounts.reduce((total, amount) => total + amount, 0);
}
