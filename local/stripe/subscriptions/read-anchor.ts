import type Stripe from "stripe";
import type { Context } from "@/local/stripe/context";
import type { ParamsOf } from "@/local/stripe/http/params";
import { invalidRequest } from "@/local/stripe/http/stripe-api-error";
import { addIntervals } from "./billing-period";
import type { NewItem } from "./build-item";
import type { subscriptionCreateParams } from "./subscription-params";

type Params = ParamsOf<typeof subscriptionCreateParams>;

type Anchor = {
  anchor: number | null;
  anchorConfig: Stripe.Subscription.BillingCycleAnchorConfig | null;
};

/**
 * Where a new subscription's billing cycle is anchored: at a moment in the future, or on a day of the month. At most one
 * period ahead. https://docs.stripe.com/billing/subscriptions/billing-cycle
 * @param billingStart when it begins to be billed: now, or at the end of its trial.
 * @throws StripeApiError
 */
export function readAnchor(
  context: Context,
  params: Params,
  items: readonly NewItem[],
  billingStart: number,
): Anchor {
  const { billing_cycle_anchor: moment, billing_cycle_anchor_config: config } = params;
  if (moment !== undefined && config) {
    throw invalidRequest(
      "You may only specify one of these parameters: billing_cycle_anchor, billing_cycle_anchor_config.",
      { param: "billing_cycle_anchor" },
    );
  }
  const anchor = config ? anchorOf(context, config, items) : (moment ?? null);
  // A configured day may be more than a period ahead; the first full invoice is not.
  if (anchor !== null && !config) checkAnchor(context, anchor, items, billingStart);
  return { anchor, anchorConfig: config ? shownConfig(config) : null };
}

function checkAnchor(
  context: Context,
  anchor: number,
  items: readonly NewItem[],
  billingStart: number,
): void {
  if (anchor < context.now) {
    throw invalidRequest("`billing_cycle_anchor` cannot be in the past.", { param: "billing_cycle_anchor" });
  }
  for (const { price } of items) {
    const latest = price.recurring ? addIntervals(billingStart, price.recurring, 1) : billingStart;
    if (anchor <= latest) continue;
    throw invalidRequest(
      `billing_cycle_anchor cannot be later than next natural billing date (${latest}) for plan`,
      { param: "billing_cycle_anchor" },
    );
  }
}

type Config = NonNullable<Params["billing_cycle_anchor_config"]>;

/**
 * The first moment with that day, and month where one is given, that lies whole intervals after the first renewal: the
 * 31st for a renewal at the end of February, every two months, is August's. The time of day is now's unless given.
 * https://docs.stripe.com/billing/subscriptions/billing-cycle#use-billing_cycle_anchor_config
 */
function anchorOf(context: Context, config: Config, items: readonly NewItem[]): number {
  const now = new Date(context.now * 1000);
  const months = Math.min(...items.map(({ price }) => monthsOf(price)));
  const at = (ahead: number): { moment: number; isExact: boolean } => {
    const [year, month] = [now.getUTCFullYear(), now.getUTCMonth() + ahead];
    const lastDay = new Date(Date.UTC(year, month + 1, 0)).getUTCDate();
    const day = Math.min(config.day_of_month, lastDay);
    const isMonth =
      config.month === undefined || new Date(Date.UTC(year, month, 1)).getUTCMonth() === config.month - 1;
    const moment = Date.UTC(
      year,
      month,
      day,
      config.hour ?? now.getUTCHours(),
      config.minute ?? now.getUTCMinutes(),
      config.second ?? now.getUTCSeconds(),
    );
    return { moment: moment / 1000, isExact: isMonth && day === config.day_of_month };
  };
  let ahead = at(0).moment > context.now ? 0 : 1;
  if (config.month !== undefined) {
    while (new Date(at(ahead).moment * 1000).getUTCMonth() !== config.month - 1) ahead += 1;
  }
  // 29 February comes every four years; a day no month of the cycle has is taken clamped.
  for (let tries = 0; tries < 48; tries++) {
    const { moment, isExact } = at(ahead + tries * months);
    if (isExact) return moment;
  }
  return at(ahead).moment;
}

/** @throws StripeApiError for intervals that are not counted in months. */
function monthsOf({ recurring }: Stripe.Price): number {
  const count = recurring?.interval_count ?? 1;
  if (recurring?.interval === "month") return count;
  if (recurring?.interval === "year") return 12 * count;
  throw invalidRequest("`billing_cycle_anchor_config` can only be used with monthly and yearly prices.", {
    param: "billing_cycle_anchor_config",
  });
}

function shownConfig(config: Config): Stripe.Subscription.BillingCycleAnchorConfig {
  const { day_of_month, hour = null, minute = null, month = null, second = null } = config;
  return { day_of_month, hour, minute, month, second };
}
