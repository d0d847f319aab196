import type { Overage, PlanPrice, PlanTerms } from "@/lib/domain/catalogue";
import { countedWindows } from "@/lib/domain/counted-window";
import type { WindowUse } from "@/lib/domain/limit-reached";
import { monthEquivalentMinor } from "@/lib/domain/money";
import type { CatalogueOnSale } from "@/lib/services/catalogue/get-catalogue";
import type { SavedPlan } from "@/lib/services/catalogue/save-plan";
import type { CustomerDetails } from "@/lib/services/customers/put-customer";
import type { CustomerEntitlements } from "@/lib/services/entitlements/get-entitlements";
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
    is_popular: plan.isPopular,
    billing_models: plan.billingModels,
    seats: plan.seats,
    trial: plan.trial && { days: plan.trial.days, requires_card: plan.trial.requiresCard },
    prices: plan.prices.map(priceJson),
    allowances: plan.allowances.map(allowanceJson),
    overage: plan.overage.map(overageJson),
    features: plan.features,
  };
}

/** All that a pricing page is drawn from. */
export function planListJson({ plans, meters, features, creditPacks, words, ...catalogue }: CatalogueOnSale) {
  return {
    object: "list",
    catalogue: catalogue.key,
    revision: catalogue.revision,
    name: catalogue.name,
    currency: catalogue.currency,
    customer_type: catalogue.customerType,
    data: plans.map(planJson),
    meters: meters
      .filter(({ isListed }) => isListed)
      .map(({ key, name, unit, kind, measuredBy, creditsPerUnit }) => ({
        key,
        name,
        unit,
        kind,
        measured_by: measuredBy,
        credits_per_unit: creditsPerUnit,
      })),
    features,
    credit_packs: creditPacks.map(({ slug, name, credits, currency, amountMinor }) => ({
      slug,
      name,
      credits,
      currency,
      amount_minor: amountMinor,
    })),
    words: { credit: words.credit, credit_pack: words.creditPack },
  };
}

export function savedPlanJson({ plan, revision }: SavedPlan) {
  return { object: "plan", revision, ...planJson(plan) };
}

export function entitlementsJson(entitlements: CustomerEntitlements, now: Date) {
  const { access, plan, features, allowances, overage, seats, policy, catalogue, anchor } = entitlements;
  return {
    object: "entitlements",
    as_of: now.toISOString(),
    access,
    plan: { slug: plan.slug, name: plan.name, version: plan.version },
    // A feature that is off is said to be so: nobody has to know the catalogue to ask.
    features: { ...Object.fromEntries(catalogue.features.map(({ key }) => [key, false])), ...features },
    allowances: allowances.map(allowanceJson),
    overage: overage.map(overageJson),
    seats,
    limits: catalogue.meters
      .filter(
        ({ key, kind, isListed }) =>
          kind === "counter" && (isListed || allowances.some(({ meter }) => meter === key)),
      )
      .map(({ key, unit }) => ({
        meter: key,
        unit,
        windows: countedWindows(key, allowances, anchor, now).map(({ window, start, end, limit }) => ({
          window,
          limit,
          starts_at: start.toISOString(),
          resets_at: window === "lifetime" ? null : end.toISOString(),
        })),
      })),
    texts: { limit_reached: policy.limitReached.text, warnings: policy.warnings },
  };
}

function allowanceJson({ meter, window, amount, beyond }: PlanTerms["allowances"][number]) {
  return { meter, window, amount, beyond };
}

function overageJson({ meter, tiers }: Overage) {
  return {
    meter,
    tiers: tiers.map(({ upTo, unitAmountMinor }) => ({ up_to: upTo, unit_amount_minor: unitAmountMinor })),
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

export function windowJson({ window, start, end, limit, used, held, beyond, userId }: WindowUse) {
  return {
    window,
    limit,
    used,
    held,
    remaining: limit === null ? null : Math.max(0, limit - used - held),
    beyond,
    user_id: userId ?? null,
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
