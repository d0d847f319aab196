import type Stripe from "stripe";
import type { Context } from "@/local/stripe/context";
import { saveAndTell } from "@/local/stripe/events/emit-event";
import type { ParamsOf } from "@/local/stripe/http/params";
import { invalidRequest } from "@/local/stripe/http/stripe-api-error";
import { mergeMetadata } from "@/local/stripe/metadata";
import { getByPath } from "@/local/stripe/references";
import { beginPhase, planPhases } from "./advance-schedule";
import { buildPhases } from "./build-phases";
import { withDefaultSettings } from "./create-schedule";
import type { scheduleUpdateParams } from "./schedule-params";

type Params = ParamsOf<typeof scheduleUpdateParams>;
type Schedule = Stripe.SubscriptionSchedule;

/**
 * Changes the current and the coming phases, which are given whole; those past stay. What changes in the current one is
 * changed on the subscription at once, and a current phase that ends now makes room for the next.
 * https://docs.stripe.com/billing/subscriptions/subscription-schedules#update-subscription-schedules
 */
export function updateSchedule(context: Context, id: string, params: Params): Schedule {
  const before = getByPath(context, "subscription_schedule", id);
  checkIsLive(before, "updated");
  const phases = params.phases ? newPhases(context, before, params.phases) : before.phases;
  const changed: Schedule = {
    ...before,
    default_settings: withDefaultSettings(before.default_settings, params.default_settings),
    end_behavior: params.end_behavior ?? before.end_behavior,
    metadata: mergeMetadata(before.metadata ?? {}, params.metadata),
    phases,
  };
  saveAndTell(context, "subscription_schedule", changed, before, "subscription_schedule.updated");
  const current = phases.find(
    ({ start_date, end_date }) => start_date <= context.now && context.now < end_date,
  );
  if (params.phases && current) {
    return beginPhase(context, changed, current, params.proration_behavior ?? "create_prorations");
  }
  planPhases(context, changed);
  return changed;
}

/** @throws StripeApiError for a schedule that is over. */
export function checkIsLive(schedule: Schedule, what: string): void {
  if (schedule.status === "not_started" || schedule.status === "active") return;
  throw invalidRequest(
    `You cannot modify subscription schedule \`${schedule.id}\` because it is in the \`${schedule.status}\` status. ` +
      `Only subscription schedules in these statuses can be ${what}: \`not_started\`, \`active\`.`,
  );
}

function newPhases(
  context: Context,
  before: Schedule,
  params: NonNullable<Params["phases"]>,
): Stripe.SubscriptionSchedule.Phase[] {
  const current = before.current_phase;
  const start = current?.start_date ?? firstStart(context, before, params);
  const past = before.phases.filter(({ end_date }) => end_date <= start);
  return [...past, ...buildPhases(context, params, start, before.phases[0]?.currency ?? null)];
}

function firstStart(context: Context, before: Schedule, params: NonNullable<Params["phases"]>): number {
  const given = params[0]?.start_date;
  const start = given === "now" ? context.now : (given ?? before.phases[0]?.start_date ?? context.now);
  if (start >= context.now) return start;
  throw invalidRequest("The start date of the first phase cannot be in the past.", {
    param: "phases[0][start_date]",
  });
}
