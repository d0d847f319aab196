import type Stripe from "stripe";
import type { Context } from "@/local/stripe/context";
import { mandateOf } from "@/local/stripe/mandates/mandate-of";
import { businessDaysAfter } from "./business-days";

/** Days on which banks work until it is known how a debit ended. https://docs.stripe.com/payments/ach-direct-debit#timing */
const SETTLEMENT_DAYS = 4;

/** When a debit that begins now has ended. */
export function endOfDebit(now: number): number {
  return businessDaysAfter(now, SETTLEMENT_DAYS);
}

/** The account as it was when it was charged. https://docs.stripe.com/api/charges/object#charge_object-payment_method_details */
export function chargedBankAccount(
  context: Context,
  method: Stripe.PaymentMethod,
  account: Stripe.PaymentMethod.UsBankAccount,
): Stripe.Charge.PaymentMethodDetails.UsBankAccount {
  return {
    account_holder_type: account.account_holder_type,
    account_type: account.account_type,
    bank_name: account.bank_name,
    expected_debit_date: new Date(businessDaysAfter(context.now, 1) * 1000).toISOString().slice(0, 10),
    fingerprint: account.fingerprint,
    last4: account.last4,
    mandate: mandateOf(context, method).id,
    payment_reference: null,
    routing_number: account.routing_number,
  };
}

/** What Stripe keeps of a bank debit: 0.8 %, at most 5 dollars. https://stripe.com/pricing/local-payment-methods */
export function debitFee(amount: number): number {
  return Math.min(500, Math.floor((amount * 8 + 500) / 1000));
}
