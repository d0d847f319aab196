import type Stripe from "stripe";
import type { Context } from "@/local/stripe/context";
import { emitEvent, saveAndTell } from "@/local/stripe/events/emit-event";
import { forgetDue } from "@/local/stripe/time/due";

/** Writes an open invoice off; it can still be paid. https://docs.stripe.com/api/invoices/mark_uncollectible */
export function markUncollectible(
  context: Context,
  before: Stripe.Invoice,
  reason: Stripe.Invoice.StatusDetails.Uncollectible.Reason | null = null,
): Stripe.Invoice {
  const invoice: Stripe.Invoice = {
    ...before,
    auto_advance: false,
    next_payment_attempt: null,
    status: "uncollectible",
    status_details: { uncollectible: { reason } },
    status_transitions: { ...before.status_transitions, marked_uncollectible_at: context.now },
  };
  forgetDue(context.store, invoice.id);
  saveAndTell(context, "invoice", invoice, before, "invoice.updated");
  emitEvent(context, "invoice.marked_uncollectible", invoice);
  return invoice;
}
