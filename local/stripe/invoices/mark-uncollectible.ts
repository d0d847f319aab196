import type Stripe from "stripe";
import type { Context } from "@/local/stripe/context";
import { emitEvent, saveAndTell } from "@/local/stripe/events/emit-event";

/** Writes an open invoice off; it can still be paid. https://docs.stripe.com/api/invoices/mark_uncollectible */
export function markUncollectible(context: Context, before: Stripe.Invoice): void {
  const invoice: Stripe.Invoice = {
    ...before,
    auto_advance: false,
    next_payment_attempt: null,
    status: "uncollectible",
    status_transitions: { ...before.status_transitions, marked_uncollectible_at: context.now },
  };
  saveAndTell(context, "invoice", invoice, before, "invoice.updated");
  emitEvent(context, "invoice.marked_uncollectible", invoice);
}
