import { listPage, paginationParams } from "@/local/stripe/http/list-page";
import { operation } from "@/local/stripe/http/operation";
import { text, timeRange } from "@/local/stripe/http/params";
import { getByPath } from "@/local/stripe/references";
import { fieldEquals, fieldInRange } from "@/local/stripe/store/list-objects";
import { answerDispute, disputeUpdateParams } from "./answer-dispute";
import { loseDispute } from "./close-dispute";
import { withCurrentTransactions } from "./move-funds";

const listParams = { ...paginationParams, charge: text(), created: timeRange(), payment_intent: text() };

/** https://docs.stripe.com/api/disputes; they are opened by test cards and by the lab. */
export const disputeOperations = [
  operation({
    method: "GET",
    path: "/v1/disputes",
    params: listParams,
    run(context, params) {
      const page = listPage(context, "/v1/disputes", "dispute", params, [
        ...(params.charge === undefined ? [] : [fieldEquals("$.charge", params.charge)]),
        ...(params.payment_intent === undefined
          ? []
          : [fieldEquals("$.payment_intent", params.payment_intent)]),
        ...(params.created === undefined ? [] : fieldInRange("$.created", params.created)),
      ]);
      return { ...page, data: page.data.map((dispute) => withCurrentTransactions(context, dispute)) };
    },
  }),
  operation({
    method: "GET",
    path: "/v1/disputes/:id",
    params: {},
    run: (context, _params, path) => withCurrentTransactions(context, getByPath(context, "dispute", path.id)),
  }),
  operation({
    method: "POST",
    path: "/v1/disputes/:id",
    params: disputeUpdateParams,
    run: (context, params, path) =>
      withCurrentTransactions(
        context,
        answerDispute(context, getByPath(context, "dispute", path.id), params),
      ),
  }),
  operation({
    method: "POST",
    path: "/v1/disputes/:id/close",
    params: {},
    run: (context, _params, path) =>
      withCurrentTransactions(context, loseDispute(context, getByPath(context, "dispute", path.id))),
  }),
];
