import type Stripe from "stripe";
import type { AppliedCredit } from "@/local/stripe/billing-credits/apply-credits";
import { type AppliedDiscount, discountAmounts } from "@/local/stripe/discounts/discount-amounts";
import { type LineTax, lineTaxes } from "@/local/stripe/tax/line-taxes";
import type { TaxBehavior } from "./line-terms";

/** A line with everything its price depends on. */
export type PricedLine = {
  amount: number;
  discountable: boolean;
  product: string | null;
  ownDiscounts: AppliedDiscount[];
  taxBehavior: TaxBehavior;
  rates: Stripe.TaxRate[];
  /** What pays it with credits, given what discounts leave; absent where none are used. */
  applyCredits?: (amount: number) => AppliedCredit[];
};

export type InvoiceToCompose = {
  lines: PricedLine[];
  discounts: AppliedDiscount[];
  /** `exempt` and `reverse` customers are charged no tax. https://docs.stripe.com/billing/taxes/tax-rates */
  taxExempt: string;
  isTaxAutomatic: boolean;
};

export type ComposedLine = Required<
  Pick<Stripe.InvoiceLineItem, "discount_amounts" | "pretax_credit_amounts" | "taxes">
>;

export type ComposedInvoice = {
  lines: ComposedLine[];
  totals: Pick<
    Stripe.Invoice,
    | "subtotal"
    | "subtotal_excluding_tax"
    | "total"
    | "total_excluding_tax"
    | "total_discount_amounts"
    | "total_pretax_credit_amounts"
    | "total_taxes"
  >;
};

/**
 * What an invoice comes to: discounts line by line, credits, tax on what they leave, and the sums. The one computation behind
 * drafts, their changes, what is charged and every preview.
 *
 * `subtotal` has the lines' own discounts in it and neither the invoice's nor exclusive tax; `total` has everything.
 * https://docs.stripe.com/api/invoices/object
 */
export function composeInvoice(input: InvoiceToCompose): ComposedInvoice {
  const taken = discountAmounts(input.lines, input.discounts);
  const lines = input.lines.map((line, index) => composeLine(input, line, taken[index] ?? []));
  const subtotal = sum(lines.map((line) => line.subtotal));
  const afterDiscounts = sum(lines.map((line) => line.net));
  const exclusive = sum(lines.flatMap(({ taxes }) => taxes.filter((tax) => !tax.inclusive).map(amountOf)));
  const inclusive = sum(lines.flatMap(({ taxes }) => taxes.filter((tax) => tax.inclusive).map(amountOf)));
  const discounts = lines.flatMap(({ composed }) => composed.discount_amounts ?? []);
  const credits = lines.flatMap((line) => line.credits);
  return {
    lines: lines.map(({ composed }) => composed),
    totals: {
      subtotal,
      subtotal_excluding_tax: subtotal - sum(lines.map((line) => line.inclusiveInSubtotal)),
      total: afterDiscounts + exclusive,
      total_excluding_tax: afterDiscounts - inclusive,
      total_discount_amounts: totalDiscounts(discounts),
      total_pretax_credit_amounts: pretaxCredits(totalDiscounts(discounts), credits),
      total_taxes: totalTaxes(lines.flatMap(({ composed }) => composed.taxes ?? [])),
    },
  };
}

function composeLine(
  input: InvoiceToCompose,
  line: PricedLine,
  taken: { discount: string; amount: number }[],
) {
  const ownIds = line.ownDiscounts.map(({ discount }) => discount);
  const own = sum(taken.filter(({ discount }) => ownIds.includes(discount)).map(amountOf));
  const afterDiscounts = line.amount - sum(taken.map(amountOf));
  const credits = line.applyCredits?.(afterDiscounts) ?? [];
  const net = afterDiscounts - sum(credits.map(amountOf));
  const taxes = taxesOn(input, line, net);
  const taxesBefore = net === line.amount - own ? taxes : taxesOn(input, line, line.amount - own);
  const composed: ComposedLine = {
    discount_amounts: taken,
    pretax_credit_amounts: pretaxCredits(taken, credits),
    taxes: taxes.map((tax) => taxOf(input, tax)),
  };
  return {
    composed,
    credits,
    taxes,
    net,
    subtotal: line.amount - own,
    inclusiveInSubtotal: sum(taxesBefore.filter((tax) => tax.inclusive).map(amountOf)),
  };
}

function taxesOn({ taxExempt }: InvoiceToCompose, line: PricedLine, amount: number): LineTax[] {
  const taxes = lineTaxes({ amount, taxBehavior: line.taxBehavior, rates: line.rates });
  if (taxExempt === "none") return taxes;
  return taxes.map((tax) => ({ ...tax, amount: 0, taxableAmount: 0 }));
}

function taxOf(input: InvoiceToCompose, tax: LineTax): Stripe.InvoiceLineItem.Tax {
  return {
    amount: tax.amount,
    tax_behavior: tax.inclusive ? "inclusive" : "exclusive",
    tax_rate_details: { tax_rate: tax.rate },
    taxability_reason: reasonOf(input),
    taxable_amount: tax.taxableAmount,
    type: "tax_rate_details",
  };
}

/** Only automatic tax knows why it is due. */
function reasonOf(input: InvoiceToCompose): Stripe.InvoiceLineItem.Tax.TaxabilityReason {
  if (input.taxExempt === "reverse") return "reverse_charge";
  if (input.taxExempt === "exempt") return "customer_exempt";
  return input.isTaxAutomatic ? "standard_rated" : "not_available";
}

/** One sum per discount, in the order they first appear. */
function totalDiscounts(
  amounts: Stripe.InvoiceLineItem.DiscountAmount[],
): { discount: string; amount: number }[] {
  const sums = new Map<string, number>();
  for (const { discount, amount } of amounts) {
    const id = typeof discount === "string" ? discount : discount.id;
    sums.set(id, (sums.get(id) ?? 0) + amount);
  }
  return [...sums].map(([discount, amount]) => ({ discount, amount }));
}

function pretaxCredits(
  discounts: { discount: string; amount: number }[],
  credits: AppliedCredit[],
): Stripe.InvoiceLineItem.PretaxCreditAmount[] {
  return [
    ...discounts.map(({ discount, amount }) => ({ amount, discount, type: "discount" })),
    ...credits.map(({ creditBalanceTransaction, amount }) => ({
      amount,
      credit_balance_transaction: creditBalanceTransaction,
      type: "credit_balance_transaction",
    })),
  ];
}

/** One sum per rate, behaviour and reason. */
function totalTaxes(taxes: Stripe.InvoiceLineItem.Tax[]): Stripe.Invoice.TotalTax[] {
  const sums = new Map<string, Stripe.Invoice.TotalTax>();
  for (const tax of taxes) {
    const key = `${tax.tax_rate_details?.tax_rate} ${tax.tax_behavior} ${tax.taxability_reason}`;
    const known = sums.get(key);
    sums.set(key, {
      ...tax,
      amount: tax.amount + (known?.amount ?? 0),
      taxable_amount: (tax.taxable_amount ?? 0) + (known?.taxable_amount ?? 0),
    });
  }
  return [...sums.values()];
}

function amountOf({ amount }: { amount: number }): number {
  return amount;
}

function sum(amounts: number[]): number {
  return amounts.reduce((total, amount) => total + amount, 0);
}
