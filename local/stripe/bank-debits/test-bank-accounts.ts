/** How a debit ends, days after it was begun. */
export type DebitOutcome =
  | { kind: "succeeds" }
  /** Never, unless it is canceled. */
  | { kind: "stays" }
  | { kind: "fails"; code: string; message: string };

export type TestBankAccount = { number: string; alias: string; says: string; outcome: DebitOutcome };

/** Stripe's published test accounts. https://docs.stripe.com/payments/ach-direct-debit/accept-a-payment#test-account-numbers */
export const TEST_BANK_ACCOUNTS: readonly TestBankAccount[] = [
  { number: "000123456789", alias: "success", says: "Succeeds", outcome: { kind: "succeeds" } },
  fails("000222222227", "insufficientFunds", "Insufficient funds", {
    code: "insufficient_funds",
    message: "The customer's account has insufficient funds to cover this payment.",
  }),
  fails("000111111113", "accountClosed", "Account closed", {
    code: "account_closed",
    message: "The customer's bank account has been closed.",
  }),
  fails("000111111116", "noAccount", "No such account", {
    code: "no_account",
    message: "The customer's bank account could not be located.",
  }),
  fails("000333333335", "debitNotAuthorized", "Debit not authorized", {
    code: "debit_not_authorized",
    message: "The customer has notified their bank that this payment was unauthorized.",
  }),
  fails("000444444440", "invalidCurrency", "Invalid currency", {
    code: "invalid_currency",
    message: "The bank was unable to process this payment because of its currency.",
  }),
  { number: "000000000009", alias: "processing", says: "Stays in processing", outcome: { kind: "stays" } },
];

/** The account behind `pm_usBankAccount_success` and its like, or null. */
export function findTestBankAccountByAlias(id: string): TestBankAccount | null {
  const alias = id.replace(/^pm_usBankAccount_/, "");
  return TEST_BANK_ACCOUNTS.find((account) => account.alias === alias) ?? null;
}

function fails(
  number: string,
  alias: string,
  says: string,
  failure: { code: string; message: string },
): TestBankAccount {
  return { number, alias, says: `Fails: ${says.toLowerCase()}`, outcome: { kind: "fails", ...failure } };
}
