import type Stripe from "stripe";
import type { Context } from "@/local/stripe/context";
import { saveAndTell } from "@/local/stripe/events/emit-event";
import { markUncollectible } from "@/local/stripe/invoices/mark-uncollectible";
import { readBillingSettings } from "@/local/stripe/lab/billing-settings";
import { cancelSubscription } from "./cancel-subscription";

/**
 * What happens when the last retry has failed, as the account's settings have it.
 * https://docs.stripe.com/billing/revenue-recovery/smart-retries
 */
export function endDunning(context: Context, before: Stripe.Subscription, invoice: Stripe.Invoice): void {
  const settings = readBillingSettings(context.store);
  if (settings.invoice_after_final_retry === "mark_uncollectible") markUncollectible(context, invoice);
  switch (settings.subscription_after_final_retry) {
    case "cancel":
      cancelSubscription(context, before, { reason: "payment_failed" });
      return;
    case "mark_unpaid": {
      const unpaid: Stripe.Subscription = { ...before, status: "unpaid" };
      saveAndTell(context, "subscription", unpaid, before, "customer.subscription.updated");
      return;
    }
    case "leave_past_due":
  }
}
