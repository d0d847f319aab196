import type Stripe from "stripe";
import type { Context } from "@/local/stripe/context";
import { emitEvent, saveAndTell } from "@/local/stripe/events/emit-event";
import { listPage, paginationParams } from "@/local/stripe/http/list-page";
import { operation } from "@/local/stripe/http/operation";
import { hash, oneOf, type ParamsOf, required, text } from "@/local/stripe/http/params";
import { invalidRequest } from "@/local/stripe/http/stripe-api-error";
import { newId } from "@/local/stripe/ids";
import { getByPath } from "@/local/stripe/references";
import { fieldEquals } from "@/local/stripe/store/list-objects";
import { insertObject, saveObject } from "@/local/stripe/store/store";
import { adjustMeterEvent, meterEventAdjustmentParams } from "./cancel-meter-event";
import { createMeterEvent, meterEventCreateParams } from "./create-meter-event";
import { findActiveMeter } from "./find-active-meter";
import { eventSummaryParams, listEventSummaries } from "./list-event-summaries";

const createParams = {
  customer_mapping: hash({
    event_payload_key: required(text(100)),
    type: required(oneOf("by_id")),
  }),
  default_aggregation: required(hash({ formula: required(oneOf("count", "last", "sum")) })),
  display_name: required(text(250)),
  event_name: required(text(100)),
  event_time_window: oneOf("day", "hour"),
  value_settings: hash({ event_payload_key: required(text(100)) }),
};

const listParams = { ...paginationParams, status: oneOf("active", "inactive") };

/** https://docs.stripe.com/api/billing/meter and its events */
export const meterOperations = [
  operation({
    method: "POST",
    path: "/v1/billing/meters",
    params: createParams,
    run: (context, params) => createMeter(context, params),
  }),
  operation({
    method: "GET",
    path: "/v1/billing/meters",
    params: listParams,
    run: (context, params) =>
      listPage(
        context,
        "/v1/billing/meters",
        "billing.meter",
        params,
        params.status === undefined ? [] : [fieldEquals("$.status", params.status)],
      ),
  }),
  operation({
    method: "GET",
    path: "/v1/billing/meters/:id",
    params: {},
    run: (context, _params, path) => getByPath(context, "billing.meter", path.id),
  }),
  operation({
    method: "POST",
    path: "/v1/billing/meters/:id",
    params: { display_name: text(250) },
    run: (context, params, path) => renameMeter(context, path.id, params.display_name),
  }),
  operation({
    method: "POST",
    path: "/v1/billing/meters/:id/deactivate",
    params: {},
    run: (context, _params, path) => setStatus(context, path.id, "inactive"),
  }),
  operation({
    method: "POST",
    path: "/v1/billing/meters/:id/reactivate",
    params: {},
    run: (context, _params, path) => setStatus(context, path.id, "active"),
  }),
  operation({
    method: "GET",
    path: "/v1/billing/meters/:id/event_summaries",
    params: eventSummaryParams,
    run: (context, params, path) => listEventSummaries(context, path.id, params),
  }),
  operation({
    method: "POST",
    path: "/v1/billing/meter_events",
    params: meterEventCreateParams,
    run: (context, params) => createMeterEvent(context, params),
  }),
  operation({
    method: "POST",
    path: "/v1/billing/meter_event_adjustments",
    params: meterEventAdjustmentParams,
    run: (context, params) => adjustMeterEvent(context, params),
  }),
];

/** All but the display name of a meter is fixed for good. https://docs.stripe.com/api/billing/meter/create */
function createMeter(context: Context, params: ParamsOf<typeof createParams>): Stripe.Billing.Meter {
  checkNameIsFree(context, params.event_name);
  const meter: Stripe.Billing.Meter = {
    id: newId("mtr_test"),
    object: "billing.meter",
    created: context.now,
    customer_mapping: params.customer_mapping ?? { event_payload_key: "stripe_customer_id", type: "by_id" },
    default_aggregation: params.default_aggregation,
    display_name: params.display_name,
    event_name: params.event_name,
    event_time_window: params.event_time_window ?? null,
    livemode: false,
    status: "active",
    status_transitions: { deactivated_at: null },
    updated: context.now,
    value_settings: params.value_settings ?? { event_payload_key: "value" },
  };
  insertObject(context.store, "billing.meter", meter, {});
  emitEvent(context, "billing.meter.created", meter);
  return meter;
}

/** An event name belongs to one active meter. */
function checkNameIsFree(context: Context, eventName: string): void {
  const holder = findActiveMeter(context, eventName);
  if (!holder) return;
  const message = `An active meter (\`${holder.id}\`) already exists for the event name \`${eventName}\`.`;
  throw invalidRequest(message, { param: "event_name" });
}

function renameMeter(context: Context, id: string, displayName: string | undefined): Stripe.Billing.Meter {
  const before = getByPath(context, "billing.meter", id);
  if (displayName === undefined || displayName === before.display_name) return before;
  const meter: Stripe.Billing.Meter = { ...before, display_name: displayName, updated: context.now };
  saveAndTell(context, "billing.meter", meter, before, "billing.meter.updated");
  return meter;
}

function setStatus(context: Context, id: string, status: "active" | "inactive"): Stripe.Billing.Meter {
  const before = getByPath(context, "billing.meter", id);
  if (before.status === status) return before;
  if (status === "active") checkNameIsFree(context, before.event_name);
  const meter: Stripe.Billing.Meter = {
    ...before,
    status,
    status_transitions: { deactivated_at: status === "inactive" ? context.now : null },
    updated: context.now,
  };
  saveObject(context.store, "billing.meter", meter);
  const type = status === "active" ? "billing.meter.reactivated" : "billing.meter.deactivated";
  emitEvent(context, type, meter);
  return meter;
}
