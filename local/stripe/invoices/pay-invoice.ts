import type Stripe from "stripe";
import type { Context } from "@/local/stripe/context";
import { emitEvent, saveAndTell } from "@/local/stripe/events/emit-event";
import { confirmPaymentIntent } from "@/local/stripe/payment-intents/confirm-payment-intent";
import { getByPath, idOf } from "@/local/stripe/references";
import { followFailedInvoice, followProcessingInvoice } from "@/local/stripe/subscriptions/follow-invoice";
import { findInvoicePayment } from "./invoice-payment";
import { planRetry, retryAfter } from "./retry-schedule";
import { findInvoiceOfIntent, settlePayment } from "./settle-invoice-payment";

/**
 * Attempts to pay an open invoice, tells how it went and what follows from it. Without a payment method the
 * attempt fails and nobody is asked. https://docs.stripe.com/billing/invoices/subscription
 * @param options.isScheduled an attempt by hand counts only if it is the first.
 *   https://docs.stripe.com/api/invoices/object#invoice_object-attempt_count
 * @param options.isOffSession the customer is not there to authenticate, which a card that was set up for it forgives.
 */
export function payInvoice(
  context: Context,
  invoice: Stripe.Invoice,
  method: Stripe.PaymentMethod | null,
  { isScheduled = true, isOffSession = true }: { isScheduled?: boolean; isOffSession?: boolean } = {},
): Stripe.Invoice {
  const payment = findInvoicePayment(context, invoice.id);
  const intentId = payment?.payment.payment_intent;
  if (!payment || !intentId) throw new Error(`The invoice ${invoice.id} has no payment intent.`);
  const isCounted = isScheduled || invoice.attempt_count === 0;
  const attempted: Stripe.Invoice = {
    ...invoice,
    attempt_count: invoice.attempt_count + (isCounted ? 1 : 0),
    attempted: true,
  };
  const intent = getByPath(context, "payment_intent", idOf(intentId));
  // A debit whose bank has not answered yet is not made twice.
  if (intent.status === "processing") return invoice;
  const confirmed =
    method &&
    confirmPaymentIntent(context, intent, method, {
      isOffSession,
      onChallenge: "ask",
      returnUrl: null,
    });
  if (confirmed?.status === "succeeded") return settlePayment(context, confirmed, attempted, invoice);
  if (confirmed?.status === "processing") return awaitBank(context, attempted, invoice);
  const needsAction = confirmed?.status === "requires_action";
  const failed: Stripe.Invoice = {
    ...attempted,
    // A first invoice whose customer is there to authenticate has not been refused.
    ...(needsAction && !invoice.auto_advance ? { attempt_count: invoice.attempt_count } : {}),
    next_payment_attempt: isCounted ? retryAfter(context, attempted) : invoice.next_payment_attempt,
  };
  return failAttempt(context, invoice, failed, { needsAction, isScheduled });
}

/** Whether a debit is under way: its bank has yet to answer. */
export function isBeingPaid(context: Context, invoice: Stripe.Invoice): boolean {
  const reference = findInvoicePayment(context, invoice.id)?.payment.payment_intent;
  return (
    reference !== undefined && getByPath(context, "payment_intent", idOf(reference)).status === "processing"
  );
}

/**
 * A debit failed days after it was begun. https://docs.stripe.com/payments/ach-direct-debit
 */
export function failDelayedPayment(context: Context, invoice: Stripe.Invoice): void {
  const failed: Stripe.Invoice = { ...invoice, next_payment_attempt: retryAfter(context, invoice) };
  failAttempt(context, invoice, failed, { needsAction: false, isScheduled: true });
}

/** The same where the customer began the debit with the invoice's intent. Does nothing for an intent without an invoice. */
export function followProcessingPayment(context: Context, intent: Stripe.PaymentIntent): void {
  const invoice = findInvoiceOfIntent(context, intent);
  if (invoice) awaitBank(context, { ...invoice, attempted: true }, invoice);
}

/**
 * A debit takes days: the invoice stays open meanwhile, and its subscription goes on as if it were paid.
 * https://docs.stripe.com/billing/subscriptions/overview#payment-status
 */
function awaitBank(context: Context, attempted: Stripe.Invoice, before: Stripe.Invoice): Stripe.Invoice {
  const waiting: Stripe.Invoice = { ...attempted, next_payment_attempt: null };
  saveAndTell(context, "invoice", waiting, before, "invoice.updated");
  followProcessingInvoice(context, waiting);
  return getByPath(context, "invoice", waiting.id);
}

/**
 * A bank that wants the customer to authenticate has not paid either; the customer can still do so with the intent.
 * https://docs.stripe.com/billing/subscriptions/overview#requires-action
 */
function failAttempt(
  context: Context,
  before: Stripe.Invoice,
  failed: Stripe.Invoice,
  { needsAction, isScheduled }: { needsAction: boolean; isScheduled: boolean },
): Stripe.Invoice {
  planRetry(context, failed);
  emitEvent(context, "invoice.payment_failed", failed);
  if (needsAction) emitEvent(context, "invoice.payment_action_required", failed);
  saveAndTell(context, "invoice", failed, before, "invoice.updated");
  followFailedInvoice(context, failed, isScheduled);
  return getByPath(context, "invoice", failed.id);
}
