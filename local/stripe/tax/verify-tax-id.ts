import type Stripe from "stripe";
import type { Context } from "@/local/stripe/context";
import { saveAndTell } from "@/local/stripe/events/emit-event";

/**
 * What the register answers a while after a tax id was given: in test mode the value decides, and what is not one of the
 * magic numbers is verified. https://docs.stripe.com/billing/customer/tax-ids#testing-customer-tax-id-verification
 */
export function verifyTaxId(context: Context, taxId: Stripe.TaxId): void {
  const digits = taxId.value.replace(/\D/g, "");
  if (digits === "222222222") return;
  const status = digits === "111111111" ? "unverified" : "verified";
  const verification = { status, verified_address: null, verified_name: null };
  const answered: Stripe.TaxId = { ...taxId, verification };
  saveAndTell(context, "tax_id", answered, taxId, "customer.tax_id.updated");
}
