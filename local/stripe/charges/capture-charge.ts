import type Stripe from "stripe";
import type { Context } from "@/local/stripe/context";
import { followCapturedCharge } from "@/local/stripe/disputes/follow-captured-charge";
import { emitEvent } from "@/local/stripe/events/emit-event";
import { saveObject } from "@/local/stripe/store/store";
import { receiptUrl } from "./receipt-url";
import { recordChargeTransaction } from "./settle-charge";

/** Takes an amount of what was authorized; what is left counts as refunded. https://docs.stripe.com/api/charges/capture */
export function captureCharge(context: Context, before: Stripe.Charge, amount: number): Stripe.Charge {
  const captured: Stripe.Charge = {
    ...before,
    amount_captured: amount,
    amount_refunded: before.amount - amount,
    captured: true,
    receipt_url: receiptUrl(context, before.id),
  };
  const charge: Stripe.Charge = {
    ...captured,
    balance_transaction: recordChargeTransaction(context, captured),
  };
  saveObject(context.store, "charge", charge);
  emitEvent(context, "charge.captured", charge);
  return followCapturedCharge(context, charge);
}
