import type { Context } from "@/local/stripe/context";
import { getByParam } from "@/local/stripe/references";
import type { ListFilter } from "@/local/stripe/store/list-objects";

/** Keeps the objects that live by a test clock. */
export function ofTestClock(testClock: string): ListFilter {
  return { sql: "test_clock = ?", values: [testClock] };
}

/**
 * The filter of a list by test clock: without one, what lives by a test clock is left out.
 * https://docs.stripe.com/api/customers/list#list_customers-test_clock
 * @throws StripeApiError 400 when there is no such clock.
 */
export function testClockFilter(context: Context, testClock: string | undefined): ListFilter[] {
  if (testClock === undefined) return [{ sql: "test_clock is null", values: [] }];
  return [ofTestClock(getByParam(context, "test_helpers.test_clock", testClock, "test_clock").id)];
}
