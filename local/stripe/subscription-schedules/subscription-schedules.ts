import type { Context } from "@/local/stripe/context";
import { customerFilter } from "@/local/stripe/customers/customer-filter";
import { emitEvent } from "@/local/stripe/events/emit-event";
import { listPage } from "@/local/stripe/http/list-page";
import { operation } from "@/local/stripe/http/operation";
import type { ParamsOf } from "@/local/stripe/http/params";
import { getByPath, idOf } from "@/local/stripe/references";
import { fieldEquals, fieldInRange, type ListFilter } from "@/local/stripe/store/list-objects";
import { findObject } from "@/local/stripe/store/store";
import { cancelSubscription } from "@/local/stripe/subscriptions/cancel-subscription";
import { hasEnded } from "@/local/stripe/subscriptions/list-live-subscriptions";
import { updateSubscription } from "@/local/stripe/subscriptions/update-subscription";
import { detachSchedule } from "./advance-schedule";
import { createSchedule } from "./create-schedule";
import {
  scheduleCancelParams,
  scheduleCreateParams,
  scheduleListParams,
  scheduleReleaseParams,
  scheduleUpdateParams,
} from "./schedule-params";
import { checkIsLive, updateSchedule } from "./update-schedule";

/** https://docs.stripe.com/api/subscription_schedules */
export const subscriptionScheduleOperations = [
  operation({
    method: "POST",
    path: "/v1/subscription_schedules",
    params: scheduleCreateParams,
    run: (context, params) => createSchedule(context, params),
  }),
  operation({
    method: "GET",
    path: "/v1/subscription_schedules",
    params: scheduleListParams,
    run: (context, params) =>
      listPage(
        context,
        "/v1/subscription_schedules",
        "subscription_schedule",
        params,
        filtersOf(context, params),
      ),
  }),
  operation({
    method: "GET",
    path: "/v1/subscription_schedules/:schedule",
    params: {},
    run: (context, _params, path) => getByPath(context, "subscription_schedule", path.schedule),
  }),
  operation({
    method: "POST",
    path: "/v1/subscription_schedules/:schedule",
    params: scheduleUpdateParams,
    run: (context, params, path) => updateSchedule(context, path.schedule, params),
  }),
  operation({
    method: "POST",
    path: "/v1/subscription_schedules/:schedule/cancel",
    params: scheduleCancelParams,
    run: (context, params, path) => cancelSchedule(context, path.schedule, params),
  }),
  operation({
    method: "POST",
    path: "/v1/subscription_schedules/:schedule/release",
    params: scheduleReleaseParams,
    run: (context, params, path) => releaseSchedule(context, path.schedule, params),
  }),
];

/** Ends the schedule and its subscription at once. https://docs.stripe.com/api/subscription_schedules/cancel */
function cancelSchedule(context: Context, id: string, params: ParamsOf<typeof scheduleCancelParams>): object {
  const before = getByPath(context, "subscription_schedule", id);
  checkIsLive(before, "canceled");
  const subscription =
    before.subscription && findObject(context.store, "subscription", idOf(before.subscription));
  if (subscription && !hasEnded(subscription)) {
    // The end of the subscription ends the schedule.
    cancelSubscription(
      context,
      subscription,
      {},
      {
        prorates: params.prorate ?? true,
        invoice: (params.invoice_now ?? true) ? "now" : "none",
      },
    );
    return getByPath(context, "subscription_schedule", id);
  }
  const after = detachSchedule(context, before, { canceled_at: context.now, status: "canceled" });
  emitEvent(context, "subscription_schedule.canceled", after);
  return after;
}

/** Leaves the subscription as it is. https://docs.stripe.com/api/subscription_schedules/release */
function releaseSchedule(
  context: Context,
  id: string,
  params: ParamsOf<typeof scheduleReleaseParams>,
): object {
  const before = getByPath(context, "subscription_schedule", id);
  checkIsLive(before, "released");
  const subscription =
    before.subscription && findObject(context.store, "subscription", idOf(before.subscription));
  if (subscription && subscription.cancel_at !== null && !params.preserve_cancel_date) {
    updateSubscription(context, subscription.id, { cancel_at: null }, true);
  }
  const released = detachSchedule(context, before, { released_at: context.now, status: "released" });
  emitEvent(context, "subscription_schedule.released", released);
  return released;
}

function filtersOf(context: Context, params: ParamsOf<typeof scheduleListParams>): ListFilter[] {
  const ranges = (["canceled_at", "completed_at", "created", "released_at"] as const).flatMap((name) => {
    const range = params[name];
    return range === undefined ? [] : fieldInRange(`$.${name}`, range);
  });
  return [
    ...customerFilter(context, params.customer),
    ...ranges,
    ...(params.scheduled ? [fieldEquals("$.status", "not_started")] : []),
  ];
}
