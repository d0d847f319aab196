import type Stripe from "stripe";
import type { Context } from "@/local/stripe/context";
import { newId } from "@/local/stripe/ids";
import { insertObject, queryRows } from "@/local/stripe/store/store";
import { planDue } from "@/local/stripe/time/due";

const DAY_SECONDS = 24 * 60 * 60;

export type NewBalanceTransaction = {
  type: "adjustment" | "charge" | "payment" | "refund" | "refund_failure";
  /** What reports count it under, where that is not its type. */
  reportingCategory?: string;
  /** What the balance gains; negative where it loses. */
  amount: number;
  fee: number;
  feeDescription?: string;
  currency: string;
  /** The charge, refund or dispute behind it. */
  source: string;
  description: string | null;
  isAvailableNow?: boolean;
};

/**
 * Records a movement of the account's balance. It is pending at first and available at midnight (UTC) two days later, or
 * at once. https://docs.stripe.com/payments/balances
 */
export function createBalanceTransaction(
  context: Context,
  input: NewBalanceTransaction,
): Stripe.BalanceTransaction {
  const { type, amount, fee, currency, source, description } = input;
  const isAvailableNow = input.isAvailableNow ?? false;
  const availableOn = isAvailableNow ? context.now : midnightAfter(context.now + DAY_SECONDS);
  const transaction: Stripe.BalanceTransaction = {
    id: newId("txn"),
    object: "balance_transaction",
    amount,
    available_on: availableOn,
    balance_type: "payments",
    created: context.now,
    currency,
    description,
    exchange_rate: null,
    fee,
    fee_details:
      fee === 0
        ? []
        : [
            {
              amount: fee,
              application: null,
              currency,
              description: input.feeDescription ?? "Stripe processing fees",
              type: "stripe_fee",
            },
          ],
    net: amount - fee,
    reporting_category: input.reportingCategory ?? type,
    source,
    status: isAvailableNow ? "available" : "pending",
    type,
  };
  insertObject(context.store, "balance_transaction", transaction, {});
  if (!isAvailableNow) planSettlement(context, transaction);
  return transaction;
}

function midnightAfter(moment: number): number {
  return (Math.floor(moment / DAY_SECONDS) + 1) * DAY_SECONDS;
}

/** All that becomes available at one midnight does so in one go, planned under the first of them. */
function planSettlement(context: Context, { id, available_on: at }: Stripe.BalanceTransaction): void {
  const sql = "select 1 from due where test_clock is ? and at = ? and kind = 'settle_balance'";
  if (queryRows(context.store, sql, context.store.testClock, at).length > 0) return;
  planDue(context.store, { at, kind: "settle_balance", objectId: id });
}
