import type Stripe from "stripe";
import type { Context } from "@/local/stripe/context";
import { markUncollectible } from "@/local/stripe/invoices/mark-uncollectible";
import { type BillingSettings, readBillingSettings } from "@/local/stripe/lab/billing-settings";
import { cancelSubscription } from "./cancel-subscription";
import { setStatus } from "./set-status";

/**
 * What happens when the last retry has failed, as the account's settings have it.
 * https://docs.stripe.com/billing/revenue-recovery/smart-retries
 */
export function endDunning(context: Context, before: Stripe.Subscription, invoice: Stripe.Invoice): void {
  const settings = readBillingSettings(context.store);
  if (settings.invoice_after_final_retry === "mark_uncollectible") {
    markUncollectible(context, invoice, "max_payment_attempts");
  }
  giveSubscriptionUp(context, before, settings.subscription_after_final_retry);
}

/** Ends a subscription nobody pays for, or leaves it `unpaid` or `past_due`. */
export function giveSubscriptionUp(
  context: Context,
  before: Stripe.Subscription,
  how: BillingSettings["subscription_after_final_retry"],
): void {
  if (how === "cancel") {
    cancelSubscription(context, before, { reason: "payment_failed" });
    return;
  }
  setStatus(context, before, how === "mark_unpaid" ? "unpaid" : "past_due");
}
