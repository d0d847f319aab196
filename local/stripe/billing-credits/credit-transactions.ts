import type Stripe from "stripe";
import type { Context } from "@/local/stripe/context";
import { emitEvent } from "@/local/stripe/events/emit-event";
import { newId } from "@/local/stripe/ids";
import { insertObject, readHidden, saveHidden } from "@/local/stripe/store/store";

type Transaction = Stripe.Billing.CreditBalanceTransaction;

/** Why credits come or go, and on which invoice's line. */
export type CreditMovement =
  | { type: "credits_granted" | "credits_expired" | "credits_voided" }
  | {
      type: "credits_applied" | "credits_application_invoice_voided";
      invoice: string;
      invoiceLineItem: string;
    };

/** What is left of a grant. */
export function leftOf(context: Context, grantId: string): number {
  return readHidden(context.store, "billing.credit_grant", grantId).left;
}

/**
 * Adds credits to a grant, or takes them from it, and tells of the transaction.
 * https://docs.stripe.com/api/billing/credit-balance-transaction/object
 */
export function moveCredits(
  context: Context,
  grant: Stripe.Billing.CreditGrant,
  value: number,
  movement: CreditMovement,
): Transaction {
  const isCredit =
    movement.type === "credits_granted" || movement.type === "credits_application_invoice_voided";
  const left = leftOf(context, grant.id) + (isCredit ? value : -value);
  saveHidden(context.store, "billing.credit_grant", grant.id, { left });
  const transaction: Transaction = {
    id: newId("cbtxn_test"),
    object: "billing.credit_balance_transaction",
    created: context.now,
    credit: isCredit ? creditOf(grant, value, movement) : null,
    credit_grant: grant.id,
    debit: isCredit ? null : debitOf(grant, value, movement),
    effective_at: movement.type === "credits_granted" ? (grant.effective_at ?? context.now) : context.now,
    livemode: false,
    test_clock: grant.test_clock,
    type: isCredit ? "credit" : "debit",
  };
  insertObject(context.store, "billing.credit_balance_transaction", transaction, {});
  emitEvent(context, "billing.credit_balance_transaction.created", transaction);
  return transaction;
}

function creditOf(
  grant: Stripe.Billing.CreditGrant,
  value: number,
  movement: CreditMovement,
): Stripe.Billing.CreditBalanceTransaction["credit"] {
  return {
    amount: amountOf(grant, value),
    credits_application_invoice_voided: lineOf(movement),
    type: movement.type,
  };
}

function debitOf(
  grant: Stripe.Billing.CreditGrant,
  value: number,
  movement: CreditMovement,
): Stripe.Billing.CreditBalanceTransaction["debit"] {
  return { amount: amountOf(grant, value), credits_applied: lineOf(movement), type: movement.type };
}

function lineOf(movement: CreditMovement): { invoice: string; invoice_line_item: string } | null {
  return "invoice" in movement
    ? { invoice: movement.invoice, invoice_line_item: movement.invoiceLineItem }
    : null;
}

function amountOf(grant: Stripe.Billing.CreditGrant, value: number) {
  return { monetary: { currency: currencyOf(grant), value }, type: "monetary" as const };
}

/** Only money is granted. */
export function currencyOf({ id, amount }: Stripe.Billing.CreditGrant): string {
  if (!amount.monetary) throw new Error(`The credit grant ${id} has no amount.`);
  return amount.monetary.currency;
}
