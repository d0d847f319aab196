import type { Context } from "@/local/stripe/context";
import { customerFilter } from "@/local/stripe/customers/customer-filter";
import { deletedDiscount, endDiscount } from "@/local/stripe/discounts/end-discount";
import { saveAndTell } from "@/local/stripe/events/emit-event";
import { listPage } from "@/local/stripe/http/list-page";
import { operation } from "@/local/stripe/http/operation";
import type { ParamsOf } from "@/local/stripe/http/params";
import { resourceMissing } from "@/local/stripe/http/stripe-api-error";
import { getByPath, idOf } from "@/local/stripe/references";
import {
  anyElementEquals,
  fieldEquals,
  fieldInRange,
  fieldIsOneOf,
  type ListFilter,
} from "@/local/stripe/store/list-objects";
import { testClockFilter } from "@/local/stripe/test-clocks/of-test-clock";
import { cancelSubscription } from "./cancel-subscription";
import { createSubscription } from "./create-subscription";
import { hasEnded } from "./list-live-subscriptions";
import { pauseOnRequest } from "./pause-subscription";
import { resumeSubscription } from "./resume-subscription";
import {
  subscriptionCancelParams,
  subscriptionCreateParams,
  subscriptionListParams,
  subscriptionPauseParams,
  subscriptionResumeParams,
  subscriptionUpdateParams,
} from "./subscription-params";
import { updateSubscription } from "./update-subscription";

/** https://docs.stripe.com/api/subscriptions */
export const subscriptionOperations = [
  operation({
    method: "POST",
    path: "/v1/subscriptions",
    params: subscriptionCreateParams,
    run: (context, params) => createSubscription(context, params),
  }),
  operation({
    method: "GET",
    path: "/v1/subscriptions",
    params: subscriptionListParams,
    run: (context, params) =>
      listPage(context, "/v1/subscriptions", "subscription", params, filtersOf(context, params)),
  }),
  operation({
    method: "GET",
    path: "/v1/subscriptions/:id",
    params: {},
    run: (context, _params, path) => getByPath(context, "subscription", path.id),
  }),
  operation({
    method: "POST",
    path: "/v1/subscriptions/:id",
    params: subscriptionUpdateParams,
    run: (context, params, path) => updateSubscription(context, path.id, params),
  }),
  operation({
    method: "DELETE",
    path: "/v1/subscriptions/:id",
    params: subscriptionCancelParams,
    run: (context, params, path) => {
      const subscription = getByPath(context, "subscription", path.id);
      // To Stripe an ended subscription is no longer there to be canceled.
      if (hasEnded(subscription)) throw resourceMissing("subscription", path.id, "id", 404);
      return cancelSubscription(context, subscription, params.cancellation_details ?? {}, {
        prorates: params.prorate ?? false,
        invoice: params.invoice_now ? "now" : "none",
      });
    },
  }),
  operation({
    method: "POST",
    path: "/v1/subscriptions/:id/pause",
    params: subscriptionPauseParams,
    run: (context, params, path) => pauseOnRequest(context, path.id, params),
  }),
  operation({
    method: "POST",
    path: "/v1/subscriptions/:id/resume",
    params: subscriptionResumeParams,
    run: (context, params, path) => resumeSubscription(context, path.id, params),
  }),
  operation({
    method: "DELETE",
    path: "/v1/subscriptions/:id/discount",
    params: {},
    run: (context, _params, path) => deleteDiscount(context, path.id),
  }),
];

/** Takes the first of the discounts away. https://docs.stripe.com/api/discounts/subscription_delete */
function deleteDiscount(context: Context, id: string): object {
  const before = getByPath(context, "subscription", id);
  const [first, ...rest] = before.discounts;
  if (first === undefined) throw resourceMissing("discount", id, "id", 404);
  const discount = getByPath(context, "discount", idOf(first));
  endDiscount(context, discount.id);
  const after = { ...before, discounts: rest };
  saveAndTell(context, "subscription", after, before, "customer.subscription.updated");
  return deletedDiscount(discount);
}

function filtersOf(context: Context, params: ParamsOf<typeof subscriptionListParams>): ListFilter[] {
  const item = "$.items.data[0]";
  return [
    ...statusFilters(params.status),
    ...customerFilter(context, params.customer),
    // A customer's own list tells all, whatever clock he lives by.
    ...(params.customer !== undefined && params.test_clock === undefined
      ? []
      : testClockFilter(context, params.test_clock)),
    ...(params.price === undefined ? [] : [anyElementEquals("$.items.data", "$.price.id", params.price)]),
    ...(params.collection_method === undefined
      ? []
      : [fieldEquals("$.collection_method", params.collection_method)]),
    ...(params.created === undefined ? [] : fieldInRange("$.created", params.created)),
    ...(params.current_period_end === undefined
      ? []
      : fieldInRange(`${item}.current_period_end`, params.current_period_end)),
    ...(params.current_period_start === undefined
      ? []
      : fieldInRange(`${item}.current_period_start`, params.current_period_start)),
  ];
}

/** Without a status, canceled subscriptions are left out. https://docs.stripe.com/api/subscriptions/list */
function statusFilters(status: string | undefined): ListFilter[] {
  if (status === "all") return [];
  if (status === undefined) return [{ sql: "json_extract(body, '$.status') <> 'canceled'", values: [] }];
  if (status === "ended") return [fieldIsOneOf("$.status", ["canceled", "incomplete_expired"])];
  return [fieldEquals("$.status", status)];
}
