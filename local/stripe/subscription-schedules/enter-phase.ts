import type Stripe from "stripe";
import type { Context } from "@/local/stripe/context";
import type { DiscountParam } from "@/local/stripe/discounts/discount-params";
import { getByParam, getByPath, idOf } from "@/local/stripe/references";
import { saveObject } from "@/local/stripe/store/store";
import { readNewSubscription } from "@/local/stripe/subscriptions/create-subscription";
import { cancelPendingUpdate } from "@/local/stripe/subscriptions/pending-update";
import type { ItemParams } from "@/local/stripe/subscriptions/read-items";
import { startSubscription } from "@/local/stripe/subscriptions/start-subscription";
import { type UpdateParams, updateSubscription } from "@/local/stripe/subscriptions/update-subscription";

type Schedule = Stripe.SubscriptionSchedule;
type Phase = Stripe.SubscriptionSchedule.Phase;

/**
 * Makes the subscription what the phase says; without one it is created, and its first invoice stays a draft for an hour
 * as a renewal's does. https://docs.stripe.com/billing/subscriptions/subscription-schedules#transition-to-the-next-phase
 * @returns the subscription's id.
 */
export function enterPhase(
  context: Context,
  schedule: Schedule,
  phase: Phase,
  proration: UpdateParams["proration_behavior"],
): string {
  if (schedule.subscription === null) return createFromPhase(context, schedule, phase);
  const id = idOf(schedule.subscription);
  const before = getByPath(context, "subscription", id);
  if (before.pending_update) cancelPendingUpdate(context, before);
  updateSubscription(context, id, updateOf(context, before, schedule, phase, proration), true);
  return id;
}

function createFromPhase(context: Context, schedule: Schedule, phase: Phase): string {
  const customer = getByParam(context, "customer", idOf(schedule.customer), "customer");
  const { default_settings: settings } = schedule;
  const method = phase.default_payment_method ?? settings.default_payment_method;
  const description = phase.description ?? settings.description;
  const input = readNewSubscription(context, customer, {
    customer: customer.id,
    items: phase.items.map(itemParams),
    currency: phase.currency,
    collection_method: asCollectionMethod(phase.collection_method ?? settings.collection_method),
    discounts: phase.discounts.map(discountParam),
    default_tax_rates: (phase.default_tax_rates ?? []).map(({ id }) => id),
    metadata: phase.metadata ?? {},
    ...(method === null ? {} : { default_payment_method: idOf(method) }),
    ...(description === null ? {} : { description }),
    ...(phase.automatic_tax ? { automatic_tax: { enabled: phase.automatic_tax.enabled } } : {}),
    ...(phase.trial_end === null ? {} : { trial_end: phase.trial_end }),
  });
  const subscription = startSubscription(context, input, {
    method: null,
    behavior: "allow_incomplete",
    startsIncomplete: false,
    isCollectedLater: true,
  });
  saveObject(context.store, "subscription", { ...subscription, schedule: schedule.id });
  return subscription.id;
}

/** Only what differs, so that a phase that changes nothing bills nothing. */
function updateOf(
  context: Context,
  before: Stripe.Subscription,
  schedule: Schedule,
  phase: Phase,
  proration: UpdateParams["proration_behavior"],
): UpdateParams {
  const { default_settings: settings } = schedule;
  const method = phase.default_payment_method ?? settings.default_payment_method;
  const anchor = phase.billing_cycle_anchor ?? settings.billing_cycle_anchor;
  const description = phase.description ?? settings.description;
  const startsNow = phase.start_date === context.now;
  const items = changedItems(before, phase);
  return {
    ...(items.length === 0 ? {} : { items }),
    ...(proration === undefined ? {} : { proration_behavior: proration }),
    ...(anchor === "phase_start" && startsNow ? { billing_cycle_anchor: { type: "now" } } : {}),
    ...(phase.trial_end !== null && phase.trial_end > context.now ? { trial_end: phase.trial_end } : {}),
    ...discountsOf(before, phase),
    ...(method === null ? {} : { default_payment_method: idOf(method) }),
    ...(description === null ? {} : { description }),
    ...(phase.collection_method === null
      ? {}
      : { collection_method: asCollectionMethod(phase.collection_method) }),
    ...(phase.automatic_tax ? { automatic_tax: { enabled: phase.automatic_tax.enabled } } : {}),
    metadata: Object.fromEntries(
      Object.entries(phase.metadata ?? {}).map(([key, value]) => [key, value === "" ? null : value]),
    ),
  };
}

/** An item keeps its id where its price stays; a price that goes makes room for one that comes. */
function changedItems(before: Stripe.Subscription, phase: Phase): ItemParams[] {
  const wanted = phase.items.map((item) => ({ ...itemParams(item), price: idOf(item.price) }));
  const leaving = before.items.data.filter(({ price }) => !wanted.some((item) => item.price === price.id));
  const changes = wanted.flatMap((item): ItemParams[] => {
    const same = before.items.data.find(({ price }) => price.id === item.price);
    if (same) {
      const isSame = item.quantity === undefined || item.quantity === same.quantity;
      return isSame
        ? []
        : [{ id: same.id, ...(item.quantity === undefined ? {} : { quantity: item.quantity }) }];
    }
    const replaced = leaving.shift();
    return [replaced ? { ...item, id: replaced.id } : item];
  });
  return [...changes, ...leaving.map(({ id }) => ({ id, deleted: true }))];
}

/** A phase without discounts ends those of the phase before. */
function discountsOf(before: Stripe.Subscription, phase: Phase): Pick<UpdateParams, "discounts"> {
  if (phase.discounts.length > 0) return { discounts: phase.discounts.map(discountParam) };
  return before.discounts.length > 0 ? { discounts: [] } : {};
}

function itemParams(item: Stripe.SubscriptionSchedule.Phase.Item): ItemParams & { price: string } {
  return {
    price: idOf(item.price),
    ...(item.quantity === undefined ? {} : { quantity: item.quantity }),
    ...(item.discounts.length === 0 ? {} : { discounts: item.discounts.map(discountParam) }),
    ...(item.tax_rates?.length ? { tax_rates: item.tax_rates.map(({ id }) => id) } : {}),
    metadata: item.metadata ?? {},
  };
}

function discountParam(given: Stripe.SubscriptionSchedule.Phase.Discount): DiscountParam {
  return {
    ...(given.coupon === null ? {} : { coupon: idOf(given.coupon) }),
    ...(given.discount === null ? {} : { discount: idOf(given.discount) }),
    ...(given.promotion_code === null ? {} : { promotion_code: idOf(given.promotion_code) }),
  };
}

function asCollectionMethod(method: string | null): "charge_automatically" | "send_invoice" {
  return method === "send_invoice" ? "send_invoice" : "charge_automatically";
}
