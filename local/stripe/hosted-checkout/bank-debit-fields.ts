import { TEST_BANK_ACCOUNTS } from "@/local/stripe/bank-debits/test-bank-accounts";
import { type Html, html } from "@/local/stripe/html";
import { renderSelect } from "./card-fields";

/**
 * A bank account to be debited: one of the test accounts, each with what will become of the debit.
 * https://docs.stripe.com/payments/ach-direct-debit
 */
export function renderBankDebit(chosen = "success"): Html {
  const choices = TEST_BANK_ACCOUNTS.map(({ alias, number, says }): [string, string] => [
    alias,
    `•••• ${number.slice(-4)}: ${says.toLowerCase()}`,
  ]);
  return html`<fieldset><legend>Bank debit (simulated)</legend>
${renderSelect("bank_account", "Test account", {}, { choices, value: chosen })}
<p class="soft">It is known after four business days whether the money came. By paying you agree to the debit.</p>
<button name="bank_debit" value="yes" class="quiet" formnovalidate>Pay by bank debit</button></fieldset>`;
}
