import type Stripe from "stripe";
import { createBalanceTransaction } from "@/local/stripe/balance-transactions/create-balance-transaction";
import type { Context } from "@/local/stripe/context";
import { emitEvent } from "@/local/stripe/events/emit-event";
import { idOf } from "@/local/stripe/references";
import { findObject, saveObject } from "@/local/stripe/store/store";
import { disputeFee } from "./dispute-terms";

/**
 * Takes the disputed amount, and the fee for it, out of the balance; saves the dispute.
 * https://docs.stripe.com/disputes/how-disputes-work
 */
export function withdrawFunds(context: Context, before: Stripe.Dispute): Stripe.Dispute {
  const transaction = createBalanceTransaction(context, {
    type: "adjustment",
    reportingCategory: "dispute",
    amount: -before.amount,
    fee: disputeFee(before.currency),
    feeDescription: "Dispute fee",
    currency: before.currency,
    source: before.id,
    description: `Chargeback withdrawal for ${idOf(before.charge)}`,
  });
  return withTransaction(context, before, transaction);
}

/** Gives the disputed amount back; the fee stays with Stripe. https://docs.stripe.com/disputes/how-disputes-work */
export function reinstateFunds(context: Context, before: Stripe.Dispute): Stripe.Dispute {
  const transaction = createBalanceTransaction(context, {
    type: "adjustment",
    reportingCategory: "dispute_reversal",
    amount: before.amount,
    fee: 0,
    currency: before.currency,
    source: before.id,
    description: `Chargeback reversal for ${idOf(before.charge)}`,
  });
  return withTransaction(context, before, transaction);
}

/** Tells that money was moved, with the dispute as it is. */
export function tellFunds(
  context: Context,
  dispute: Stripe.Dispute,
  moved: "withdrawn" | "reinstated",
): void {
  const type = moved === "withdrawn" ? "charge.dispute.funds_withdrawn" : "charge.dispute.funds_reinstated";
  emitEvent(context, type, dispute);
}

/** The dispute with its balance transactions as they are by now: they become available in time. */
export function withCurrentTransactions(context: Context, dispute: Stripe.Dispute): Stripe.Dispute {
  return {
    ...dispute,
    balance_transactions: dispute.balance_transactions.map(
      (transaction) => findObject(context.store, "balance_transaction", transaction.id) ?? transaction,
    ),
  };
}

function withTransaction(
  context: Context,
  before: Stripe.Dispute,
  transaction: Stripe.BalanceTransaction,
): Stripe.Dispute {
  const dispute: Stripe.Dispute = {
    ...before,
    balance_transactions: [...before.balance_transactions, transaction],
  };
  saveObject(context.store, "dispute", dispute);
  return dispute;
}
