import type Stripe from "stripe";
import type { Context } from "@/local/stripe/context";
import type { DraftInput } from "@/local/stripe/invoices/create-draft";
import { DRAFT_SECONDS } from "@/local/stripe/invoices/draft-invoice";
import type { NewLine } from "@/local/stripe/invoices/new-line";
import { backdatedLines } from "./backdate";
import type { NewSubscription } from "./build-subscription";
import { periodLines, trialLine } from "./item-lines";
import { inPeriod, naturalPeriod } from "./item-periods";

/**
 * What a new subscription's first invoice is made of.
 * https://docs.stripe.com/billing/invoices/subscription#new-subscription-invoices
 */
export function firstInvoice(
  context: Context,
  subscription: Stripe.Subscription,
  input: NewSubscription,
): DraftInput {
  return {
    customer: input.customer.id,
    currency: subscription.currency,
    billingReason: "subscription_create",
    subscription,
    lines: subscription.items.data.flatMap((item) => firstLines(context, subscription, item, input)),
    includesPendingItems: true,
    // It bills from the moment of its creation; charged, it is finalized here and never collected by itself.
    period: { start: context.now, end: context.now },
    finalizesAt: subscription.collection_method === "send_invoice" ? context.now + DRAFT_SECONDS : null,
  };
}

/**
 * The time up to a future anchor is billed in part, or for nothing when nothing is to be prorated; a period that an
 * announced end cuts short is then billed in full.
 * https://docs.stripe.com/billing/subscriptions/billing-mode/compare#excluding-prorations-for-the-first-truncated-billing-period
 */
function firstLines(
  context: Context,
  subscription: Stripe.Subscription,
  item: Stripe.SubscriptionItem,
  input: NewSubscription,
): NewLine[] {
  if (input.trialEnd !== null) return trialLine(context, subscription, item);
  const isProrated = input.prorationBehavior !== "none";
  if (input.backdateStart) return isProrated ? backdatedLines(context, subscription, item) : [];
  const lines = periodLines(context, subscription, item);
  if (isProrated || !lines.some(({ source }) => source.proration)) return lines;
  if (item.current_period_end !== subscription.cancel_at) return [];
  const natural = naturalPeriod(subscription, item, item.current_period_start);
  return periodLines(context, subscription, inPeriod(item, { ...natural, start: item.current_period_start }));
}
