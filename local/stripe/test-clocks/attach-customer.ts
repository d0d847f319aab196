import type Stripe from "stripe";
import type { Context } from "@/local/stripe/context";
import { invalidRequest } from "@/local/stripe/http/stripe-api-error";
import { getByParam } from "@/local/stripe/references";
import { countObjectsWhere } from "@/local/stripe/store/list-objects";
import { runSql } from "@/local/stripe/store/store";
import { ofTestClock } from "./of-test-clock";

/** https://docs.stripe.com/billing/testing/test-clocks#limitations */
const MAX_CUSTOMERS = 3;
const MAX_SUBSCRIPTIONS = 3;

/**
 * Puts an existing customer under a new clock, with all that is his. There is no way back.
 * https://docs.stripe.com/changelog/dahlia/2026-05-27/test-clock-creation-customer-parameter
 */
export function attachCustomer(
  context: Context,
  customerId: string,
  testClock: Stripe.TestHelpers.TestClock,
): void {
  const customer = getByParam(context, "customer", customerId, "customer");
  if (customer.test_clock) {
    throw invalidRequest("This customer is already attached to a test clock.", { param: "customer" });
  }
  if (testClock.frozen_time < customer.created) {
    throw invalidRequest("The frozen time cannot be before the customer was created.", {
      param: "frozen_time",
    });
  }
  const { store } = context;
  const sql = `update objects set test_clock = ?,
    body = case when json_type(body, '$.test_clock') is null then body else json_set(body, '$.test_clock', ?) end
    where (id = ? or customer = ?) and type <> 'event'`;
  runSql(store, sql, testClock.id, testClock.id, customerId, customerId);
  const dueSql = `update due set test_clock = ?
    where object_id in (select id from objects where id = ? or customer = ?)`;
  runSql(store, dueSql, testClock.id, customerId, customerId);
}

/**
 * Checks that one more customer may live by the clock, and that the clock stands still.
 * @throws StripeApiError 400.
 */
export function checkRoomForCustomer(context: Context, testClock: string): void {
  const clock = getByParam(context, "test_helpers.test_clock", testClock, "test_clock");
  if (countObjectsWhere(context.store, "customer", [ofTestClock(clock.id)]) < MAX_CUSTOMERS) return;
  throw invalidRequest(`A test clock can have up to ${MAX_CUSTOMERS} customers.`, { param: "test_clock" });
}

/**
 * Checks that a customer who lives by a test clock may have one more subscription.
 * @throws StripeApiError 400.
 */
export function checkRoomForSubscription(context: Context, customer: Stripe.Customer): void {
  if (!customer.test_clock) return;
  const filters = [{ sql: "customer = ?", values: [customer.id] }];
  if (countObjectsWhere(context.store, "subscription", filters) < MAX_SUBSCRIPTIONS) return;
  throw invalidRequest(`A customer of a test clock can have up to ${MAX_SUBSCRIPTIONS} subscriptions.`, {
    param: "customer",
  });
}
