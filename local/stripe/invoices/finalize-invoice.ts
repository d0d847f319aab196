import type Stripe from "stripe";
import { creditsFor } from "@/local/stripe/billing-credits/apply-credits";
import type { Context } from "@/local/stripe/context";
import { changeBalance } from "@/local/stripe/customer-balance/change-balance";
import { emitEvent } from "@/local/stripe/events/emit-event";
import { getByParam, idOf } from "@/local/stripe/references";
import { readHidden, saveObject } from "@/local/stripe/store/store";
import { forgetDue, planDue } from "@/local/stripe/time/due";
import { endUsedDiscounts } from "./end-used-discounts";
import { markInvoicePaid } from "./mark-invoice-paid";
import { openPayment } from "./open-payment";
import { hasTaxLocation, recomputeInvoice } from "./recompute-invoice";
import { type BalanceSettlement, settleBalance } from "./settle-balance";

/**
 * Fixes a draft's amounts, applies credits and the customer's balance, numbers and opens it. With money due it gets its payment
 * intent; with nothing due it is paid at once. https://docs.stripe.com/invoicing/integration/workflow-transitions
 */
export function finalizeInvoice(
  context: Context,
  draft: Stripe.Invoice,
  autoAdvance = draft.auto_advance,
): Stripe.Invoice {
  if (draft.customer === null) throw new Error(`The invoice ${draft.id} has no customer.`);
  const customer = getByParam(context, "customer", idOf(draft.customer), "customer");
  const terms = readHidden(context.store, "invoice", draft.id);
  const computed = recomputeInvoice(
    context,
    withTaxSettled(draft, customer),
    terms,
    customer,
    creditsFor(context, draft),
  );
  const { starting_balance: balance, currency, total } = computed;
  const settlement = settleBalance(total, balance, currency);
  const invoice: Stripe.Invoice = {
    ...computed,
    auto_advance: autoAdvance,
    automatically_finalizes_at: null,
    effective_at: draft.effective_at ?? context.now,
    ending_balance: settlement.endingBalance,
    hosted_invoice_url: `${context.baseUrl}/invoices/${draft.id}/hosted`,
    invoice_pdf: `${context.baseUrl}/invoices/${draft.id}/pdf`,
    number: draft.number ?? takeNumber(context, customer),
    status: "open",
    status_transitions: { ...draft.status_transitions, finalized_at: context.now },
  };
  saveObject(context.store, "invoice", invoice);
  forgetDue(context.store, invoice.id, "finalize_invoice");
  moveBalance(context, invoice, customer.id, settlement);
  emitEvent(context, "invoice.finalized", invoice);
  endUsedDiscounts(context, invoice);
  if (invoice.amount_due === 0) return markInvoicePaid(context, invoice);
  openPayment(context, invoice, customer.id);
  if (invoice.due_date !== null) {
    planDue(context.store, { at: invoice.due_date, kind: "pass_due_date", objectId: invoice.id });
  }
  return invoice;
}

/** Invoices are numbered per customer. https://docs.stripe.com/invoicing/customize#configure-invoice-numbering */
function takeNumber(context: Context, customer: Stripe.Customer): string {
  const sequence = customer.next_invoice_sequence ?? 1;
  saveObject(context.store, "customer", { ...customer, next_invoice_sequence: sequence + 1 });
  return `${customer.invoice_prefix}-${String(sequence).padStart(4, "0")}`;
}

/** Tax that cannot be worked out for want of an address is turned off rather than guessed. */
function withTaxSettled(draft: Stripe.Invoice, customer: Stripe.Customer): Stripe.Invoice {
  if (!draft.automatic_tax.enabled || hasTaxLocation(customer)) return draft;
  return {
    ...draft,
    automatic_tax: {
      disabled_reason: "finalization_requires_location_inputs",
      enabled: false,
      liability: null,
      provider: null,
      status: null,
    },
  };
}

function moveBalance(
  context: Context,
  { id, currency }: Stripe.Invoice,
  customer: string,
  { applied, tooSmall }: BalanceSettlement,
): void {
  const change = { customer, currency, invoice: id };
  if (applied !== 0) changeBalance(context, { ...change, amount: applied, type: "applied_to_invoice" });
  if (tooSmall !== 0) changeBalance(context, { ...change, amount: tooSmall, type: "invoice_too_small" });
}
