/** A bank account as its holder knows it: "STRIPE TEST BANK ···· 6789". */
export function bankAccountName(account: { bank_name: string | null; last4: string | null }): string {
  return `${account.bank_name ?? "Bank account"} ···· ${account.last4 ?? ""}`.trim();
}
