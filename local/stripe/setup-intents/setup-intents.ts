import { customerFilter } from "@/local/stripe/customers/customer-filter";
import { listPage, paginationParams } from "@/local/stripe/http/list-page";
import { operation } from "@/local/stripe/http/operation";
import { text, timeRange } from "@/local/stripe/http/params";
import { refusedParams } from "@/local/stripe/http/unserved-params";
import { getByPath } from "@/local/stripe/references";
import { fieldEquals, fieldInRange } from "@/local/stripe/store/list-objects";

const listParams = {
  ...paginationParams,
  created: timeRange(),
  customer: text(),
  payment_method: text(),
  ...refusedParams("attach_to_self", "customer_account"),
};

/** https://docs.stripe.com/api/setup_intents; they are created by subscriptions and checkout only. */
export const setupIntentOperations = [
  operation({
    method: "GET",
    path: "/v1/setup_intents",
    params: listParams,
    run: (context, params) =>
      listPage(context, "/v1/setup_intents", "setup_intent", params, [
        ...customerFilter(context, params.customer),
        ...(params.payment_method === undefined
          ? []
          : [fieldEquals("$.payment_method", params.payment_method)]),
        ...(params.created === undefined ? [] : fieldInRange("$.created", params.created)),
      ]),
  }),
  operation({
    method: "GET",
    path: "/v1/setup_intents/:id",
    params: {},
    run: (context, _params, path) => getByPath(context, "setup_intent", path.id),
  }),
];
