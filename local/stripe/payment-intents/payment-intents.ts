import { customerFilter } from "@/local/stripe/customers/customer-filter";
import { listPage, paginationParams } from "@/local/stripe/http/list-page";
import { operation } from "@/local/stripe/http/operation";
import { text, timeRange } from "@/local/stripe/http/params";
import { refusedParams } from "@/local/stripe/http/unserved-params";
import { getByPath } from "@/local/stripe/references";
import { fieldInRange } from "@/local/stripe/store/list-objects";

const listParams = {
  ...paginationParams,
  created: timeRange(),
  customer: text(),
  ...refusedParams("customer_account"),
};

/** https://docs.stripe.com/api/payment_intents; they are created by invoices and checkout only. */
export const paymentIntentOperations = [
  operation({
    method: "GET",
    path: "/v1/payment_intents",
    params: listParams,
    run: (context, params) =>
      listPage(context, "/v1/payment_intents", "payment_intent", params, [
        ...customerFilter(context, params.customer),
        ...(params.created === undefined ? [] : fieldInRange("$.created", params.created)),
      ]),
  }),
  operation({
    method: "GET",
    path: "/v1/payment_intents/:id",
    params: {},
    run: (context, _params, path) => getByPath(context, "payment_intent", path.id),
  }),
];
