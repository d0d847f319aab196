import type Stripe from "stripe";
import type { Context } from "@/local/stripe/context";
import { newId } from "@/local/stripe/ids";
import { idOf } from "@/local/stripe/references";
import { addIntervals } from "./billing-period";
import type { CancellationParams } from "./schedule-cancellation";

export type NewItem = { price: Stripe.Price; quantity: number; metadata: Record<string, string> };

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
};

/** The subscription object as it looks when new. Periods live on the items. */
export function buildSubscription(
  context: Context,
  input: NewSubscription,
  fixed: { status: Stripe.Subscription.Status; latestInvoice: string; pendingSetupIntent: string | null },
): Stripe.Subscription {
  const id = newId("sub");
  const anchor = input.trialEnd ?? context.now;
  return {
    id,
    object: "subscription",
    application: null,
    application_fee_percent: null,
    automatic_tax: { disabled_reason: null, enabled: false, liability: null },
    billing_cycle_anchor: anchor,
    billing_cycle_anchor_config: null,
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
    collection_method: "charge_automatically",
    created: context.now,
    currency: input.items[0]?.price.currency ?? "usd",
    customer: input.customer.id,
    customer_account: null,
    days_until_due: null,
    default_payment_method: input.defaultPaymentMethod,
    default_source: null,
    default_tax_rates: [],
    description: input.description,
    discounts: [],
    ended_at: null,
    invoice_settings: {
      account_tax_ids: null,
      custom_fields: null,
      description: null,
      footer: null,
      issuer: { type: "self" },
    },
    items: {
      object: "list",
      data: input.items.map((item) => buildItem(context, id, item, input.trialEnd)),
      has_more: false,
      url: `/v1/subscription_items?subscription=${id}`,
    },
    latest_invoice: fixed.latestInvoice,
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
    pending_setup_intent: fixed.pendingSetupIntent,
    pending_update: null,
    schedule: null,
    start_date: context.now,
    status: fixed.status,
    test_clock: null,
    transfer_data: null,
    trial_end: input.trialEnd,
    trial_settings: input.trialSettings ?? {
      end_behavior: { billing_cycle_anchor: null, missing_payment_method: "create_invoice" },
    },
    trial_start: input.trialEnd === null ? null : context.now,
  };
}

/** The earliest end among the items' current periods: when the subscription next needs attention. */
export function currentPeriodEnd(subscription: Stripe.Subscription): number {
  return Math.min(...subscription.items.data.map((item) => item.current_period_end));
}

/** When the current period began. All items share one period here. */
export function currentPeriodStart(subscription: Stripe.Subscription): number {
  return Math.min(...subscription.items.data.map((item) => item.current_period_start));
}

function buildItem(
  context: Context,
  subscription: string,
  item: NewItem,
  trialEnd: number | null,
): Stripe.SubscriptionItem {
  const { price } = item;
  if (!price.recurring) throw new Error(`The price ${price.id} does not recur.`);
  return {
    id: newId("si"),
    object: "subscription_item",
    billing_thresholds: null,
    created: context.now,
    current_period_end: trialEnd ?? addIntervals(context.now, price.recurring, 1),
    current_period_start: context.now,
    current_trial: null,
    discounts: [],
    metadata: item.metadata,
    plan: planOf(price, price.recurring),
    price,
    quantity: item.quantity,
    subscription,
    tax_rates: [],
  };
}

/** The legacy view of a price, which items still carry. */
function planOf(price: Stripe.Price, recurring: Stripe.Price.Recurring): Stripe.Plan {
  return {
    id: price.id,
    object: "plan",
    active: price.active,
    amount: price.unit_amount,
    amount_decimal: price.unit_amount_decimal,
    billing_scheme: price.billing_scheme,
    created: price.created,
    currency: price.currency,
    interval: recurring.interval,
    interval_count: recurring.interval_count,
    livemode: false,
    metadata: price.metadata,
    meter: null,
    nickname: price.nickname,
    product: idOf(price.product),
    tiers_mode: null,
    transform_usage: null,
    trial_period_days: null,
    usage_type: recurring.usage_type,
  };
}
