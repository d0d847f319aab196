import type Stripe from "stripe";
import type { Context } from "@/local/stripe/context";
import { fromTrillionths, toTrillionths } from "@/local/stripe/decimal";
import { optional, type Param, type ParamsOf, required, text, timestamp } from "@/local/stripe/http/params";
import { invalidRequest, resourceMissing } from "@/local/stripe/http/stripe-api-error";
import { newId } from "@/local/stripe/ids";
import { findObject } from "@/local/stripe/store/store";
import { findActiveMeter } from "./find-active-meter";
import { findMeterEvent, insertMeterEvent } from "./meter-events-table";

export const meterEventCreateParams = {
  event_name: required(text(100)),
  identifier: text(100),
  payload: required(payloadParam()),
  timestamp: timestamp(),
};

const MAX_AGE_SECONDS = 35 * 24 * 60 * 60;
const MAX_AHEAD_SECONDS = 5 * 60;

/**
 * Records usage. Stripe takes most reports and tells later, in a `v1.billing.meter.error_report_triggered` event, what was
 * wrong with them; here the call is refused at once, in the words of that report.
 * https://docs.stripe.com/billing/subscriptions/usage-based/recording-usage-api
 */
export function createMeterEvent(
  context: Context,
  params: ParamsOf<typeof meterEventCreateParams>,
): Stripe.Billing.MeterEvent {
  const meter = findActiveMeter(context, params.event_name);
  if (!meter) {
    const message = `No active meter found matching event_name ${params.event_name}.`;
    throw invalidRequest(message, { param: "event_name" });
  }
  const identifier = params.identifier ?? newId("mtr_event");
  if (findMeterEvent(context, identifier)) {
    throw invalidRequest(`An event already exists with identifier ${identifier}.`, { param: "identifier" });
  }
  const at = params.timestamp ?? context.now;
  checkTime(context, at);
  insertMeterEvent(context, {
    identifier,
    meter: meter.id,
    customer: customerIn(context, meter, params.payload),
    at,
    receivedAt: context.now,
    value: valueIn(meter, params.payload),
  });
  return {
    object: "billing.meter_event",
    created: context.now,
    event_name: params.event_name,
    identifier,
    livemode: false,
    payload: params.payload,
    timestamp: at,
  };
}

function checkTime(context: Context, at: number): void {
  if (at < context.now - MAX_AGE_SECONDS) {
    throw invalidRequest("The timestamp must be within the past 35 calendar days.", {
      code: "timestamp_too_far_in_past",
      param: "timestamp",
    });
  }
  if (at > context.now + MAX_AHEAD_SECONDS) {
    throw invalidRequest("The timestamp must not be more than 5 minutes in the future.", {
      code: "timestamp_in_future",
      param: "timestamp",
    });
  }
}

function customerIn(context: Context, meter: Stripe.Billing.Meter, payload: Record<string, string>): string {
  const key = meter.customer_mapping.event_payload_key;
  const id = payload[key];
  if (id === undefined) {
    throw invalidRequest(`Customer mapping key ${key} not found in payload.`, {
      code: "meter_event_no_customer_defined",
      param: "payload",
    });
  }
  if (!findObject(context.store, "customer", id)) {
    throw resourceMissing("customer", id, `payload[${key}]`, 400);
  }
  return id;
}

/** A meter that only counts its events needs no value. */
function valueIn(meter: Stripe.Billing.Meter, payload: Record<string, string>): string {
  const key = meter.value_settings.event_payload_key;
  const value = payload[key];
  if (value === undefined && meter.default_aggregation.formula === "count") return "1";
  if (value === undefined) {
    throw invalidRequest(`Value key ${key} not found in payload.`, {
      code: "meter_event_value_not_found",
      param: "payload",
    });
  }
  if (!/^-?\d{1,15}(\.\d{1,12})?$/.test(value)) {
    throw invalidRequest(`The value ${value} is not a number with at most 12 decimal places.`, {
      code: "meter_event_invalid_value",
      param: `payload[${key}]`,
    });
  }
  return fromTrillionths(toTrillionths(value));
}

function payloadParam(): Param<Record<string, string>> {
  return optional((value, path) => {
    if (!(value instanceof Map)) throw invalidRequest("Invalid object", { param: path });
    const entries = [...value].map(([key, item]) => {
      if (typeof item === "string") return [key, item] as const;
      throw invalidRequest("Payload values must be strings.", { param: `${path}[${key}]` });
    });
    return Object.fromEntries(entries);
  });
}
