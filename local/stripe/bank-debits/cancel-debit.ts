import type Stripe from "stripe";
import type { Context } from "@/local/stripe/context";
import { emitEvent } from "@/local/stripe/events/emit-event";
import { findObject, saveObject } from "@/local/stripe/store/store";
import { forgetDue } from "@/local/stripe/time/due";

/** Calls a debit back that its bank has not answered yet, with the intent it was for. */
export function cancelDebit(context: Context, intent: Stripe.PaymentIntent): void {
  const { latest_charge: reference } = intent;
  const charge = typeof reference === "string" ? findObject(context.store, "charge", reference) : null;
  if (charge?.status !== "pending") return;
  forgetDue(context.store, charge.id, "settle_debit");
  const canceled: Stripe.Charge = {
    ...charge,
    amount_captured: 0,
    captured: false,
    failure_message: "The payment was canceled.",
    status: "failed",
  };
  saveObject(context.store, "charge", canceled);
  emitEvent(context, "charge.failed", canceled);
}
