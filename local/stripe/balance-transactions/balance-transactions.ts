import { listPage, paginationParams } from "@/local/stripe/http/list-page";
import { operation } from "@/local/stripe/http/operation";
import { text, timeRange } from "@/local/stripe/http/params";
import { getByPath } from "@/local/stripe/references";
import { fieldEquals, fieldInRange } from "@/local/stripe/store/list-objects";

const listParams = {
  ...paginationParams,
  created: timeRange(),
  currency: text(3),
  source: text(),
  type: text(),
};

/** https://docs.stripe.com/api/balance_transactions */
export const balanceTransactionOperations = [
  operation({
    method: "GET",
    path: "/v1/balance_transactions",
    params: listParams,
    run: (context, params) =>
      listPage(context, "/v1/balance_transactions", "balance_transaction", params, [
        ...(params.source === undefined ? [] : [fieldEquals("$.source", params.source)]),
        ...(params.type === undefined ? [] : [fieldEquals("$.type", params.type)]),
        ...(params.currency === undefined ? [] : [fieldEquals("$.currency", params.currency)]),
        ...(params.created === undefined ? [] : fieldInRange("$.created", params.created)),
      ]),
  }),
  operation({
    method: "GET",
    path: "/v1/balance_transactions/:id",
    params: {},
    run: (context, _params, path) => getByPath(context, "balance_transaction", path.id),
  }),
];
