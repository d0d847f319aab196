import type Stripe from "stripe";
import type { Context } from "@/local/stripe/context";
import { previewInvoice } from "@/local/stripe/invoices/create-draft";
import { idOf } from "@/local/stripe/references";
import { buildSubscription } from "./build-subscription";
import { readNewSubscription } from "./create-subscription";
import { periodLines } from "./item-lines";
import { currentPeriodEnd, inPeriod, naturalPeriod } from "./item-periods";
import { planChange } from "./plan-change";
import {
  changeParamsOf,
  type InvoiceOverrides,
  type SubscriptionDetails,
  withFields,
} from "./preview-subscription";

/**
 * What a subscription charges period after period: every item for a whole one, without discounts, prorations and what is
 * charged once. https://docs.stripe.com/invoicing/preview#preview-the-recurring-charges-only
 */
export function previewRecurring(
  context: Context,
  before: Stripe.Subscription,
  details: SubscriptionDetails,
  overrides: InvoiceOverrides,
): Stripe.Invoice {
  const { after } = planChange(context, withFields(context, before, details), changeParamsOf(details));
  return recurringInvoice(context, after, overrides);
}

/** The same of a subscription that is not there yet. */
export function previewNewRecurring(
  context: Context,
  customer: Stripe.Customer,
  details: SubscriptionDetails,
  overrides: InvoiceOverrides & { currency?: string },
): Stripe.Invoice {
  const { currency, ...others } = overrides;
  const input = readNewSubscription(context, customer, {
    customer: customer.id,
    items: details.items ?? [],
    ...(currency === undefined ? {} : { currency }),
    ...(details.default_tax_rates ? { default_tax_rates: details.default_tax_rates } : {}),
  });
  return recurringInvoice(context, buildSubscription(context, input), others);
}

function recurringInvoice(
  context: Context,
  subscription: Stripe.Subscription,
  overrides: InvoiceOverrides,
): Stripe.Invoice {
  const endless: Stripe.Subscription = { ...subscription, cancel_at: null };
  const items = subscription.items.data.map((item) =>
    inPeriod({ ...item, discounts: [] }, naturalPeriod(endless, item, currentPeriodEnd(endless))),
  );
  return previewInvoice(context, {
    customer: idOf(subscription.customer),
    currency: subscription.currency,
    billingReason: "upcoming",
    subscription: endless,
    lines: items.flatMap((item) => periodLines(context, endless, item)),
    includesPendingItems: false,
    period: { start: context.now, end: context.now },
    finalizesAt: null,
    ...overrides,
    discounts: [],
  });
}
