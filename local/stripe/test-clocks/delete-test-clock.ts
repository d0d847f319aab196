import type Stripe from "stripe";
import type { Context } from "@/local/stripe/context";
import { removeCustomer } from "@/local/stripe/customers/customers";
import { emitEvent } from "@/local/stripe/events/emit-event";
import { listAllObjects } from "@/local/stripe/store/list-objects";
import { deleteObject } from "@/local/stripe/store/store";
import { forgetDue, forgetDueOfTestClock } from "@/local/stripe/time/due";
import { ofTestClock } from "./of-test-clock";

/**
 * Deletes a clock with its customers, whose subscriptions end with them at the clock's time.
 * https://docs.stripe.com/billing/testing/test-clocks/api-advanced-usage#delete-clock
 */
export function deleteTestClock(
  context: Context,
  testClock: Stripe.TestHelpers.TestClock,
): Stripe.TestHelpers.DeletedTestClock {
  const atClock = { ...context, now: testClock.frozen_time };
  for (const { id } of listAllObjects(context.store, "customer", [ofTestClock(testClock.id)]).reverse()) {
    removeCustomer(atClock, id);
  }
  forgetDueOfTestClock(context.store, testClock.id);
  forgetDue(context.store, testClock.id);
  deleteObject(context.store, testClock.id);
  emitEvent(context, "test_helpers.test_clock.deleted", testClock);
  return { id: testClock.id, object: "test_helpers.test_clock", deleted: true };
}
