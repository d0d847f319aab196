import type Stripe from "stripe";
import type { Context } from "@/local/stripe/context";
import {
  clearable,
  flag,
  hash,
  listOf,
  metadata,
  oneOf,
  required,
  text,
  timestamp,
} from "@/local/stripe/http/params";
import { invalidRequest } from "@/local/stripe/http/stripe-api-error";
import { type DraftInput, previewInvoice } from "@/local/stripe/invoices/create-draft";
import { DRAFT_SECONDS } from "@/local/stripe/invoices/draft-invoice";
import { mergeMetadata } from "@/local/stripe/metadata";
import { readTaxRates } from "@/local/stripe/tax/read-tax-rates";
import { changeInvoice, putProrations } from "./bill-change";
import { readNewSubscription } from "./create-subscription";
import { changedItemParams } from "./item-params";
import { currentPeriodEnd } from "./item-periods";
import { hasEnded } from "./list-live-subscriptions";
import { settleUsage } from "./metered-usage";
import { type ChangeParams, planChange } from "./plan-change";
import { planResumption } from "./plan-resumption";
import { renewalOf } from "./renewal-invoice";
import { withCancellation } from "./schedule-cancellation";
import { firstInvoicePreview } from "./start-subscription";
import { billingModeParam, prorationBehaviorParam, subscriptionCreateParams } from "./subscription-params";

/** What a preview may change about a subscription, or say about a new one. */
export const subscriptionDetailsParam = hash({
  billing_cycle_anchor: hash({
    timestamp: timestamp(),
    type: required(oneOf("now", "timestamp", "unchanged")),
  }),
  billing_mode: billingModeParam,
  cancel_at: clearable(subscriptionCreateParams.cancel_at),
  cancel_at_period_end: flag(),
  default_tax_rates: clearable(listOf(text(), 5)),
  items: listOf(hash(changedItemParams), 20),
  metadata: metadata(),
  proration_behavior: prorationBehaviorParam,
  proration_date: timestamp(),
  resume_at: oneOf("now"),
  trial_end: subscriptionCreateParams.trial_end,
});

export type SubscriptionDetails = NonNullable<ReturnType<(typeof subscriptionDetailsParam)["parse"]>>;

/** What the invoice itself is given apart from its subscription. */
export type InvoiceOverrides = Partial<Pick<DraftInput, "automaticTax" | "discounts">>;

/**
 * The invoice a subscription makes next, after the changes: the one of the change where it is invoiced at once, else the
 * one of the next renewal with what is pending. Everything is really done, so the caller takes it back afterwards.
 * https://docs.stripe.com/api/invoices/create_preview
 * @throws StripeApiError `invoice_upcoming_none` when there is none.
 */
export function previewSubscription(
  context: Context,
  before: Stripe.Subscription,
  details: SubscriptionDetails,
  overrides: InvoiceOverrides,
): Stripe.Invoice {
  if (details.resume_at === "now") return previewResumption(context, before, overrides);
  const changed = withFields(context, before, details);
  const movesEnd = changed.cancel_at !== before.cancel_at;
  const change = planChange(context, changed, changeParamsOf(details), { movesEnd });
  putProrations(context, change);
  settleUsage(context, before.id, change.settledUsage);
  const dated = details.proration_date === undefined ? {} : { prorationDate: details.proration_date };
  if (change.isInvoicedNow) {
    return previewInvoice(context, { ...changeInvoice(context, change), ...overrides, ...dated });
  }
  const { after } = change;
  const renewsAt = currentPeriodEnd(after);
  const endsBefore = after.cancel_at !== null && after.cancel_at <= renewsAt;
  if (hasEnded(after) || endsBefore || ["incomplete", "paused"].includes(after.status))
    throw noneUpcoming(after);
  const then = { ...context, now: renewsAt };
  const { invoice } = renewalOf(then, after);
  const preview = previewInvoice(then, { ...invoice, billingReason: "upcoming", ...overrides, ...dated });
  return { ...preview, next_payment_attempt: renewsAt + DRAFT_SECONDS };
}

/** The first invoice of a subscription that is not there yet. */
export function previewNewSubscription(
  context: Context,
  customer: Stripe.Customer,
  details: SubscriptionDetails,
  overrides: InvoiceOverrides & { currency?: string },
): Stripe.Invoice {
  const { billing_cycle_anchor: anchor, metadata: given, trial_end: trialEnd } = details;
  const { currency, ...others } = overrides;
  const input = readNewSubscription(context, customer, {
    customer: customer.id,
    items: details.items ?? [],
    ...(details.cancel_at ? { cancel_at: details.cancel_at } : {}),
    ...(details.cancel_at_period_end === undefined
      ? {}
      : { cancel_at_period_end: details.cancel_at_period_end }),
    ...(anchor?.type === "timestamp" && anchor.timestamp !== undefined
      ? { billing_cycle_anchor: anchor.timestamp }
      : {}),
    ...(currency === undefined ? {} : { currency }),
    ...(details.default_tax_rates ? { default_tax_rates: details.default_tax_rates } : {}),
    ...(given === undefined ? {} : { metadata: given }),
    ...(details.proration_behavior === undefined ? {} : { proration_behavior: details.proration_behavior }),
    ...(trialEnd === undefined ? {} : { trial_end: trialEnd }),
  });
  return firstInvoicePreview(context, input, others);
}

function previewResumption(
  context: Context,
  before: Stripe.Subscription,
  overrides: InvoiceOverrides,
): Stripe.Invoice {
  const change = planResumption(context, before, {});
  putProrations(context, change);
  return previewInvoice(context, { ...changeInvoice(context, change), ...overrides });
}

/** The subscription with the fields a preview changes; not saved. */
export function withFields(
  context: Context,
  before: Stripe.Subscription,
  details: SubscriptionDetails,
): Stripe.Subscription {
  const changed: Stripe.Subscription = {
    ...before,
    default_tax_rates:
      details.default_tax_rates === undefined
        ? (before.default_tax_rates ?? [])
        : readTaxRates(context, details.default_tax_rates ?? [], "subscription_details[default_tax_rates]"),
    metadata: mergeMetadata(before.metadata, details.metadata),
  };
  return withCancellation(context, changed, details);
}

/** What a preview changes about what is billed. */
export function changeParamsOf(details: SubscriptionDetails): ChangeParams {
  const { billing_cycle_anchor: anchor, items, proration_behavior, proration_date, trial_end } = details;
  if (anchor?.type === "timestamp") {
    throw invalidRequest(
      "`subscription_details[billing_cycle_anchor]` can only be `now` or `unchanged` for an existing subscription.",
      { param: "subscription_details[billing_cycle_anchor]" },
    );
  }
  return {
    ...(anchor ? { billing_cycle_anchor: { type: anchor.type } } : {}),
    ...(items ? { items } : {}),
    ...(proration_behavior ? { proration_behavior } : {}),
    ...(proration_date === undefined ? {} : { proration_date }),
    ...(trial_end === undefined ? {} : { trial_end }),
  };
}

function noneUpcoming({ id }: Stripe.Subscription): Error {
  return invalidRequest(`No upcoming invoices for subscription: '${id}'`, { code: "invoice_upcoming_none" });
}
