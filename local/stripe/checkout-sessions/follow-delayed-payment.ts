import type Stripe from "stripe";
import type { Context } from "@/local/stripe/context";
import { emitEvent } from "@/local/stripe/events/emit-event";
import { fieldEquals, listAllObjects } from "@/local/stripe/store/list-objects";
import { readHidden, saveHidden, saveObject } from "@/local/stripe/store/store";

/**
 * Tells how a payment ended that was under way when its session was completed. What comes of later attempts is no longer
 * the session's.
 * https://docs.stripe.com/checkout/fulfillment#handle-async-payments
 */
export function followDelayedPayment(
  context: Context,
  intentId: string,
  invoiceId: string | null,
  outcome: "succeeded" | "failed",
): void {
  const waiting = listAllObjects(context.store, "checkout.session", [
    fieldEquals("$.status", "complete"),
    fieldEquals("$.payment_status", "unpaid"),
  ]).filter(
    (session) => session.payment_intent === intentId || (invoiceId !== null && session.invoice === invoiceId),
  );
  for (const before of waiting) {
    const plan = readHidden(context.store, "checkout.session", before.id);
    if (!plan.awaitsBank) continue;
    saveHidden(context.store, "checkout.session", before.id, { ...plan, awaitsBank: false });
    if (outcome === "failed") {
      emitEvent(context, "checkout.session.async_payment_failed", before);
      continue;
    }
    const session: Stripe.Checkout.Session = { ...before, payment_status: "paid" };
    saveObject(context.store, "checkout.session", session);
    emitEvent(context, "checkout.session.async_payment_succeeded", session);
  }
}
