import type Stripe from "stripe";
import type { Context } from "@/local/stripe/context";
import { emitEvent, saveAndTell } from "@/local/stripe/events/emit-event";
import { followPaidInvoice } from "@/local/stripe/subscriptions/follow-invoice";
import { forgetDue } from "@/local/stripe/time/due";

/**
 * Marks an invoice paid in full and tells so. Also what happens to an invoice over nothing.
 * @param before the invoice as it was last saved, if `invoice` carries changes of its own.
 * @param isAttempted whether somebody was charged (or there was nothing to charge): one that was paid outside of
 *   Stripe or by a credit note was not. https://docs.stripe.com/api/events/types#event_types-invoice.paid
 */
export function markInvoicePaid(
  context: Context,
  invoice: Stripe.Invoice,
  before = invoice,
  isAttempted = true,
): Stripe.Invoice {
  const paid: Stripe.Invoice = {
    ...invoice,
    amount_paid: invoice.amount_due,
    amount_remaining: 0,
    attempted: isAttempted || invoice.attempted,
    auto_advance: false,
    next_payment_attempt: null,
    status: "paid",
    status_transitions: { ...invoice.status_transitions, paid_at: context.now },
  };
  forgetDue(context.store, paid.id);
  saveAndTell(context, "invoice", paid, before, "invoice.updated");
  emitEvent(context, "invoice.paid", paid);
  if (isAttempted) emitEvent(context, "invoice.payment_succeeded", paid);
  followPaidInvoice(context, paid);
  return paid;
}
