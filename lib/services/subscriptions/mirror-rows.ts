import type Stripe from "stripe";
import type { Prisma } from "@/lib/db/generated/client";

/** Stripe's objects as rows of the mirror. Times are Unix seconds there, dates here. */
export type SubscriptionRow = Omit<Prisma.SubscriptionUncheckedCreateInput, "customerId" | "fence">;
export type InvoiceRow = Omit<Prisma.InvoiceUncheckedCreateInput, "customerId" | "fence">;

/** @throws Error for a subscription without items, which Stripe does not have. */
export function toSubscriptionRow(
  subscription: Stripe.Subscription,
  priceIdByStripeId: Map<string, string>,
): SubscriptionRow {
  const item = subscription.items.data[0];
  if (!item) throw new Error(`subscription ${subscription.id} has no items`);
  return {
    id: subscription.id,
    status: subscription.status,
    stripePriceId: item.price.id,
    priceId: priceIdByStripeId.get(item.price.id) ?? null,
    quantity: item.quantity ?? 1,
    // Since 2025-03-31 periods are the items'. https://docs.stripe.com/changelog/basil/2025-03-31/deprecate-subscription-current-period-start-and-end
    currentPeriodStart: date(item.current_period_start),
    currentPeriodEnd: date(item.current_period_end),
    billingCycleAnchor: date(subscription.billing_cycle_anchor),
    trialStart: dateOrNull(subscription.trial_start),
    trialEnd: dateOrNull(subscription.trial_end),
    cancelAt: dateOrNull(subscription.cancel_at),
    cancelAtPeriodEnd: subscription.cancel_at_period_end,
    canceledAt: dateOrNull(subscription.canceled_at),
    endedAt: dateOrNull(subscription.ended_at),
    startedAt: date(subscription.start_date),
    createdAt: date(subscription.created),
  };
}

/** Drafts have no number and may still change: they are mirrored all the same, and read again. */
export function toInvoiceRow(invoice: Stripe.Invoice, firstFailedAt: Date | null): InvoiceRow {
  const subscription = invoice.parent?.subscription_details?.subscription ?? null;
  const status = invoice.status ?? "draft";
  return {
    id: invoice.id,
    subscriptionId: typeof subscription === "string" ? subscription : (subscription?.id ?? null),
    number: invoice.number,
    status,
    billingReason: invoice.billing_reason,
    currency: invoice.currency,
    totalMinor: invoice.total,
    amountPaidMinor: invoice.amount_paid,
    amountRemainingMinor: invoice.amount_remaining,
    attemptCount: invoice.attempt_count,
    firstFailedAt,
    nextPaymentAttemptAt: dateOrNull(invoice.next_payment_attempt),
    paidAt: dateOrNull(invoice.status_transitions.paid_at),
    createdAt: date(invoice.created),
    hostedInvoiceUrl: invoice.hosted_invoice_url ?? null,
  };
}

function date(seconds: number): Date {
  return new Date(seconds * 1000);
}

function dateOrNull(seconds: number | null | undefined): Date | null {
  return typeof seconds === "number" ? date(seconds) : null;
}
