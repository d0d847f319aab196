import type Stripe from "stripe";
import { idOf } from "@/local/stripe/references";
import { findObject, type Store } from "@/local/stripe/store/store";

/** What stands under the lines of a document: what it is, and an amount in minor units. */
export type Sum = [label: string, amount: number];

/** What an invoice and a credit note have in common under their lines. */
type Totals = {
  subtotal: number;
  total: number;
  taxes: Tax[];
  /** Discounts, which are taken off already, and billing credits. */
  pretaxCredits: Pick<Stripe.Invoice.TotalPretaxCreditAmount, "amount" | "type">[];
};

type Tax = Pick<Stripe.Invoice.TotalTax, "amount" | "tax_behavior" | "tax_rate_details">;

/** The sums between the lines and what is due; those over nothing are left out. They add up to what remains. */
export function invoiceSums(store: Store, invoice: Stripe.Invoice): Sum[] {
  return [...sumsToPay(store, invoice), ...withAmount([["Paid", -invoice.amount_paid]])];
}

/** The same, up to what was to be paid. */
export function sumsToPay(store: Store, invoice: Stripe.Invoice): Sum[] {
  const balance = (invoice.ending_balance ?? invoice.starting_balance) - invoice.starting_balance;
  return [
    ...sumsToTotal(store, {
      subtotal: invoice.subtotal,
      total: invoice.total,
      taxes: invoice.total_taxes ?? [],
      pretaxCredits: invoice.total_pretax_credit_amounts ?? [],
    }),
    ...withAmount([
      ["Applied balance", -balance],
      ["Credited", -(invoice.pre_payment_credit_notes_amount ?? 0)],
    ]),
  ];
}

/**
 * From the subtotal to the total of an invoice or a credit note. A subtotal has the lines' own discounts in it already,
 * so what is taken off here are those of the whole. https://docs.stripe.com/api/invoices/object#invoice_object-subtotal
 */
export function sumsToTotal(store: Store, { subtotal, total, taxes, pretaxCredits }: Totals): Sum[] {
  const exclusive = sumOf(taxes.filter(({ tax_behavior }) => tax_behavior === "exclusive"));
  const credits = sumOf(pretaxCredits.filter(({ type }) => type === "credit_balance_transaction"));
  return [
    ["Subtotal", subtotal],
    ...withAmount([
      ["Discount", total - exclusive + credits - subtotal],
      ["Credits used", -credits],
      ...taxes.map((tax): Sum => [taxName(store, tax), tax.amount]),
    ]),
    ["Total", total],
  ];
}

/** What discounts of its own a line has, which its amount does not know of. */
export function ownDiscount(
  line: Pick<Stripe.InvoiceLineItem, "discount_amounts">,
  invoice: Stripe.Invoice | null,
): number {
  const invoiceWide = (invoice?.discounts ?? []).map(idOf);
  return sumOf((line.discount_amounts ?? []).filter(({ discount }) => !invoiceWide.includes(idOf(discount))));
}

function withAmount(sums: Sum[]): Sum[] {
  return sums.filter(([, amount]) => amount !== 0);
}

/** "VAT 20 %", "VAT 20 % (included)". */
function taxName(store: Store, { tax_behavior, tax_rate_details: details }: Tax): string {
  const rate = details && findObject(store, "tax_rate", details.tax_rate);
  const name = rate ? `${rate.display_name} ${rate.percentage} %` : "Tax";
  return tax_behavior === "inclusive" ? `${name} (included)` : name;
}

function sumOf(entries: { amount: number }[]): number {
  return entries.reduce((sum, { amount }) => sum + amount, 0);
}
