import type Stripe from "stripe";
import type { Context } from "@/local/stripe/context";
import { fromTrillionths, toTrillionths } from "@/local/stripe/decimal";
import { getByParam } from "@/local/stripe/references";
import { listMeterEvents, type MeterEventRow } from "./meter-events-table";

type Span = { meter: string; customer: string; start: number; end: number };

const WINDOW_SECONDS: Record<string, number> = { hour: 3600, day: 86_400 };

/**
 * What a customer is billed for: the usage from `start` on and before `end`, as the meter adds it up, as a decimal. A
 * period whose usage is negative counts as zero.
 * https://docs.stripe.com/billing/subscriptions/usage-based/recording-usage-api#usage-values
 */
export function meteredUsage(context: Context, span: Span): string {
  const meter = getByParam(context, "billing.meter", span.meter, "meter");
  const usage = aggregate(meter, listMeterEvents(context, span));
  return fromTrillionths(usage < 0n ? 0n : usage);
}

/**
 * Reports added up by the meter's formula, in trillionths. Of pre-aggregated reports only the newest of each window
 * counts. https://docs.stripe.com/billing/subscriptions/usage-based/meters/configure
 */
export function aggregate(meter: Stripe.Billing.Meter, events: MeterEventRow[]): bigint {
  const counted = newestOfWindows(meter.event_time_window, events);
  switch (meter.default_aggregation.formula) {
    case "count":
      return toTrillionths(counted.length);
    case "last":
      return toTrillionths(counted.at(-1)?.value ?? "0");
    default:
      return counted.reduce((sum, { value }) => sum + toTrillionths(value), 0n);
  }
}

function newestOfWindows(window: string | null, events: MeterEventRow[]): MeterEventRow[] {
  const seconds = window === null ? undefined : WINDOW_SECONDS[window];
  if (seconds === undefined) return events;
  const newest = new Map(events.map((event) => [Math.floor(event.at / seconds), event]));
  return [...newest.values()];
}
