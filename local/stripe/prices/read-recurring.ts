import type Stripe from "stripe";
import type { Context } from "@/local/stripe/context";
import { invalidRequest } from "@/local/stripe/http/stripe-api-error";
import { getByParam } from "@/local/stripe/references";

export type NewRecurring = {
  interval: "day" | "week" | "month" | "year";
  interval_count?: number;
  meter?: string;
  trial_period_days?: number;
  usage_type?: "licensed" | "metered";
};

/** The longest period a price may recur at is three years. https://docs.stripe.com/api/prices/create */
const MAX_INTERVAL_COUNT = { day: 1095, week: 156, month: 36, year: 3 } as const;

/**
 * How a price recurs. A metered one needs an active meter.
 * https://docs.stripe.com/changelog/basil/2025-03-31/deprecate-legacy-usage-based-billing
 */
export function readRecurring(
  context: Context,
  given: NewRecurring | undefined,
  param: (name: string) => string,
): Stripe.Price.Recurring | null {
  if (!given) return null;
  const max = MAX_INTERVAL_COUNT[given.interval];
  const count = given.interval_count ?? 1;
  if (count > max) {
    const message = `The maximum billing period is three years: at most ${max} ${given.interval}s.`;
    throw invalidRequest(message, { param: param("recurring[interval_count]") });
  }
  const usageType = given.usage_type ?? "licensed";
  checkMeter(context, given.meter, usageType, param("recurring[meter]"));
  return {
    interval: given.interval,
    interval_count: count,
    meter: given.meter ?? null,
    trial_period_days: given.trial_period_days ?? null,
    usage_type: usageType,
  };
}

function checkMeter(context: Context, id: string | undefined, usageType: string, param: string): void {
  if (id === undefined) {
    if (usageType === "licensed") return;
    const message =
      "Starting with Stripe version `2025-03-31.basil`, metered prices must be backed by meters.";
    throw invalidRequest(message, { param });
  }
  if (usageType === "licensed") {
    throw invalidRequest("A meter can only be set on prices with `usage_type=metered`.", { param });
  }
  const meter = getByParam(context, "billing.meter", id, param);
  if (meter.status !== "active") {
    throw invalidRequest("A deactivated meter can't be attached to a price.", { param });
  }
}
