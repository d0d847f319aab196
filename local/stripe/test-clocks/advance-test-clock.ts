import type Stripe from "stripe";
import type { Context } from "@/local/stripe/context";
import { emitEvent } from "@/local/stripe/events/emit-event";
import { invalidRequest } from "@/local/stripe/http/stripe-api-error";
import { getByPath } from "@/local/stripe/references";
import { listAllObjects } from "@/local/stripe/store/list-objects";
import { saveObject } from "@/local/stripe/store/store";
import { addIntervals, type Interval } from "@/local/stripe/subscriptions/billing-period";
import { hasEnded } from "@/local/stripe/subscriptions/list-live-subscriptions";
import { ofTestClock } from "./of-test-clock";

/** How far a clock without subscriptions goes at once. */
const TWO_YEARS: Interval = { interval: "year", interval_count: 2 };

/**
 * Starts advancing a clock. The answer says `advancing`; the work is done right after it, before anything else is
 * answered. https://docs.stripe.com/api/test_clocks/advance
 * @throws StripeApiError 400 for a time that is not later, or further than two intervals of the shortest subscription.
 */
export function advanceTestClock(context: Context, id: string, to: number): Stripe.TestHelpers.TestClock {
  const before = getByPath(context, "test_helpers.test_clock", id);
  if (before.status !== "ready") {
    throw invalidRequest(`The test clock is ${before.status}; only one that is ready can be advanced.`);
  }
  if (to <= before.frozen_time) {
    throw invalidRequest("frozen_time must be after the test clock's current frozen time.", {
      param: "frozen_time",
    });
  }
  const furthest = furthestAdvance(context, before);
  if (to > furthest.at) throw invalidRequest(furthest.refusal, { param: "frozen_time" });
  const testClock: Stripe.TestHelpers.TestClock = {
    ...before,
    status: "advancing",
    status_details: { advancing: { target_frozen_time: to } },
  };
  saveObject(context.store, "test_helpers.test_clock", testClock);
  emitEvent(context, "test_helpers.test_clock.advancing", testClock);
  return testClock;
}

function furthestAdvance(
  context: Context,
  testClock: Stripe.TestHelpers.TestClock,
): { at: number; refusal: string } {
  const subscriptions = listAllObjects(context.store, "subscription", [ofTestClock(testClock.id)]);
  const intervals = subscriptions
    .filter((subscription) => !hasEnded(subscription))
    .flatMap(({ items }) => items.data.flatMap(({ price }) => price.recurring ?? []));
  const from = testClock.frozen_time;
  if (intervals.length === 0) {
    const refusal = "A test clock without subscriptions cannot be advanced by more than two years at a time.";
    return { at: addIntervals(from, TWO_YEARS, 1), refusal };
  }
  const refusal =
    "A test clock cannot be advanced by more than two intervals of its shortest subscription at a time.";
  return { at: Math.min(...intervals.map((interval) => addIntervals(from, interval, 2))), refusal };
}
