import type Stripe from "stripe";
import type { Context } from "@/local/stripe/context";
import { emitEvent, saveAndTell } from "@/local/stripe/events/emit-event";
import type { ParamsOf } from "@/local/stripe/http/params";
import { invalidRequest, notSimulated, parameterMissing } from "@/local/stripe/http/stripe-api-error";
import { newId } from "@/local/stripe/ids";
import { mergeMetadata } from "@/local/stripe/metadata";
import { getByParam, idOf } from "@/local/stripe/references";
import { insertObject } from "@/local/stripe/store/store";
import { currentPeriodEnd, currentPeriodStart } from "@/local/stripe/subscriptions/item-periods";
import { hasEnded } from "@/local/stripe/subscriptions/list-live-subscriptions";
import { beginPhase, planPhases } from "./advance-schedule";
import { buildPhases } from "./build-phases";
import type { scheduleCreateParams } from "./schedule-params";

type Params = ParamsOf<typeof scheduleCreateParams>;
type Schedule = Stripe.SubscriptionSchedule;

/** https://docs.stripe.com/api/subscription_schedules/create */
export function createSchedule(context: Context, params: Params): Schedule {
  if (params.from_subscription !== undefined) return scheduleSubscription(context, params);
  if (params.customer === undefined) throw parameterMissing("customer");
  const customer = getByParam(context, "customer", params.customer, "customer");
  const start = params.start_date === "now" ? context.now : (params.start_date ?? context.now);
  if (start < context.now) throw notSimulated("a subscription that began before it was made", "start_date");
  const phases = buildPhases(context, params.phases ?? [], start, customer.currency ?? null);
  if (phases.length === 0) throw parameterMissing("phases");
  const schedule = buildSchedule(context, customer, params, phases);
  insertObject(context.store, "subscription_schedule", schedule, {});
  emitEvent(context, "subscription_schedule.created", schedule);
  const [first] = phases;
  if (first && first.start_date <= context.now) return beginPhase(context, schedule, first, "none");
  planPhases(context, schedule);
  return schedule;
}

/** The new settings over the old ones. */
export function withDefaultSettings(
  settings: Schedule["default_settings"],
  given: Params["default_settings"],
): Schedule["default_settings"] {
  if (!given) return settings;
  return {
    ...settings,
    ...(given.automatic_tax
      ? { automatic_tax: { disabled_reason: null, enabled: given.automatic_tax.enabled, liability: null } }
      : {}),
    billing_cycle_anchor: given.billing_cycle_anchor ?? settings.billing_cycle_anchor,
    collection_method: given.collection_method ?? settings.collection_method,
    default_payment_method: given.default_payment_method ?? settings.default_payment_method,
    description: given.description === undefined ? settings.description : given.description,
  };
}

/** A schedule whose one phase is the period that runs. https://docs.stripe.com/api/subscription_schedules/create#create_subscription_schedule-from_subscription */
function scheduleSubscription(context: Context, params: Params): Schedule {
  const { from_subscription: id = "", metadata, ...others } = params;
  const [other] = Object.keys(others);
  if (other !== undefined) {
    throw invalidRequest(
      `You cannot set \`${other}\` if \`from_subscription\` is set. Update the schedule after it is made.`,
      { param: other },
    );
  }
  const before = getByParam(context, "subscription", id, "from_subscription");
  if (hasEnded(before) || before.status === "incomplete" || before.status === "paused") {
    throw invalidRequest(`You cannot schedule a subscription that is \`${before.status}\`.`, {
      param: "from_subscription",
    });
  }
  if (before.schedule !== null) {
    throw invalidRequest(
      `You cannot migrate a subscription that is already attached to a schedule: ${idOf(before.schedule)}`,
      { param: "from_subscription" },
    );
  }
  const customer = getByParam(context, "customer", idOf(before.customer), "customer");
  const phase = phaseOf(before);
  const schedule: Schedule = {
    ...buildSchedule(context, customer, { ...(metadata === undefined ? {} : { metadata }) }, [phase]),
    current_phase: { start_date: phase.start_date, end_date: phase.end_date },
    end_behavior: before.cancel_at === null ? "release" : "cancel",
    status: "active",
    subscription: before.id,
  };
  insertObject(context.store, "subscription_schedule", schedule, {});
  const after = { ...before, schedule: schedule.id };
  saveAndTell(context, "subscription", after, before, "customer.subscription.updated");
  emitEvent(context, "subscription_schedule.created", schedule);
  planPhases(context, schedule);
  return schedule;
}

function buildSchedule(
  context: Context,
  customer: Stripe.Customer,
  params: Pick<Params, "default_settings" | "end_behavior" | "metadata">,
  phases: Stripe.SubscriptionSchedule.Phase[],
): Schedule {
  return {
    id: newId("sub_sched"),
    object: "subscription_schedule",
    application: null,
    billing_mode: {
      flexible: { proration_discounts: "included" },
      type: "flexible",
      updated_at: context.now,
    },
    canceled_at: null,
    completed_at: null,
    created: context.now,
    current_phase: null,
    customer: customer.id,
    customer_account: null,
    default_settings: withDefaultSettings(
      {
        application_fee_percent: null,
        automatic_tax: { disabled_reason: null, enabled: false, liability: null },
        billing_cycle_anchor: "automatic",
        billing_thresholds: null,
        collection_method: "charge_automatically",
        default_payment_method: null,
        description: null,
        invoice_settings: {
          account_tax_ids: null,
          custom_fields: null,
          days_until_due: null,
          description: null,
          footer: null,
          issuer: { type: "self" },
        },
        on_behalf_of: null,
        transfer_data: null,
      },
      params.default_settings,
    ),
    end_behavior: params.end_behavior ?? "release",
    livemode: false,
    metadata: mergeMetadata({}, params.metadata),
    pause_schedules: [],
    phases,
    released_at: null,
    released_subscription: null,
    status: "not_started",
    subscription: null,
    test_clock: customer.test_clock ?? null,
  };
}

function phaseOf(subscription: Stripe.Subscription): Stripe.SubscriptionSchedule.Phase {
  return {
    add_invoice_items: [],
    application_fee_percent: null,
    automatic_tax: subscription.automatic_tax,
    billing_cycle_anchor: null,
    billing_thresholds: null,
    collection_method: subscription.collection_method,
    currency: subscription.currency,
    default_payment_method: subscription.default_payment_method && idOf(subscription.default_payment_method),
    default_tax_rates: subscription.default_tax_rates ?? [],
    description: subscription.description,
    discounts: subscription.discounts.map((discount) => ({
      coupon: null,
      discount: idOf(discount),
      promotion_code: null,
    })),
    end_date: currentPeriodEnd(subscription),
    invoice_settings: null,
    items: subscription.items.data.map((item) => ({
      billing_thresholds: null,
      discounts: item.discounts.map((discount) => ({
        coupon: null,
        discount: idOf(discount),
        promotion_code: null,
      })),
      metadata: item.metadata,
      plan: item.price.id,
      price: item.price.id,
      ...(item.quantity === undefined ? {} : { quantity: item.quantity }),
      tax_rates: item.tax_rates,
    })),
    metadata: subscription.metadata,
    on_behalf_of: null,
    proration_behavior: "create_prorations",
    start_date: currentPeriodStart(subscription),
    transfer_data: null,
    trial_end: subscription.status === "trialing" ? subscription.trial_end : null,
  };
}
