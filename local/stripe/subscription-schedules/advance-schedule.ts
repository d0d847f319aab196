import type Stripe from "stripe";
import type { Context } from "@/local/stripe/context";
import { emitEvent, saveAndTell } from "@/local/stripe/events/emit-event";
import { getByPath, idOf } from "@/local/stripe/references";
import { findObject, saveObject } from "@/local/stripe/store/store";
import { cancelWhenAnnounced } from "@/local/stripe/subscriptions/cancel-subscription";
import { hasEnded } from "@/local/stripe/subscriptions/list-live-subscriptions";
import { forgetDue, planDue } from "@/local/stripe/time/due";
import { enterPhase } from "./enter-phase";

type Schedule = Stripe.SubscriptionSchedule;

/** https://docs.stripe.com/api/events/types#event_types-subscription_schedule.expiring */
const EXPIRING_NOTICE_SECONDS = 7 * 24 * 60 * 60;

/**
 * Begins the phase whose time has come, or ends the schedule after its last one. Happens before a renewal of the same
 * second, so that the renewal bills the new phase.
 * https://docs.stripe.com/billing/subscriptions/subscription-schedules#transition-to-the-next-phase
 */
export function advanceSchedule(context: Context, before: Schedule): void {
  if (before.status !== "not_started" && before.status !== "active") return;
  const phase = before.phases.find(
    ({ start_date, end_date }) => start_date <= context.now && context.now < end_date,
  );
  if (phase) beginPhase(context, before, phase, phase.proration_behavior);
  else if (before.phases.every(({ end_date }) => end_date <= context.now)) completeSchedule(context, before);
}

/** Enters the phase and plans its end. */
export function beginPhase(
  context: Context,
  before: Schedule,
  phase: Stripe.SubscriptionSchedule.Phase,
  proration: Stripe.SubscriptionSchedule.Phase.ProrationBehavior,
): Schedule {
  const subscription = enterPhase(context, before, phase, asBehavior(proration));
  const after: Schedule = {
    ...before,
    current_phase: { start_date: phase.start_date, end_date: phase.end_date },
    status: "active",
    subscription,
  };
  saveAndTell(context, "subscription_schedule", after, before, "subscription_schedule.updated");
  planPhases(context, after);
  return after;
}

/** Makes the clock come back at the end of the current phase, or at the start of the first. */
export function planPhases(context: Context, { id, phases, current_phase: current }: Schedule): void {
  const at = current?.end_date ?? phases[0]?.start_date;
  if (at === undefined) return;
  planDue(context.store, { at, kind: "advance_schedule", objectId: id });
  const end = phases.at(-1)?.end_date ?? at;
  const noticeAt = end - EXPIRING_NOTICE_SECONDS;
  if (noticeAt > context.now)
    planDue(context.store, { at: noticeAt, kind: "tell_schedule_expiring", objectId: id });
  else forgetDue(context.store, id, "tell_schedule_expiring");
}

/** Takes the schedule off its subscription, which goes on. https://docs.stripe.com/api/subscription_schedules/release */
export function detachSchedule(context: Context, schedule: Schedule, fields: Partial<Schedule>): Schedule {
  const subscription = schedule.subscription === null ? null : idOf(schedule.subscription);
  const after: Schedule = {
    ...schedule,
    ...fields,
    current_phase: null,
    released_subscription: subscription,
    subscription: null,
  };
  saveObject(context.store, "subscription_schedule", after);
  forgetDue(context.store, schedule.id);
  const before = subscription === null ? null : findObject(context.store, "subscription", subscription);
  if (before && !hasEnded(before)) {
    saveAndTell(
      context,
      "subscription",
      { ...before, schedule: null },
      before,
      "customer.subscription.updated",
    );
  }
  return after;
}

/** A subscription that ends takes its schedule with it; at the end of the last phase the schedule is complete. */
export function endScheduleOf(context: Context, subscription: Stripe.Subscription, isAborted: boolean): void {
  if (subscription.schedule === null) return;
  const before = getByPath(context, "subscription_schedule", idOf(subscription.schedule));
  if (before.status !== "active" && before.status !== "not_started") return;
  if (!isAborted && before.phases.every(({ end_date }) => end_date <= context.now)) {
    const completed: Schedule = {
      ...before,
      completed_at: context.now,
      current_phase: null,
      status: "completed",
    };
    saveObject(context.store, "subscription_schedule", completed);
    forgetDue(context.store, completed.id);
    emitEvent(context, "subscription_schedule.completed", completed);
    return;
  }
  const after: Schedule = { ...before, canceled_at: context.now, current_phase: null, status: "canceled" };
  saveObject(context.store, "subscription_schedule", after);
  forgetDue(context.store, after.id);
  // https://docs.stripe.com/api/events/types#event_types-subscription_schedule.aborted
  emitEvent(context, isAborted ? "subscription_schedule.aborted" : "subscription_schedule.canceled", after);
}

/** The end of the subscription, where it was announced for now, has come before and ended the schedule. */
function completeSchedule(context: Context, before: Schedule): void {
  const subscription =
    before.subscription && findObject(context.store, "subscription", idOf(before.subscription));
  if (before.end_behavior === "cancel" && subscription && !hasEnded(subscription)) {
    cancelWhenAnnounced(context, subscription);
    return;
  }
  const completed: Partial<Schedule> = { completed_at: context.now, status: "completed" };
  emitEvent(context, "subscription_schedule.completed", detachSchedule(context, before, completed));
}

function asBehavior(behavior: string): "always_invoice" | "create_prorations" | "none" {
  return behavior === "always_invoice" || behavior === "none" ? behavior : "create_prorations";
}
