import type Stripe from "stripe";
import type { Context } from "@/local/stripe/context";
import { getByPath, idOf } from "@/local/stripe/references";
import { leftOf, moveCredits } from "./credit-transactions";

/**
 * Gives the credits that a void invoice was paid with back to their grants; what is back in one that expired
 * meanwhile expires at once. https://docs.stripe.com/changelog/acacia/2024-12-18/billing-credits-invoice-voiding
 */
export function reinstateCredits(context: Context, invoice: Stripe.Invoice): void {
  for (const line of invoice.lines.data) {
    for (const { amount, credit_balance_transaction: used } of line.pretax_credit_amounts ?? []) {
      if (!used) continue;
      const transaction = getByPath(context, "billing.credit_balance_transaction", idOf(used));
      const grant = getByPath(context, "billing.credit_grant", idOf(transaction.credit_grant));
      moveCredits(context, grant, amount, {
        type: "credits_application_invoice_voided",
        invoice: invoice.id,
        invoiceLineItem: line.id,
      });
      if (grant.expires_at !== null && grant.expires_at <= context.now) {
        moveCredits(context, grant, leftOf(context, grant.id), { type: "credits_expired" });
      }
    }
  }
}
