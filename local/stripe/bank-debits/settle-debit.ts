import type Stripe from "stripe";
import { createBalanceTransaction } from "@/local/stripe/balance-transactions/create-balance-transaction";
import { receiptUrl } from "@/local/stripe/charges/receipt-url";
import { followDelayedPayment } from "@/local/stripe/checkout-sessions/follow-delayed-payment";
import type { Context } from "@/local/stripe/context";
import { emitEvent } from "@/local/stripe/events/emit-event";
import { failDelayedPayment } from "@/local/stripe/invoices/pay-invoice";
import { findInvoiceOfIntent, settleInvoicePayment } from "@/local/stripe/invoices/settle-invoice-payment";
import { failIntent } from "@/local/stripe/payment-intents/charge-intent";
import { getByPath, idOf } from "@/local/stripe/references";
import { readHidden, saveObject } from "@/local/stripe/store/store";
import { debitFee } from "./debit-details";

/**
 * The bank has answered: the intent succeeds or fails at last, and with it the invoice it pays and the checkout session it
 * was begun in. https://docs.stripe.com/payments/ach-direct-debit
 */
export function settleDebit(context: Context, charge: Stripe.Charge): void {
  if (charge.status !== "pending" || charge.payment_intent === null || charge.payment_method === null) return;
  const intent = getByPath(context, "payment_intent", idOf(charge.payment_intent));
  const { debit } = readHidden(context.store, "payment_method", charge.payment_method);
  const invoice = findInvoiceOfIntent(context, intent);
  if (debit?.kind === "fails") {
    failDebit(context, charge, intent, debit);
    if (invoice) failDelayedPayment(context, invoice);
  } else {
    settleInvoicePayment(context, succeed(context, charge, intent));
  }
  const outcome = debit?.kind === "fails" ? "failed" : "succeeded";
  followDelayedPayment(context, intent.id, invoice?.id ?? null, outcome);
}

function succeed(
  context: Context,
  charge: Stripe.Charge,
  intent: Stripe.PaymentIntent,
): Stripe.PaymentIntent {
  const transaction = createBalanceTransaction(context, {
    type: "payment",
    reportingCategory: "charge",
    amount: charge.amount,
    fee: debitFee(charge.amount),
    currency: charge.currency,
    source: charge.id,
    description: charge.description,
  });
  const settled: Stripe.Charge = {
    ...charge,
    balance_transaction: transaction.id,
    paid: true,
    receipt_url: receiptUrl(context, charge.id),
    status: "succeeded",
  };
  saveObject(context.store, "charge", settled);
  emitEvent(context, "charge.succeeded", settled);
  const paid: Stripe.PaymentIntent = { ...intent, amount_received: intent.amount, status: "succeeded" };
  saveObject(context.store, "payment_intent", paid);
  emitEvent(context, "payment_intent.succeeded", paid);
  return paid;
}

function failDebit(
  context: Context,
  charge: Stripe.Charge,
  intent: Stripe.PaymentIntent,
  { code, message }: { code: string; message: string },
): void {
  const failed: Stripe.Charge = {
    ...charge,
    amount_captured: 0,
    captured: false,
    failure_code: code,
    failure_message: message,
    status: "failed",
  };
  saveObject(context.store, "charge", failed);
  emitEvent(context, "charge.failed", failed);
  failIntent(context, intent, charge.id, {
    type: "invalid_request_error",
    charge: charge.id,
    code,
    doc_url: `https://stripe.com/docs/error-codes/${code.replaceAll("_", "-")}`,
    message,
    payment_method: getByPath(context, "payment_method", idOf(intent.payment_method ?? "")),
  });
}
