import type Stripe from "stripe";
import type { Context } from "@/local/stripe/context";
import type { ParamsOf } from "@/local/stripe/http/params";
import { periodLines } from "./item-lines";
import { inPeriod, naturalPeriod, periodFrom } from "./item-periods";
import { isMetered } from "./metered-usage";
import type { Change } from "./plan-change";
import { remainingLine } from "./proration-lines";
import type { subscriptionResumeParams } from "./subscription-params";

type Params = ParamsOf<typeof subscriptionResumeParams>;

/**
 * What resuming means: which periods run and what of them is billed.
 * https://docs.stripe.com/billing/subscriptions/trials/free-trials#resume-a-paused-subscription
 */
export function planResumption(context: Context, before: Stripe.Subscription, params: Params): Change {
  const { now } = context;
  const isAnchoredNow = (params.billing_cycle_anchor?.type ?? "now") === "now";
  const behavior = params.proration_behavior ?? "create_prorations";
  const from = params.proration_date ?? now;
  const anchored = { ...before, billing_cycle_anchor: isAnchoredNow ? now : before.billing_cycle_anchor };
  const data = before.items.data.map((item) => {
    const { end } = periodFrom(anchored, item, now);
    return inPeriod(item, { start: naturalPeriod(anchored, item, now).start, end });
  });
  const after: Stripe.Subscription = { ...anchored, items: { ...before.items, data } };
  const prorations =
    isAnchoredNow || behavior === "none"
      ? []
      : data.flatMap((item) =>
          isMetered(item)
            ? []
            : [remainingLine(context, after, item, { start: from, end: item.current_period_end })],
        );
  const newPeriods = isAnchoredNow ? data.flatMap((item) => periodLines(context, after, item)) : [];
  return {
    after,
    prorations,
    newPeriods,
    isInvoicedNow: newPeriods.length > 0 || (behavior === "always_invoice" && prorations.length > 0),
    // What is billed anew is not credited twice; what is not billed was paid before.
    settled: isAnchoredNow || prorations.length > 0 ? data.map(({ id }) => ({ item: id, from: now })) : [],
    settledUsage: [],
  };
}
