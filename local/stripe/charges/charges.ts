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
  payment_intent: text(),
  ...refusedParams("transfer_group"),
};

/** https://docs.stripe.com/api/charges */
export const chargeOperations = [
  operation({
    method: "GET",
    path: "/v1/charges",
    params: listParams,
    run: (context, params) =>
      listPage(context, "/v1/charges", "charge", params, [
        ...customerFilter(context, params.customer),
        ...(params.payment_intent === undefined
          ? []
          : [fieldEquals("$.payment_intent", params.payment_intent)]),
        ...(params.created === undefined ? [] : fieldInRange("$.created", params.created)),
      ]),
  }),
  operation({
    method: "GET",
    path: "/v1/charges/:id",
    params: {},
    run: (context, _params, path) => getByPath(context, "charge", path.id),
  }),
];
