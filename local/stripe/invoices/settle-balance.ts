import { minimumCharge } from "./minimum-charge";

/** What an invoice's total and the customer's balance make of each other. */
export type BalanceSettlement = {
  amountDue: number;
  /** The customer's balance afterwards. */
  endingBalance: number;
  /** What leaves (positive) or enters (negative) the balance because of the invoice; zero is no transaction. */
  applied: number;
  /** What is too little to be charged and becomes a debit of the customer's; zero is no transaction. */
  tooSmall: number;
};

/**
 * A balance below zero is the customer's credit and pays first; one above zero is owed and billed along. A negative
 * total becomes credit, and less than the minimum charge is not charged but owed: the invoice is paid, the next one
 * has it.
 * https://docs.stripe.com/billing/customer/balance
 */
export function settleBalance(total: number, balance: number, currency: string): BalanceSettlement {
  const sum = total + balance;
  if (sum <= 0) return { amountDue: 0, endingBalance: sum, applied: total, tooSmall: 0 };
  const applied = balance === 0 ? 0 : -balance;
  if (sum >= minimumCharge(currency)) return { amountDue: sum, endingBalance: 0, applied, tooSmall: 0 };
  // An invoice over nothing moves no debt that is too small to be charged.
  if (total === 0) return { amountDue: 0, endingBalance: sum, applied: 0, tooSmall: 0 };
  return { amountDue: 0, endingBalance: sum, applied, tooSmall: sum };
}
