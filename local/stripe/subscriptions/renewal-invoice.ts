import type Stripe from "stripe";
import type { Context } from "@/local/stripe/context";
import type { DraftInput } from "@/local/stripe/invoices/create-draft";
import { DRAFT_SECONDS } from "@/local/stripe/invoices/draft-invoice";
import { idOf } from "@/local/stripe/references";
import { periodLines, trialUsageLine, usageLines } from "./item-lines";
import { currentPeriodEnd, currentPeriodStart, inPeriod, periodFrom } from "./item-periods";

type Renewal = {
  /** The subscription with the items whose period ended in their next one; not saved. */
  after: Stripe.Subscription;
  invoice: DraftInput;
};

/**
 * What a period's end brings: the next period of every item whose period ended, and the invoice over it, with what
 * metered items used in the period before. Renewals and previews are made here alike.
 * https://docs.stripe.com/billing/invoices/subscription#subscription-renewal
 * @param context at the period's end.
 */
export function renewalOf(context: Context, before: Stripe.Subscription): Renewal {
  const endsAt = currentPeriodEnd(before);
  const ended = before.items.data.filter((item) => item.current_period_end <= endsAt);
  const data = before.items.data.map((item) =>
    ended.includes(item) ? inPeriod(item, periodFrom(before, item, item.current_period_end)) : item,
  );
  const after: Stripe.Subscription = { ...before, items: { ...before.items, data } };
  const renewed = data.filter((item, index) => item !== before.items.data[index]);
  const used = ended.flatMap((item) =>
    before.status === "trialing" ? trialUsageLine(context, before, item) : usageLines(context, before, item),
  );
  return {
    after,
    invoice: {
      customer: idOf(before.customer),
      currency: before.currency,
      billingReason: "subscription_cycle",
      subscription: after,
      lines: [...used, ...renewed.flatMap((item) => periodLines(context, after, item))],
      includesPendingItems: true,
      // What may be added to the invoice belongs to the period that has just ended.
      period: { start: currentPeriodStart(before), end: endsAt },
      finalizesAt: context.now + DRAFT_SECONDS,
    },
  };
}
