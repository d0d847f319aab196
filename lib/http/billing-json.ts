import type { PlanPrice, PlanTerms } from "@/lib/domain/catalogue";
import type { WindowUse } from "@/lib/domain/limit-reached";
import { monthEquivalentMinor } from "@/lib/domain/money";
import type { CustomerDetails } from "@/lib/services/customers/put-customer";
import type { InvoiceSummary } from "@/lib/services/invoices/list-invoices";
import type { CustomerSubscription } from "@/lib/services/subscriptions/get-subscription";
import type { CustomerUsage } from "@/lib/services/usage/get-usage";

/** The API's JSON: snake_case as Stripe's, amounts in minor units, times in ISO 8601 UTC. */

export function planJson(plan: PlanTerms) {
  return {
    slug: plan.slug,
    version: plan.version,
    name: plan.name,
    tagline: plan.tagline,
    availability: plan.availability,
    trial_days: plan.trial?.days ?? null,
    prices: plan.prices.map(priceJson),
    allowances: plan.allowances.map(({ meter, window, amount, beyond }) => ({
      meter,
      window,
      amount,
      beyond,
    })),
    features: plan.features,
  };
}

export function subscriptionJson({ access, plan, subscription }: CustomerSubscription) {
  return {
    object: "subscription_state",
    access,
    plan: { slug: plan.slug, name: plan.name, version: plan.version },
    subscription: subscription && {
      id: subscription.id,
      status: subscription.status,
      price: subscription.price && priceJson(subscription.price),
      current_period_start: subscription.currentPeriodStart.toISOString(),
      current_period_end: subscription.currentPeriodEnd.toISOString(),
      trial_end: subscription.trialEnd?.toISOString() ?? null,
      cancel_at_period_end: subscription.cancelAtPeriodEnd,
      ended_at: subscription.endedAt?.toISOString() ?? null,
    },
  };
}

export function usageJson({ asOf, meters, entitlements }: CustomerUsage) {
  return {
    object: "usage",
    as_of: asOf.toISOString(),
    plan: entitlements.plan.slug,
    meters: meters.map(({ meter, windows }) => ({
      meter: meter.key,
      unit: meter.unit,
      windows: windows.map(windowJson),
    })),
  };
}

export function windowJson({ window, start, end, limit, used, held }: WindowUse) {
  return {
    window,
    limit,
    used,
    held,
    remaining: limit === null ? null : Math.max(0, limit - used - held),
    starts_at: start.toISOString(),
    // A lifetime window never resets.
    resets_at: window === "lifetime" ? null : end.toISOString(),
  };
}

export function invoiceJson(invoice: InvoiceSummary) {
  return {
    id: invoice.id,
    number: invoice.number,
    status: invoice.status,
    currency: invoice.currency,
    total_minor: invoice.totalMinor,
    created_at: invoice.createdAt.toISOString(),
    hosted_invoice_url: invoice.hostedInvoiceUrl,
  };
}

export function customerJson(customer: CustomerDetails) {
  return {
    object: "customer",
    id: customer.id,
    external_id: customer.externalId,
    type: customer.type,
    name: customer.name,
    email: customer.email,
    metadata: customer.metadata,
    created_at: customer.createdAt.toISOString(),
  };
}

function priceJson(price: PlanPrice) {
  return {
    id: price.id,
    interval: price.interval,
    interval_count: price.intervalCount,
    currency: price.currency,
    amount_minor: price.amountMinor,
    month_equivalent_minor: monthEquivalentMinor(price),
  };
}
