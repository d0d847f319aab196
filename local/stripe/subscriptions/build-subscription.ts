import type Stripe from "stripe";
import type { Context } from "@/local/stripe/context";
import type { DiscountParam } from "@/local/stripe/discounts/discount-params";
import { newId } from "@/local/stripe/ids";
import type { AddedItem } from "./add-invoice-items";
import { buildItem, type NewItem } from "./build-item";
import { naturalPeriod } from "./item-periods";
import type { CancellationParams } from "./schedule-cancellation";

export type NewSubscription = {
  customer: Stripe.Customer;
  items: NewItem[];
  trialEnd: number | null;
  defaultPaymentMethod: string | null;
  metadata: Record<string, string>;
  description: string | null;
  trialSettings: Stripe.Subscription.TrialSettings | null;
  savesDefaultPaymentMethod: boolean;
  cancellation: CancellationParams;
  /** Where the billing cycle is anchored in the future; without one it begins now, or when the trial ends. */
  anchor?: number | null;
  anchorConfig?: Stripe.Subscription.BillingCycleAnchorConfig | null;
  /** How the time up to a future anchor is billed. */
  prorationBehavior?: "always_invoice" | "create_prorations" | "none";
  currency?: string;
  discounts?: DiscountParam[];
  defaultTaxRates?: Stripe.TaxRate[];
  automaticTax?: boolean;
  collectionMethod?: "charge_automatically" | "send_invoice";
  daysUntilDue?: number | null;
  invoiceSettings?: Partial<Stripe.Subscription.InvoiceSettings>;
  /** One-time charges for the first invoice. */
  addInvoiceItems?: AddedItem[];
  /** When it really began, before it was made here. */
  backdateStart?: number | null;
};

/** https://docs.stripe.com/billing/collection-method */
const DEFAULT_DAYS_UNTIL_DUE = 30;

/**
 * The subscription object as it looks when new: before its first invoice, without discounts and an announced end. Periods
 * live on the items: up to the trial's end, or to the first boundary that the anchor sets.
 */
export function buildSubscription(
  context: Context,
  input: NewSubscription,
  id = newId("sub"),
): Stripe.Subscription {
  // A trial may end before or after the first full period begins.
  // https://docs.stripe.com/billing/subscriptions/trials/free-trials#combine-trial-anchor
  const start = input.backdateStart ?? context.now;
  const anchor = input.anchor ?? input.trialEnd ?? start;
  const isCharged = (input.collectionMethod ?? "charge_automatically") === "charge_automatically";
  const subscription: Stripe.Subscription = {
    id,
    object: "subscription",
    application: null,
    application_fee_percent: null,
    automatic_tax: automaticTaxOf(input.automaticTax ?? false),
    billing_cycle_anchor: anchor,
    billing_cycle_anchor_config: input.anchorConfig ?? null,
    billing_mode: {
      flexible: { proration_discounts: "included" },
      type: "flexible",
      updated_at: context.now,
    },
    billing_schedules: [],
    billing_thresholds: null,
    cancel_at: null,
    cancel_at_period_end: false,
    canceled_at: null,
    cancellation_details: { comment: null, feedback: null, feedback_option: null, reason: null },
    collection_method: isCharged ? "charge_automatically" : "send_invoice",
    created: context.now,
    currency: input.currency ?? input.items[0]?.price.currency ?? "usd",
    customer: input.customer.id,
    customer_account: null,
    days_until_due: isCharged ? null : (input.daysUntilDue ?? DEFAULT_DAYS_UNTIL_DUE),
    default_payment_method: input.defaultPaymentMethod,
    default_source: null,
    default_tax_rates: input.defaultTaxRates ?? [],
    description: input.description,
    discounts: [],
    ended_at: null,
    invoice_settings: {
      account_tax_ids: null,
      custom_fields: null,
      description: null,
      footer: null,
      issuer: { type: "self" },
      ...input.invoiceSettings,
    },
    items: { object: "list", data: [], has_more: false, url: `/v1/subscription_items?subscription=${id}` },
    latest_invoice: null,
    livemode: false,
    managed_payments: null,
    metadata: input.metadata,
    next_pending_invoice_item_invoice: null,
    on_behalf_of: null,
    pause_collection: null,
    payment_settings: {
      payment_method_options: null,
      payment_method_types: null,
      save_default_payment_method: input.savesDefaultPaymentMethod ? "on_subscription" : "off",
    },
    pending_invoice_item_interval: null,
    pending_setup_intent: null,
    pending_update: null,
    schedule: null,
    start_date: start,
    status: input.trialEnd === null ? "incomplete" : "trialing",
    test_clock: input.customer.test_clock ?? null,
    transfer_data: null,
    trial_end: input.trialEnd,
    trial_settings: input.trialSettings ?? {
      end_behavior: { billing_cycle_anchor: null, missing_payment_method: "create_invoice" },
    },
    trial_start: input.trialEnd === null ? null : context.now,
  };
  const data = input.items.map((item) => {
    const natural = naturalPeriod(subscription, item, context.now);
    const period = { start: Math.max(natural.start, start), end: input.trialEnd ?? natural.end };
    return buildItem(context, id, item, period);
  });
  return { ...subscription, items: { ...subscription.items, data } };
}

/** Automatic tax as a subscription shows it. */
export function automaticTaxOf(isEnabled: boolean): Stripe.Subscription.AutomaticTax {
  return {
    disabled_reason: null,
    enabled: isEnabled,
    liability: isEnabled ? { type: "self" } : null,
  };
}
