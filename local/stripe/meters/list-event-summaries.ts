import { createHash } from "node:crypto";
import type Stripe from "stripe";
import type { Context } from "@/local/stripe/context";
import { fromTrillionths } from "@/local/stripe/decimal";
import { pageOfArray, paginationParams } from "@/local/stripe/http/list-page";
import { oneOf, type ParamsOf, required, text, timestamp } from "@/local/stripe/http/params";
import { invalidRequest } from "@/local/stripe/http/stripe-api-error";
import { getByParam, getByPath } from "@/local/stripe/references";
import { listMeterEvents, type MeterEventRow } from "./meter-events-table";
import { aggregate } from "./metered-usage";

export const eventSummaryParams = {
  ...paginationParams,
  customer: required(text()),
  end_time: required(timestamp()),
  start_time: required(timestamp()),
  value_grouping_window: oneOf("day", "hour"),
};

const WINDOWS = { minute: 60, hour: 3600, day: 86_400 } as const;

/**
 * A customer's usage added up, whole or by hour or day; windows without usage are left out.
 * https://docs.stripe.com/api/billing/meter-event-summary/list
 */
export function listEventSummaries(
  context: Context,
  meterId: string,
  params: ParamsOf<typeof eventSummaryParams>,
): Stripe.ApiList<Stripe.Billing.MeterEventSummary> {
  const meter = getByPath(context, "billing.meter", meterId);
  const { id: customer } = getByParam(context, "customer", params.customer, "customer");
  const { start_time: start, end_time: end, value_grouping_window: window } = params;
  checkSpan(start, end, window ?? "minute");
  const events = listMeterEvents(context, { meter: meterId, customer, start, end });
  const length = window === undefined ? end - start : WINDOWS[window];
  const byWindow = new Map<number, MeterEventRow[]>();
  for (const event of events) {
    const from = start + Math.floor((event.at - start) / length) * length;
    byWindow.set(from, [...(byWindow.get(from) ?? []), event]);
  }
  const summaries = [...byWindow].map(([from, inWindow]) => {
    const until = Math.min(end, from + length);
    return {
      id: summaryId(meterId, customer, from, until),
      object: "billing.meter_event_summary" as const,
      aggregated_value: Number(fromTrillionths(aggregate(meter, inWindow))),
      end_time: until,
      livemode: false,
      meter: meterId,
      start_time: from,
    };
  });
  return pageOfArray(`/v1/billing/meters/${meterId}/event_summaries`, summaries.reverse(), params);
}

function checkSpan(start: number, end: number, unit: keyof typeof WINDOWS): void {
  for (const [param, time] of [
    ["start_time", start],
    ["end_time", end],
  ] as const) {
    if (time % WINDOWS[unit] === 0) continue;
    throw invalidRequest(`\`${param}\` must be aligned with ${unit} boundaries.`, { param });
  }
  if (end <= start) throw invalidRequest("`end_time` must be after `start_time`.", { param: "end_time" });
}

/** The same window has the same id in every answer, so that pages can follow one another. */
function summaryId(...parts: (string | number)[]): string {
  return `mtrusg_test_${createHash("sha256").update(parts.join(" ")).digest("hex").slice(0, 24)}`;
}
