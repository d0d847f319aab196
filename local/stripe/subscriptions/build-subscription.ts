import type Stripe from "stripe";
import type { Context } from "@/local/stripe/context";
import type { DiscountParam } from "@/local/stripe/discounts/discount-params";
import { newId } from "@/local/stripe/ids";
import { idOf } from "@/local/stripe/references";
import type { AddedItem } from "./add-invoice-items";
import { periodAt } from "./billing-period";
import type { CancellationParams } from "./schedule-cancellation";

export type NewItem = {
  price: Stripe.Price;
  quantity: number;
  /** Whether somebody named the quantity, which a metered price does not take. */
  hasQuantity?: boolean;
  /** Whether the price was made in passing and is therefore not active. */
  isInline?: boolean;
  metadata: Record<string, string>;
  discounts?: DiscountParam[];
  taxRates?: Stripe.TaxRate[];
};

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
};

/** https://docs.stripe.com/billing/collection-method */
const DEFAULT_DAYS_UNTIL_DUE = 30;

/** The subscription object as it looks when new: before its first invoice, without discounts. Periods live on the items. */
export function buildSubscription(
  context: Context,
  input: NewSubscription,
  id = newId("sub"),
): Stripe.Subscription {
  // A trial may end before or after the first full period begins.
  // https://docs.stripe.com/billing/subscriptions/trials/free-trials#combine-trial-anchor
  const anchor = input.anchor ?? input.trialEnd ?? context.now;
  const isCharged = (input.collectionMethod ?? "charge_automatically") === "charge_automatically";
  return {
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
    items: {
      object: "list",
      data: input.items.map((item) =>
        buildItem(context, id, item, firstPeriod(context, item, input, anchor)),
      ),
      has_more: false,
      url: `/v1/subscription_items?subscription=${id}`,
    },
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
    start_date: context.now,
    status: input.trialEnd === null ? "incomplete" : "trialing",
    test_clock: input.customer.test_clock ?? null,
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

/** When the earliest of the current periods began. */
export function currentPeriodStart(subscription: Stripe.Subscription): number {
  return Math.min(...subscription.items.data.map((item) => item.current_period_start));
}

/** A new item in the given period. A metered one has no quantity. */
export function buildItem(
  context: Context,
  subscription: string,
  item: NewItem,
  period: { start: number; end: number },
): Stripe.SubscriptionItem {
  const { price } = item;
  if (!price.recurring) throw new Error(`The price ${price.id} does not recur.`);
  return {
    id: newId("si"),
    object: "subscription_item",
    billing_thresholds: null,
    created: context.now,
    current_period_end: period.end,
    current_period_start: period.start,
    current_trial: null,
    discounts: [],
    metadata: item.metadata,
    plan: planOf(price, price.recurring),
    price,
    ...(price.recurring.usage_type === "metered" ? {} : { quantity: item.quantity }),
    subscription,
    tax_rates: item.taxRates ?? [],
  };
}

/** An item with another price, and all that shows the price. */
export function withPrice(item: Stripe.SubscriptionItem, price: Stripe.Price): Stripe.SubscriptionItem {
  if (!price.recurring) throw new Error(`The price ${price.id} does not recur.`);
  const { quantity = 1, ...rest } = item;
  const isMetered = price.recurring.usage_type === "metered";
  return { ...rest, plan: planOf(price, price.recurring), price, ...(isMetered ? {} : { quantity }) };
}

export function automaticTaxOf(isEnabled: boolean): Stripe.Subscription.AutomaticTax {
  return {
    disabled_reason: null,
    enabled: isEnabled,
    liability: isEnabled ? { type: "self" } : null,
  };
}

/** Up to the trial's end, or to the first boundary that the anchor sets, or to an announced end before it. */
function firstPeriod(
  context: Context,
  { price }: NewItem,
  { trialEnd, cancellation }: NewSubscription,
  anchor: number,
): { start: number; end: number } {
  if (trialEnd !== null) return { start: context.now, end: trialEnd };
  if (!price.recurring) throw new Error(`The price ${price.id} does not recur.`);
  const { end } = periodAt(anchor, price.recurring, context.now);
  const { cancel_at: cancelAt } = cancellation;
  const isCut = typeof cancelAt === "number" && cancelAt > context.now && cancelAt < end;
  return { start: context.now, end: isCut ? cancelAt : end };
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
    meter: recurring.meter,
    nickname: price.nickname,
    product: idOf(price.product),
    tiers_mode: price.tiers_mode,
    transform_usage: price.transform_quantity,
    trial_period_days: null,
    usage_type: recurring.usage_type,
  };
}
