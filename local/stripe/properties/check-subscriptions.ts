import type Stripe from "stripe";
import { expect } from "vitest";

/** Where each status may lead. https://docs.stripe.com/billing/subscriptions/overview#subscription-statuses */
const TRANSITIONS: Record<string, readonly string[]> = {
  incomplete: ["active", "incomplete_expired", "canceled"],
  trialing: ["active", "past_due", "paused", "canceled"],
  active: ["trialing", "past_due", "unpaid", "paused", "canceled"],
  past_due: ["active", "trialing", "unpaid", "paused", "canceled"],
  unpaid: ["active", "trialing", "paused", "canceled"],
  paused: ["active", "canceled"],
  canceled: [],
  incomplete_expired: [],
};

type Period = { start: number; end: number };

/** What every subscription keeps to, told from the events in their order. */
export function checkSubscriptions(events: Stripe.Event[]): void {
  const statuses = new Map<string, string>();
  const periods = new Map<string, Period>();
  for (const event of events) {
    if (!event.type.startsWith("customer.subscription.")) continue;
    // Every event of this family carries the subscription.
    const subscription = event.data.object as Stripe.Subscription;
    const status = statuses.get(subscription.id);
    checkTransition(event, subscription, status);
    statuses.set(subscription.id, subscription.status);
    for (const item of subscription.items.data) {
      if (status === "paused") checkSurrounds(event, item);
      else checkContiguous(event, item, periods.get(item.id));
      checkAligned(event, subscription, item);
      periods.set(item.id, { start: item.current_period_start, end: item.current_period_end });
    }
  }
}

function checkTransition({ id, type }: Stripe.Event, { status }: Stripe.Subscription, before?: string): void {
  if (before === undefined || before === status) return;
  const allowed = TRANSITIONS[before]?.includes(status) ?? false;
  expect(allowed, `${id} (${type}): ${before} became ${status}`).toBe(true);
}

/** A period begins where the last one ended; one that is begun anew ends at the moment the new one begins. */
function checkContiguous(event: Stripe.Event, item: Stripe.SubscriptionItem, before?: Period): void {
  const { current_period_start: start, current_period_end: end } = item;
  const told = `${event.id} (${event.type}): ${item.id} from ${start} to ${end}`;
  expect(end, told).toBeGreaterThanOrEqual(start);
  if (before === undefined || before.start === start) return;
  const follows = start === before.end;
  const beginsAnew = start === event.created;
  expect(follows || beginsAnew, `${told}, after ${before.start} to ${before.end}`).toBe(true);
}

/**
 * Resumed with its anchor unchanged it goes on in the period around that moment, wherever it was paused; it has come to its
 * end if it stays paused. https://docs.stripe.com/api/subscriptions/resume#resume_subscription-billing_cycle_anchor
 */
function checkSurrounds(event: Stripe.Event, item: Stripe.SubscriptionItem): void {
  expect(item.current_period_start, `${event.id} (${event.type}): ${item.id}`).toBeLessThanOrEqual(
    event.created,
  );
}

/** https://docs.stripe.com/billing/subscriptions/billing-cycle */
function checkAligned(
  event: Stripe.Event,
  subscription: Stripe.Subscription,
  item: Stripe.SubscriptionItem,
): void {
  const { status, billing_cycle_anchor: anchor, trial_end: trialEnd, cancel_at: cancelAt } = subscription;
  const { current_period_end: end } = item;
  if (["paused", "canceled", "incomplete_expired"].includes(status)) return;
  if (end === trialEnd || end === cancelAt) return;
  const { recurring } = item.price;
  if (!recurring) throw new Error("An item without an interval.");
  const told = `${event.id} (${event.type}): ${item.id} ends ${iso(end)}, anchored at ${iso(anchor)}`;
  expect(isBoundary(anchor, recurring, end), told).toBe(true);
}

/** Whether so many whole intervals lead from the anchor to the moment; a month that is too short ends on its last day. */
function isBoundary(
  anchor: number,
  { interval, interval_count: count }: Stripe.Price.Recurring,
  end: number,
) {
  if (interval === "day" || interval === "week") {
    return (end - anchor) % ((interval === "week" ? 7 : 1) * count * 86_400) === 0;
  }
  const [from, to] = [new Date(anchor * 1000), new Date(end * 1000)];
  const months = (to.getUTCFullYear() - from.getUTCFullYear()) * 12 + to.getUTCMonth() - from.getUTCMonth();
  const lastDay = new Date(Date.UTC(to.getUTCFullYear(), to.getUTCMonth() + 1, 0)).getUTCDate();
  return (
    months % (count * (interval === "year" ? 12 : 1)) === 0 &&
    to.getUTCDate() === Math.min(from.getUTCDate(), lastDay) &&
    end % 86_400 === anchor % 86_400
  );
}

function iso(seconds: number): string {
  return new Date(seconds * 1000).toISOString();
}
