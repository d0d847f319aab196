import type Stripe from "stripe";
import type { Context } from "@/local/stripe/context";
import { changeBalance } from "@/local/stripe/customer-balance/change-balance";
import { emitEvent, saveAndTell } from "@/local/stripe/events/emit-event";
import type { ParamsOf } from "@/local/stripe/http/params";
import { invalidRequest } from "@/local/stripe/http/stripe-api-error";
import { newId } from "@/local/stripe/ids";
import { closePayment } from "@/local/stripe/invoices/close-payment";
import { findPayingCharge } from "@/local/stripe/invoices/find-paying-charge";
import { markInvoicePaid } from "@/local/stripe/invoices/mark-invoice-paid";
import { resizePayment } from "@/local/stripe/invoices/open-payment";
import { formatMoney } from "@/local/stripe/money";
import { getByParam, idOf } from "@/local/stripe/references";
import { createRefund } from "@/local/stripe/refunds/create-refund";
import { insertObject } from "@/local/stripe/store/store";
import { buildCreditNote } from "./build-credit-note";
import { creditNoteLines } from "./credit-note-lines";
import type { creditNoteCreateParams } from "./credit-note-params";
import { listCreditNotes } from "./list-credit-notes";

type Params = ParamsOf<typeof creditNoteCreateParams>;

/**
 * Credits a finalized invoice. What is still to be paid goes down first; what was paid already is refunded, credited to
 * the customer's balance or given back outside of Stripe, as the parameters say.
 * https://docs.stripe.com/api/credit_notes/create
 */
export function issueCreditNote(context: Context, params: Params): Stripe.CreditNote {
  const invoice = getByParam(context, "invoice", params.invoice, "invoice");
  checkIsFinalized(invoice);
  const issued = listCreditNotes(context.store, invoice);
  const lines = creditNoteLines(context, invoice, params, issued.filter(isValid));
  const id = newId("cn");
  const draft = buildCreditNote(context, id, invoice, lines, params, issued.length);
  const credited = issued.filter(isValid).reduce((sum, note) => sum + note.total, 0);
  checkAmounts(context, invoice, draft, params, credited);
  const refunds = [...linkRefunds(context, draft, params), ...refund(context, invoice, draft, params)];
  const transaction = params.credit_amount
    ? changeBalance(context, {
        customer: idOf(draft.customer),
        amount: -params.credit_amount,
        currency: draft.currency,
        type: "credit_note",
        creditNote: id,
        invoice: invoice.id,
      })
    : null;
  const note: Stripe.CreditNote = {
    ...draft,
    customer_balance_transaction: transaction?.id ?? null,
    refunds,
  };
  insertObject(context.store, "credit_note", note, {});
  emitEvent(context, "credit_note.created", note);
  creditInvoice(context, invoice, note);
  return note;
}

function isValid(note: Stripe.CreditNote): boolean {
  return note.status === "issued";
}

function checkIsFinalized(invoice: Stripe.Invoice): void {
  if (invoice.status !== "draft" && invoice.status !== "void") return;
  throw invalidRequest(
    `You can only create credit notes for finalized invoices that are not void. The status of this invoice is ${invoice.status}.`,
    { param: "invoice" },
  );
}

function checkAmounts(
  context: Context,
  invoice: Stripe.Invoice,
  note: Stripe.CreditNote,
  params: Params,
  credited: number,
): void {
  const left = Math.max(0, invoice.total - credited - refundedElsewhere(context, invoice));
  if (note.total > left) {
    throw invalidRequest(
      `The credit note amount (${formatMoney(note.total, note.currency)}) is greater than what is left to credit on this invoice (${formatMoney(left, note.currency)}).`,
      { param: params.amount === undefined ? "lines" : "amount" },
    );
  }
  const linked = (params.refunds ?? []).reduce(
    (sum, { refund: id, amount_refunded: amount }, index) =>
      sum + (amount ?? getByParam(context, "refund", id, `refunds[${index}][refund]`).amount),
    0,
  );
  const given =
    linked + (params.refund_amount ?? 0) + (params.credit_amount ?? 0) + (params.out_of_band_amount ?? 0);
  if (given === note.post_payment_amount) return;
  throw invalidRequest(
    `The sum of refunds, credit amount, and out of band amount (${formatMoney(given, note.currency)}) must equal the credit note post_payment_amount (${formatMoney(note.post_payment_amount, note.currency)}).`,
  );
}

/** Refunds that no credit note knows of take from what can be credited. https://docs.stripe.com/api/credit_notes/create */
function refundedElsewhere(context: Context, invoice: Stripe.Invoice): number {
  const charge = findPayingCharge(context.store, invoice);
  if (!charge) return 0;
  const known = listCreditNotes(context.store, invoice)
    .filter(isValid)
    .flatMap((note) => note.refunds)
    .reduce((sum, each) => sum + each.amount_refunded, 0);
  return Math.max(0, charge.amount_refunded - known);
}

function linkRefunds(context: Context, note: Stripe.CreditNote, params: Params): Stripe.CreditNote.Refund[] {
  return (params.refunds ?? []).map(({ refund: id, amount_refunded: amount }, index) => {
    const param = `refunds[${index}][refund]`;
    const linked = getByParam(context, "refund", id, param);
    if (linked.currency !== note.currency || (amount ?? 0) > linked.amount) {
      throw invalidRequest(`The refund ${id} cannot be linked to this credit note.`, { param });
    }
    return refundEntry(id, amount ?? linked.amount);
  });
}

function refund(
  context: Context,
  invoice: Stripe.Invoice,
  note: Stripe.CreditNote,
  params: Params,
): Stripe.CreditNote.Refund[] {
  const amount = params.refund_amount ?? 0;
  if (amount === 0) return [];
  const charge = findPayingCharge(context.store, invoice);
  if (!charge) {
    throw invalidRequest("This invoice was not paid by a charge, so there is nothing to refund.", {
      param: "refund_amount",
    });
  }
  const left = charge.amount - charge.amount_refunded;
  if (amount > left) {
    throw invalidRequest(
      `Refund amount (${formatMoney(amount, note.currency)}) is greater than unrefunded amount on charge (${formatMoney(left, note.currency)})`,
      { param: "refund_amount" },
    );
  }
  const { id } = createRefund(context, charge, { amount, reason: null, metadata: {} });
  return [refundEntry(id, amount)];
}

function refundEntry(id: string, amount: number): Stripe.CreditNote.Refund {
  return { amount_refunded: amount, payment_record_refund: null, refund: id, type: "refund" };
}

/** An open invoice that is credited in full is paid. https://docs.stripe.com/invoicing/dashboard/credit-notes */
function creditInvoice(context: Context, before: Stripe.Invoice, note: Stripe.CreditNote): void {
  const invoice: Stripe.Invoice = {
    ...before,
    amount_due: before.amount_due - note.pre_payment_amount,
    amount_remaining: before.amount_remaining - note.pre_payment_amount,
    post_payment_credit_notes_amount: before.post_payment_credit_notes_amount + note.post_payment_amount,
    pre_payment_credit_notes_amount: before.pre_payment_credit_notes_amount + note.pre_payment_amount,
  };
  if (note.pre_payment_amount > 0 && invoice.amount_remaining === 0) {
    closePayment(context, invoice, "automatic");
    markInvoicePaid(context, invoice, before, false);
    return;
  }
  saveAndTell(context, "invoice", invoice, before, "invoice.updated");
  if (note.pre_payment_amount > 0) resizePayment(context, invoice);
}
