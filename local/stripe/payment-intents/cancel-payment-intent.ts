import type Stripe from "stripe";
import { cancelDebit } from "@/local/stripe/bank-debits/cancel-debit";
import type { Context } from "@/local/stripe/context";
import { emitEvent } from "@/local/stripe/events/emit-event";
import { invalidRequest } from "@/local/stripe/http/stripe-api-error";
import { findInvoiceOfIntent } from "@/local/stripe/invoices/settle-invoice-payment";
import { releaseAuthorization } from "@/local/stripe/refunds/release-authorization";
import { saveObject } from "@/local/stripe/store/store";
import { forgetDue } from "@/local/stripe/time/due";
import { chargeOf } from "./capture-payment-intent";
import { unexpectedState } from "./unexpected-state";

const CANCELABLE = [
  "requires_payment_method",
  "requires_capture",
  "requires_confirmation",
  "requires_action",
  "processing",
] as const;

/** Cancels an intent that was not paid. https://docs.stripe.com/payments/paymentintents/lifecycle */
export function cancelPaymentIntent(
  context: Context,
  before: Stripe.PaymentIntent,
  reason: Stripe.PaymentIntent.CancellationReason | null,
): Stripe.PaymentIntent {
  const intent: Stripe.PaymentIntent = {
    ...before,
    amount_capturable: 0,
    canceled_at: context.now,
    cancellation_reason: reason,
    next_action: null,
    status: "canceled",
  };
  if (before.status === "processing") cancelDebit(context, before);
  saveObject(context.store, "payment_intent", intent);
  emitEvent(context, "payment_intent.canceled", intent);
  return intent;
}

/** The same on request: what was authorized is released. https://docs.stripe.com/api/payment_intents/cancel */
export function cancelIntentByRequest(
  context: Context,
  before: Stripe.PaymentIntent,
  reason: Stripe.PaymentIntent.CancellationReason | null,
): Stripe.PaymentIntent {
  if (!CANCELABLE.some((status) => status === before.status)) {
    throw unexpectedState(
      `You cannot cancel this PaymentIntent because it has a status of ${before.status}. Only a PaymentIntent with one of ` +
        `the following statuses may be canceled: ${CANCELABLE.join(", ")}.`,
      before,
    );
  }
  const invoice = findInvoiceOfIntent(context, before);
  if (invoice) {
    throw invalidRequest(
      `You cannot cancel this PaymentIntent because it was created by an Invoice. Void the invoice ${invoice.id} instead.`,
    );
  }
  if (before.status === "requires_capture") {
    forgetDue(context.store, before.id, "expire_authorization");
    releaseAuthorization(context, chargeOf(context, before), null);
  }
  return cancelPaymentIntent(context, before, reason);
}

/** Nobody captured the payment in time. https://docs.stripe.com/payments/place-a-hold-on-a-payment-method */
export function expireAuthorization(context: Context, intent: Stripe.PaymentIntent): void {
  if (intent.status !== "requires_capture") return;
  const charge = releaseAuthorization(context, chargeOf(context, intent), "expired_uncaptured_charge");
  emitEvent(context, "charge.expired", charge);
  cancelPaymentIntent(context, intent, "automatic");
}
