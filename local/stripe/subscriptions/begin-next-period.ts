import type Stripe from "stripe";
import type { Context } from "@/local/stripe/context";
import { saveAndTell } from "@/local/stripe/events/emit-event";
import { newId } from "@/local/stripe/ids";
import { DRAFT_SECONDS, draftInvoice } from "@/local/stripe/invoices/draft-invoice";
import { subscriptionLines } from "@/local/stripe/invoices/invoice-lines";
import { currentPeriodStart } from "./build-subscription";
import { withNextPeriod } from "./next-period";
import { planPeriodEnd } from "./plan-period-end";

/**
 * Moves the subscription into its next period and drafts the invoice for it. The draft waits for about an
 * hour before it is finalized and charged, so the period is new before it is paid.
 * https://docs.stripe.com/billing/invoices/subscription#subscription-renewal
 */
export function beginNextPeriod(
  context: Context,
  before: Stripe.Subscription,
  status: Stripe.Subscription.Status,
): Stripe.Subscription {
  const subscription: Stripe.Subscription = {
    ...withNextPeriod(before),
    latest_invoice: newId("in"),
    status,
  };
  saveAndTell(context, "subscription", subscription, before, "customer.subscription.updated");
  planPeriodEnd(context, subscription);
  draftInvoice(context, subscription, {
    billingReason: "subscription_cycle",
    lines: subscriptionLines(context, subscription),
    // What may be added to the invoice belongs to the period that has just ended.
    period: { start: currentPeriodStart(before), end: context.now },
    // An unpaid subscription's invoices are made and stay drafts.
    // https://docs.stripe.com/billing/subscriptions/overview#unpaid-subscriptions
    finalizesAt: status === "unpaid" ? null : context.now + DRAFT_SECONDS,
  });
  return subscription;
}
