import type Stripe from "stripe";
import type { AppliedCredit } from "@/local/stripe/billing-credits/apply-credits";
import type { Context } from "@/local/stripe/context";
import { activeDiscounts } from "@/local/stripe/discounts/active-discounts";
import type { AppliedDiscount } from "@/local/stripe/discounts/discount-amounts";
import { getByParam, idOf } from "@/local/stripe/references";
import { findObject } from "@/local/stripe/store/store";
import { automaticExemption, automaticRates } from "@/local/stripe/tax/automatic-rates";
import { listTaxIds } from "@/local/stripe/tax/tax-ids";
import { taxLocation } from "@/local/stripe/tax/tax-location";
import { taxBehaviorIn } from "@/local/stripe/tax/tax-settings";
import { composeInvoice } from "./compose-invoice";
import type { InvoiceTerms, LineTerms } from "./line-terms";
import { settleBalance } from "./settle-balance";

const NO_TERMS: LineTerms = { taxRates: [], taxBehavior: "unspecified" };

/**
 * A draft with everything that follows from its lines, its discounts, its tax rates and its customer worked out anew.
 * Changes nothing stored; what applies credits does, when the invoice is finalized. Until it is finalized an invoice follows its customer.
 * https://docs.stripe.com/api/invoices/object#invoice_object-customer_address
 */
export function recomputeInvoice(
  context: Context,
  draft: Stripe.Invoice,
  terms: InvoiceTerms,
  customer: Stripe.Customer = customerOf(context, draft),
  applyCredits?: (line: Stripe.InvoiceLineItem, amount: number) => AppliedCredit[],
): Stripe.Invoice {
  const isTaxAutomatic = draft.automatic_tax.enabled;
  const taxExempt = isTaxAutomatic
    ? automaticExemption(context, customer, addressOf(customer))
    : (customer.tax_exempt ?? "none");
  const rates = isTaxAutomatic
    ? automaticRates(context, addressOf(customer), taxExempt)
    : draft.default_tax_rates;
  const composed = composeInvoice({
    lines: draft.lines.data.map((line) => {
      const { taxRates, taxBehavior } = terms.lines[line.id] ?? NO_TERMS;
      return {
        amount: line.amount,
        discountable: line.discountable,
        product: line.pricing?.price_details?.product ?? null,
        ownDiscounts: discountsOf(context, draft, line.discounts),
        taxBehavior: isTaxAutomatic ? taxBehaviorIn(context, taxBehavior, draft.currency) : taxBehavior,
        rates: taxRates.length > 0 ? taxRates.flatMap((id) => findRate(context, id)) : rates,
        ...(applyCredits ? { applyCredits: (amount) => applyCredits(line, amount) } : {}),
      };
    }),
    discounts: discountsOf(context, draft, draft.discounts),
    taxExempt,
    isTaxAutomatic,
  });
  const balance = balanceIn(customer, draft.currency);
  const { amountDue } = settleBalance(composed.totals.total, balance, draft.currency);
  return {
    ...draft,
    ...customerDetails(context, customer),
    ...composed.totals,
    amount_due: amountDue,
    amount_remaining: amountDue,
    automatic_tax: automaticTaxOf(draft, customer),
    lines: {
      ...draft.lines,
      data: draft.lines.data.map((line, index) => ({ ...line, ...composed.lines[index] })),
    },
    starting_balance: balance,
  };
}

/** The balance counts towards invoices in the customer's own currency. https://docs.stripe.com/billing/customer/balance */
function balanceIn(customer: Stripe.Customer, currency: string): number {
  return customer.currency === null || customer.currency === currency ? customer.balance : 0;
}

/** Automatic tax needs to know where the customer is. https://docs.stripe.com/tax/customer-locations */
export function hasTaxLocation(customer: Stripe.Customer): boolean {
  return taxLocation(addressOf(customer)) !== null;
}

function customerOf(context: Context, invoice: Stripe.Invoice): Stripe.Customer {
  if (invoice.customer === null) throw new Error(`The invoice ${invoice.id} has no customer.`);
  return getByParam(context, "customer", idOf(invoice.customer), "customer");
}

function addressOf(customer: Stripe.Customer): Partial<Stripe.Address> | null {
  return customer.address ?? customer.shipping?.address ?? null;
}

function findRate(context: Context, id: string): Stripe.TaxRate[] {
  const rate = findObject(context.store, "tax_rate", id);
  return rate ? [rate] : [];
}

/** The discounts as they count when the invoice is made; one that ends while it is a draft stays on it. */
function discountsOf(
  context: Context,
  draft: Stripe.Invoice,
  references: (string | { id: string })[],
): AppliedDiscount[] {
  if (references.length === 0) return [];
  return activeDiscounts(context, references.map(idOf), draft.created, draft.currency);
}

function automaticTaxOf(draft: Stripe.Invoice, customer: Stripe.Customer): Stripe.Invoice.AutomaticTax {
  if (!draft.automatic_tax.enabled) return draft.automatic_tax;
  return {
    ...draft.automatic_tax,
    status: hasTaxLocation(customer) ? "complete" : "requires_location_inputs",
  };
}

function customerDetails(context: Context, customer: Stripe.Customer) {
  return {
    customer_address: customer.address ?? null,
    customer_email: customer.email,
    customer_name: customer.name ?? null,
    customer_phone: customer.phone ?? null,
    customer_shipping: customer.shipping,
    customer_tax_exempt: customer.tax_exempt ?? "none",
    customer_tax_ids: listTaxIds(context, customer.id)
      .map(({ type, value }) => ({ type, value }))
      .reverse(),
  };
}
