import type Stripe from "stripe";
import { reinstateCredits } from "@/local/stripe/billing-credits/reinstate-credits";
import type { Context } from "@/local/stripe/context";
import { changeBalance } from "@/local/stripe/customer-balance/change-balance";
import { emitEvent, saveAndTell } from "@/local/stripe/events/emit-event";
import { idOf } from "@/local/stripe/references";
import { forgetDue } from "@/local/stripe/time/due";
import { closePayment } from "./close-payment";

/**
 * Voids an open or written-off invoice: nobody owes it any more, its payment intent is canceled, and the balance and the
 * credits that were applied to it go back to the customer. Does nothing to any other.
 * https://docs.stripe.com/api/invoices/void and https://docs.stripe.com/changelog/2019-12-03/customer-balances-returned-voided-invoices
 */
export function voidInvoice(context: Context, before: Stripe.Invoice): Stripe.Invoice {
  if (before.status !== "open" && before.status !== "uncollectible") return before;
  const invoice: Stripe.Invoice = {
    ...before,
    auto_advance: false,
    next_payment_attempt: null,
    status: "void",
    status_transitions: { ...before.status_transitions, voided_at: context.now },
  };
  forgetDue(context.store, invoice.id);
  saveAndTell(context, "invoice", invoice, before, "invoice.updated");
  emitEvent(context, "invoice.voided", invoice);
  closePayment(context, invoice, "void_invoice");
  reinstateCredits(context, invoice);
  const applied = (invoice.ending_balance ?? 0) - invoice.starting_balance;
  if (applied !== 0 && invoice.customer !== null) {
    changeBalance(context, {
      customer: idOf(invoice.customer),
      amount: -applied,
      currency: invoice.currency,
      type: "unapplied_from_invoice",
      invoice: invoice.id,
    });
  }
  return invoice;
}
