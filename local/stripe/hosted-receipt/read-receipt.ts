import type Stripe from "stripe";
import { bankAccountName } from "@/local/stripe/bank-debits/bank-account-name";
import { findPaidInvoice } from "@/local/stripe/invoices/find-paying-charge";
import { cardName } from "@/local/stripe/payment-methods/card-name";
import { idOf } from "@/local/stripe/references";
import { fieldEquals, listAllObjects, ofCustomer } from "@/local/stripe/store/list-objects";
import { findObject, type Store } from "@/local/stripe/store/store";

/** What a receipt tells, as it is now. */
export type Receipt = {
  charge: Stripe.Charge;
  /** Unix seconds of the charge or, for a hold or a debit, of when it was paid. */
  paidAt: number;
  method: string;
  /** The part of what was paid that was given back or is on its way. */
  refunded: number;
  /** Oldest first, failed ones included. */
  refunds: Stripe.Refund[];
  invoice: Stripe.Invoice | null;
};

/**
 * The receipt of a captured charge. It always tells the latest state of the charge, and that of an invoice has its
 * lines, discounts and taxes; that of a single payment has its description. https://docs.stripe.com/receipts
 */
export function readReceipt(store: Store, charge: Stripe.Charge): Receipt {
  return {
    charge,
    paidAt: paidAt(store, charge),
    method: methodOf(charge),
    refunded: charge.amount_refunded - (charge.amount - charge.amount_captured),
    refunds: listAllObjects(store, "refund", [
      ...(charge.customer === null ? [] : [ofCustomer(idOf(charge.customer))]),
      fieldEquals("$.charge", charge.id),
    ]).reverse(),
    invoice: findPaidInvoice(store, charge),
  };
}

/** What became of a refund, in words. https://docs.stripe.com/refunds#failed-refunds */
export function refundState({ status }: Stripe.Refund): string {
  if (status === "failed") return "Refund failed";
  if (status === "canceled") return "Refund canceled";
  return status === "succeeded" ? "Refunded" : "Refund on its way";
}

function methodOf({ payment_method_details: paidWith }: Stripe.Charge): string {
  if (paidWith?.card) return cardName(paidWith.card);
  return paidWith?.us_bank_account ? bankAccountName(paidWith.us_bank_account) : "–";
}

/** A hold, which alone remembers until when it had to be captured, and a debit are paid after they are made. */
function paidAt(store: Store, charge: Stripe.Charge): number {
  const { card, us_bank_account: account } = charge.payment_method_details ?? {};
  const isPaidLater = card?.capture_before !== undefined || account !== undefined;
  const transaction = isPaidLater && charge.balance_transaction;
  if (!transaction) return charge.created;
  return findObject(store, "balance_transaction", idOf(transaction))?.created ?? charge.created;
}
