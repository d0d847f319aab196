import type Stripe from "stripe";
import type { Context } from "@/local/stripe/context";
import { invalidRequest, notSimulated } from "@/local/stripe/http/stripe-api-error";
import { MAX_ITEMS } from "@/local/stripe/invoices/create-draft";
import type { NewLine } from "@/local/stripe/invoices/new-line";
import { getByPath, idOf } from "@/local/stripe/references";
import { periodLines, usageLines } from "./item-lines";
import { inPeriod, periodFrom } from "./item-periods";

/**
 * An item's lines since a subscription that is made now really began: those of every period as if it had been billed
 * then, and what a metered item used in the periods that are over.
 * https://docs.stripe.com/billing/subscriptions/backdating#billing-mode-considerations
 * @throws StripeApiError where that would be more lines than an invoice has.
 */
export function backdatedLines(
  context: Context,
  subscription: Stripe.Subscription,
  item: Stripe.SubscriptionItem,
): NewLine[] {
  const lines: NewLine[] = [];
  let start = subscription.start_date;
  while (start < item.current_period_end) {
    const period = periodFrom(subscription, item, start);
    const then = inPeriod(item, period);
    const used = period.end <= context.now ? usageLines(context, subscription, then) : [];
    lines.push(...periodLines(context, subscription, then), ...used.filter(({ amount }) => amount !== 0));
    if (lines.length > MAX_ITEMS) {
      throw invalidRequest(`A backdated subscription can have at most ${MAX_ITEMS} lines on its invoice.`, {
        param: "backdate_start_date",
      });
    }
    start = period.end;
  }
  return lines;
}

/** @throws StripeApiError for what cannot be combined with a start in the past. */
export function readBackdateStart(
  context: Context,
  params: {
    backdate_start_date?: number;
    billing_cycle_anchor_config?: unknown;
    trial_end?: unknown;
    trial_period_days?: unknown;
  },
): number | null {
  const param = "backdate_start_date";
  const { backdate_start_date: start } = params;
  if (start === undefined || start === context.now) return null;
  if (start > context.now) throw invalidRequest("`backdate_start_date` must be in the past.", { param });
  if (params.billing_cycle_anchor_config !== undefined) {
    throw invalidRequest("`billing_cycle_anchor_config` cannot be used with `backdate_start_date`.", {
      param,
    });
  }
  if (params.trial_end !== undefined || params.trial_period_days !== undefined) {
    throw notSimulated("a trial of a backdated subscription", param);
  }
  return start;
}

/** A repeating discount would count for some of the invoice's lines alone. @throws StripeApiError */
export function checkBackdatedDiscounts(
  context: Context,
  discounts: readonly (string | Stripe.Discount)[],
): void {
  const isRepeating = discounts.some(
    (discount) => getByPath(context, "discount", idOf(discount)).end !== null,
  );
  if (isRepeating) throw notSimulated("a repeating coupon on a backdated subscription", "discounts");
}
