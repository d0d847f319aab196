import type Stripe from "stripe";
import type { Context } from "@/local/stripe/context";
import { invalidRequest } from "@/local/stripe/http/stripe-api-error";
import { mergeMetadata } from "@/local/stripe/metadata";
import { getByParam } from "@/local/stripe/references";
import { addIntervals } from "@/local/stripe/subscriptions/billing-period";
import { checkItems } from "@/local/stripe/subscriptions/check-items";
import { readTaxRates } from "@/local/stripe/tax/read-tax-rates";
import type { PhaseParams } from "./schedule-params";

type Phase = Stripe.SubscriptionSchedule.Phase;

/**
 * The phases one after the other from a moment on, each as long as its duration or up to its end. The start of each is the
 * end of the one before. https://docs.stripe.com/billing/subscriptions/subscription-schedules#set-the-length-of-a-phase
 * @throws StripeApiError naming the phase's parameter.
 */
export function buildPhases(
  context: Context,
  phases: readonly PhaseParams[],
  start: number,
  currency: string | null,
): Phase[] {
  let from = start;
  return phases.map((params, index) => {
    const path = `phases[${index}]`;
    const named = moment(context, params.start_date);
    if (named !== undefined && named !== from) {
      throw invalidRequest("The start date of a phase must be the end date of the phase before it.", {
        param: `${path}[start_date]`,
      });
    }
    const phase = buildPhase(context, params, from, currency, path);
    from = phase.end_date;
    return phase;
  });
}

function buildPhase(
  context: Context,
  params: PhaseParams,
  start: number,
  currency: string | null,
  path: string,
): Phase {
  const items = params.items.map((item, index) => {
    const price = getByParam(context, "price", item.price, `${path}[items][${index}][price]`);
    return { item, price };
  });
  const used = params.currency ?? currency ?? items[0]?.price.currency ?? "usd";
  checkItems(
    context,
    null,
    items.map(({ item, price }) => ({
      price,
      quantity: item.quantity ?? 1,
      hasQuantity: item.quantity !== undefined,
      metadata: {},
    })),
    used,
    (index) => `${path}[items][${index}][price]`,
  );
  const end = endOf(context, params, start, items[0]?.price, path);
  const trialEnd = params.trial ? end : (moment(context, params.trial_end) ?? null);
  if (trialEnd !== null && (trialEnd <= start || trialEnd > end)) {
    throw invalidRequest("The trial of a phase must end within the phase.", { param: `${path}[trial_end]` });
  }
  return {
    add_invoice_items: [],
    application_fee_percent: null,
    ...(params.automatic_tax
      ? { automatic_tax: { disabled_reason: null, enabled: params.automatic_tax.enabled, liability: null } }
      : {}),
    billing_cycle_anchor: params.billing_cycle_anchor ?? null,
    billing_thresholds: null,
    collection_method: params.collection_method ?? null,
    currency: used,
    default_payment_method: params.default_payment_method ?? null,
    default_tax_rates: readTaxRates(context, params.default_tax_rates ?? [], `${path}[default_tax_rates]`),
    description: params.description ?? null,
    discounts: (params.discounts ?? []).map(shownDiscount),
    end_date: end,
    invoice_settings: null,
    items: items.map(({ item, price }, index) => ({
      billing_thresholds: null,
      discounts: (item.discounts ?? []).map(shownDiscount),
      metadata: mergeMetadata({}, item.metadata),
      plan: price.id,
      price: price.id,
      ...(price.recurring?.usage_type === "metered" ? {} : { quantity: item.quantity ?? 1 }),
      tax_rates: readTaxRates(context, item.tax_rates ?? [], `${path}[items][${index}][tax_rates]`),
    })),
    // An empty value unsets a key of the subscription when the phase begins, so it is kept.
    metadata: keptMetadata(params.metadata),
    on_behalf_of: null,
    proration_behavior: params.proration_behavior ?? "create_prorations",
    start_date: start,
    transfer_data: null,
    trial_end: trialEnd,
  };
}

/** Without a duration or an end a phase is one period of its first price long. */
function endOf(
  context: Context,
  params: PhaseParams,
  start: number,
  price: Stripe.Price | undefined,
  path: string,
): number {
  if (params.duration && params.end_date !== undefined) {
    throw invalidRequest("You may only specify one of these parameters: duration, end_date.", {
      param: `${path}[duration]`,
    });
  }
  const { duration } = params;
  const interval = duration
    ? { ...duration, interval_count: duration.interval_count ?? 1 }
    : price?.recurring;
  const end = moment(context, params.end_date) ?? (interval ? addIntervals(start, interval, 1) : start);
  if (end < start || (end === start && params.end_date !== "now")) {
    throw invalidRequest("The end date of a phase must be after its start date.", {
      param: `${path}[end_date]`,
    });
  }
  return end;
}

function moment(context: Context, value: number | "now" | undefined): number | undefined {
  return value === "now" ? context.now : value;
}

function shownDiscount(given: {
  coupon?: string;
  discount?: string;
  promotion_code?: string;
}): Stripe.SubscriptionSchedule.Phase.Discount {
  return {
    coupon: given.coupon ?? null,
    discount: given.discount ?? null,
    promotion_code: given.promotion_code ?? null,
  };
}

function keptMetadata(given: PhaseParams["metadata"]): Record<string, string> {
  return Object.fromEntries(Object.entries(given ?? {}).map(([key, value]) => [key, value ?? ""]));
}
