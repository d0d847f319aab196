import type Stripe from "stripe";
import type { Context } from "@/local/stripe/context";
import { getByParam, getByPath, idOf } from "@/local/stripe/references";
import { saveObject } from "@/local/stripe/store/store";
import { readNewSubscription } from "@/local/stripe/subscriptions/create-subscription";
import { cancelPendingUpdate } from "@/local/stripe/subscriptions/pending-update";
import { startSubscription } from "@/local/stripe/subscriptions/start-subscription";
import { type UpdateParams, updateSubscription } from "@/local/stripe/subscriptions/update-subscription";
import { changedDiscounts, changedItems, discountParam, itemParams } from "./phase-changes";

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
  const params = {
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
    ...(endsWith(schedule, phase) ? { cancel_at: phase.end_date } : {}),
  };
  const input = readNewSubscription(context, customer, params, true);
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
  const items = changedItems(context, before, phase);
  return {
    ...(items.length === 0 ? {} : { items }),
    ...(proration === undefined ? {} : { proration_behavior: proration }),
    ...(anchor === "phase_start" && startsNow ? { billing_cycle_anchor: { type: "now" } } : {}),
    ...(phase.trial_end !== null && phase.trial_end > context.now ? { trial_end: phase.trial_end } : {}),
    ...changedDiscounts(context, before.discounts, phase.discounts),
    ...taxRatesOf(before, phase),
    ...(method === null ? {} : { default_payment_method: idOf(method) }),
    ...(description === null ? {} : { description }),
    ...(phase.collection_method === null
      ? {}
      : { collection_method: asCollectionMethod(phase.collection_method) }),
    ...(phase.automatic_tax ? { automatic_tax: { enabled: phase.automatic_tax.enabled } } : {}),
    ...endOf(before, schedule, phase),
    metadata: Object.fromEntries(
      Object.entries(phase.metadata ?? {}).map(([key, value]) => [key, value === "" ? null : value]),
    ),
  };
}

/** Those of the phase; one without any leaves them as they are. */
function taxRatesOf(before: Stripe.Subscription, phase: Phase): Pick<UpdateParams, "default_tax_rates"> {
  const wanted = (phase.default_tax_rates ?? []).map(({ id }) => id);
  const isSame = wanted.join() === (before.default_tax_rates ?? []).map(({ id }) => id).join();
  return wanted.length === 0 || isSame ? {} : { default_tax_rates: wanted };
}

/**
 * The end is announced on the subscription once its last phase has begun, and taken back when there is another phase.
 * https://docs.stripe.com/billing/subscriptions/cancel#subscription-schedules
 */
function endOf(
  before: Stripe.Subscription,
  schedule: Schedule,
  phase: Phase,
): Pick<UpdateParams, "cancel_at"> {
  const end = endsWith(schedule, phase) ? phase.end_date : null;
  return end === before.cancel_at ? {} : { cancel_at: end };
}

function endsWith({ end_behavior: behavior, phases }: Schedule, phase: Phase): boolean {
  return behavior === "cancel" && phases.at(-1)?.start_date === phase.start_date;
}

function asCollectionMethod(method: string | null): "charge_automatically" | "send_invoice" {
  return method === "send_invoice" ? "send_invoice" : "charge_automatically";
}
