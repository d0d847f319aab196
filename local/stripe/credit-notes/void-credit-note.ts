import type Stripe from "stripe";
import type { Context } from "@/local/stripe/context";
import { emitEvent, saveAndTell } from "@/local/stripe/events/emit-event";
import { invalidRequest } from "@/local/stripe/http/stripe-api-error";
import { resizePayment } from "@/local/stripe/invoices/open-payment";
import { getByPath, idOf } from "@/local/stripe/references";
import { saveObject } from "@/local/stripe/store/store";

/**
 * Takes a credit note back: the open invoice is owed as before. What was given back for a paid one stays given back.
 * https://docs.stripe.com/api/credit_notes/void
 */
export function voidCreditNote(context: Context, id: string): Stripe.CreditNote {
  const before = getByPath(context, "credit_note", id);
  if (before.status === "void") throw invalidRequest("This credit note has already been voided.");
  const invoice = getByPath(context, "invoice", idOf(before.invoice));
  const isOwing = invoice.status === "open" || invoice.status === "uncollectible";
  if (!isOwing || before.post_payment_amount > 0) {
    throw invalidRequest("You can only void credit notes of open invoices.");
  }
  const note: Stripe.CreditNote = { ...before, status: "void", voided_at: context.now };
  saveObject(context.store, "credit_note", note);
  emitEvent(context, "credit_note.voided", note);
  const owed: Stripe.Invoice = {
    ...invoice,
    amount_due: invoice.amount_due + note.pre_payment_amount,
    amount_remaining: invoice.amount_remaining + note.pre_payment_amount,
    pre_payment_credit_notes_amount: invoice.pre_payment_credit_notes_amount - note.pre_payment_amount,
  };
  saveAndTell(context, "invoice", owed, invoice, "invoice.updated");
  resizePayment(context, owed);
  return note;
}
