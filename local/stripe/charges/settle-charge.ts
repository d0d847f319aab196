import type Stripe from "stripe";
import { createBalanceTransaction } from "@/local/stripe/balance-transactions/create-balance-transaction";
import { processingFee } from "@/local/stripe/balance-transactions/processing-fee";
import type { Context } from "@/local/stripe/context";
import { saveAndTell } from "@/local/stripe/events/emit-event";
import { readHidden } from "@/local/stripe/store/store";
import { forgetDue } from "@/local/stripe/time/due";

/**
 * Finishes an asynchronous capture: the money reaches the balance, and `charge.updated` says so.
 * https://docs.stripe.com/payments/payment-intents/asynchronous-capture
 */
export function settleCharge(context: Context, before: Stripe.Charge): Stripe.Charge {
  forgetDue(context.store, before.id, "settle_charge");
  if (!before.captured || before.balance_transaction !== null) return before;
  const charge: Stripe.Charge = {
    ...before,
    balance_transaction: recordChargeTransaction(context, before),
  };
  saveAndTell(context, "charge", charge, before, "charge.updated");
  return charge;
}

/** Adds what was captured to the balance, less Stripe's fee; gives the transaction's id. */
export function recordChargeTransaction(context: Context, charge: Stripe.Charge): string {
  const methodId = charge.payment_method;
  const secrets = methodId && readHidden(context.store, "payment_method", methodId);
  return createBalanceTransaction(context, {
    type: "charge",
    amount: charge.amount_captured,
    fee: processingFee(charge.amount_captured, charge.currency),
    currency: charge.currency,
    source: charge.id,
    description: charge.description,
    isAvailableNow: secrets ? secrets.bypassesPending : false,
  }).id;
}
