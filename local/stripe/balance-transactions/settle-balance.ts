import type Stripe from "stripe";
import type { Context } from "@/local/stripe/context";
import { runSql } from "@/local/stripe/store/store";

/**
 * Makes available what is due to be, from the transaction on that it was planned under: what is older was settled
 * before. https://docs.stripe.com/api/balance_transactions/object#balance_transaction_object-status
 */
export function settleBalance(context: Context, first: Stripe.BalanceTransaction): void {
  const sql = `update objects set body = json_set(body, '$.status', 'available')
    where type = 'balance_transaction' and deleted = 0 and test_clock is ?
      and seq >= (select seq from objects where id = ?)
      and json_extract(body, '$.status') = 'pending' and json_extract(body, '$.available_on') <= ?`;
  runSql(context.store, sql, context.store.testClock, first.id, context.now);
}
