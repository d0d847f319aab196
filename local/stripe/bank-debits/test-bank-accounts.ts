import { notSimulated } from "@/local/stripe/http/stripe-api-error";

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
    code: "payment_method_currency_mismatch",
    message: "The bank was unable to process this payment because of its currency.",
  }),
  { number: "000000000009", alias: "processing", says: "Stays in processing", outcome: { kind: "stays" } },
];

/** What Stripe has besides: a block by Radar, a dispute, deposits to verify an account by, a weekly limit. */
const UNSERVED: Record<string, string> = {
  "000000004954": "riskLevelHighest",
  "000555555559": "dispute",
  "000666666661": "failMicrodeposits",
  "000777777771": "weeklyLimitExceeded",
};

/** The account of a number, or null. @throws StripeApiError `not_simulated` for one of those that Stripe has besides. */
export function findTestBankAccount(number: string): TestBankAccount | null {
  const unserved = UNSERVED[number];
  if (unserved !== undefined) throw notSimulated(`the test bank account '${unserved}'`);
  return TEST_BANK_ACCOUNTS.find((account) => account.number === number) ?? null;
}

/** The account behind `pm_usBankAccount_success` and its like, or null. @throws StripeApiError as above. */
export function findTestBankAccountById(id: string): TestBankAccount | null {
  const [, alias] = /^pm_usBankAccount_(\w+)$/.exec(id) ?? [];
  if (alias === undefined) return null;
  const unserved = Object.entries(UNSERVED).find(([, name]) => name === alias);
  return unserved ? findTestBankAccount(unserved[0]) : findTestBankAccountByAlias(alias);
}

/** The account of a name such as `success`, or null. */
export function findTestBankAccountByAlias(alias: string): TestBankAccount | null {
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
