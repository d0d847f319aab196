import type Stripe from "stripe";
import type { Context } from "@/local/stripe/context";
import { emitEvent } from "@/local/stripe/events/emit-event";
import { listPage, paginationParams } from "@/local/stripe/http/list-page";
import { operation } from "@/local/stripe/http/operation";
import { type ParamsOf, required, text, timestamp } from "@/local/stripe/http/params";
import { newId } from "@/local/stripe/ids";
import { getByPath } from "@/local/stripe/references";
import { insertObject } from "@/local/stripe/store/store";
import { planDue } from "@/local/stripe/time/due";
import { advanceTestClock } from "./advance-test-clock";
import { attachCustomer } from "./attach-customer";
import { deleteTestClock } from "./delete-test-clock";

const PATH = "/v1/test_helpers/test_clocks";

/** A clock nobody deletes goes by itself. https://docs.stripe.com/billing/testing/test-clocks/api-advanced-usage */
const KEPT_FOR_SECONDS = 30 * 24 * 60 * 60;

const createParams = { customer: text(), frozen_time: required(timestamp()), name: text(300) };

/** https://docs.stripe.com/api/test_clocks */
export const testClockOperations = [
  operation({ method: "POST", path: PATH, params: createParams, run: createTestClock }),
  operation({
    method: "GET",
    path: PATH,
    params: paginationParams,
    run: (context, params) => listPage(context, PATH, "test_helpers.test_clock", params, []),
  }),
  operation({
    method: "GET",
    path: "/v1/test_helpers/test_clocks/:id",
    params: {},
    run: (context, _params, path) => getByPath(context, "test_helpers.test_clock", path.id),
  }),
  operation({
    method: "POST",
    path: "/v1/test_helpers/test_clocks/:id/advance",
    params: { frozen_time: required(timestamp()) },
    run: (context, params, path) => advanceTestClock(context, path.id, params.frozen_time),
  }),
  operation({
    method: "DELETE",
    path: "/v1/test_helpers/test_clocks/:id",
    params: {},
    run: (context, _params, path) =>
      deleteTestClock(context, getByPath(context, "test_helpers.test_clock", path.id)),
  }),
];

/** A clock itself lives by the global time; only what belongs to it lives by its frozen time. */
function createTestClock(
  context: Context,
  params: ParamsOf<typeof createParams>,
): Stripe.TestHelpers.TestClock {
  const testClock: Stripe.TestHelpers.TestClock = {
    id: newId("clock"),
    object: "test_helpers.test_clock",
    created: context.now,
    deletes_after: context.now + KEPT_FOR_SECONDS,
    frozen_time: params.frozen_time,
    livemode: false,
    name: params.name ?? null,
    status: "ready",
    status_details: {},
  };
  insertObject(context.store, "test_helpers.test_clock", testClock, {});
  planDue(context.store, {
    at: testClock.deletes_after,
    kind: "delete_test_clock",
    objectId: testClock.id,
  });
  if (params.customer !== undefined) attachCustomer(context, params.customer, testClock);
  emitEvent(context, "test_helpers.test_clock.created", testClock);
  return testClock;
}
