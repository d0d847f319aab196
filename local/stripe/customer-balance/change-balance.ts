import type Stripe from "stripe";
import type { Context } from "@/local/stripe/context";
import { saveAndTell } from "@/local/stripe/events/emit-event";
import { newId } from "@/local/stripe/ids";
import { refreshDrafts } from "@/local/stripe/invoices/refresh-drafts";
import { getByParam } from "@/local/stripe/references";
import { insertObject } from "@/local/stripe/store/store";

export type BalanceChange = {
  customer: string;
  /** In minor units: above zero the customer owes more, below zero less. */
  amount: number;
  currency: string;
  type: Stripe.CustomerBalanceTransaction.Type;
  invoice?: string;
  creditNote?: string;
  description?: string | null;
  metadata?: Record<string, string>;
};

/**
 * Changes what a customer has to its credit or owes: the ledger gets a transaction, the customer its new balance, and
 * `customer.updated` tells it. Drafts show the new balance. https://docs.stripe.com/billing/customer/balance
 */
export function changeBalance(context: Context, change: BalanceChange): Stripe.CustomerBalanceTransaction {
  const before = getByParam(context, "customer", change.customer, "customer");
  const transaction = recordBalanceChange(context, change, before.balance + change.amount);
  const customer: Stripe.Customer = {
    ...before,
    balance: transaction.ending_balance,
    currency: before.currency ?? change.currency,
  };
  saveAndTell(context, "customer", customer, before, "customer.updated");
  refreshDrafts(context, change.customer);
  return transaction;
}

/** The ledger's part of a change whose customer is saved elsewhere. */
export function recordBalanceChange(
  context: Context,
  change: BalanceChange,
  endingBalance: number,
): Stripe.CustomerBalanceTransaction {
  const transaction: Stripe.CustomerBalanceTransaction = {
    id: newId("cbtxn"),
    object: "customer_balance_transaction",
    amount: change.amount,
    checkout_session: null,
    created: context.now,
    credit_note: change.creditNote ?? null,
    currency: change.currency,
    customer: change.customer,
    customer_account: null,
    description: change.description ?? null,
    ending_balance: endingBalance,
    invoice: change.invoice ?? null,
    livemode: false,
    metadata: change.metadata ?? {},
    type: change.type,
  };
  insertObject(context.store, "customer_balance_transaction", transaction, {});
  return transaction;
}
