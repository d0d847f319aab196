import type Stripe from "stripe";
import { createBalanceTransaction } from "@/local/stripe/balance-transactions/create-balance-transaction";
import type { Context } from "@/local/stripe/context";
import { emitEvent, saveAndTell } from "@/local/stripe/events/emit-event";
import { getByPath, idOf } from "@/local/stripe/references";

/**
 * What becomes of a refund later: one that waited succeeds, one that seemed to have succeeded fails, and what it gave
 * back is the account's again. https://docs.stripe.com/refunds#failed-refunds
 */
export function settleRefund(context: Context, before: Stripe.Refund): void {
  if (before.status === "pending") {
    const { pending_reason: _over, ...settled } = before;
    tellRefund(context, { ...settled, status: "succeeded" }, before);
  } else if (before.status === "succeeded") {
    failRefund(context, before);
  }
}

/** Saves a changed refund and tells of it twice: under its own name and under the charge's, as Stripe does. */
export function tellRefund(context: Context, refund: Stripe.Refund, before: Stripe.Refund): void {
  saveAndTell(context, "refund", refund, before, "refund.updated");
  saveAndTell(context, "refund", refund, before, "charge.refund.updated");
}

function failRefund(context: Context, before: Stripe.Refund): void {
  const transaction = createBalanceTransaction(context, {
    type: "refund_failure",
    amount: before.amount,
    fee: 0,
    currency: before.currency,
    source: before.id,
    description: "REFUND FAILURE",
  });
  const failed: Stripe.Refund = {
    ...before,
    failure_balance_transaction: transaction.id,
    failure_reason: "expired_or_canceled_card",
    status: "failed",
  };
  tellRefund(context, failed, before);
  emitEvent(context, "refund.failed", failed);
  if (before.charge === null) return;
  const charge = getByPath(context, "charge", idOf(before.charge));
  saveAndTell(
    context,
    "charge",
    { ...charge, amount_refunded: charge.amount_refunded - before.amount, refunded: false },
    charge,
    "charge.updated",
  );
}
