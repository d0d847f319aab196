import { listPage, paginationParams } from "@/local/stripe/http/list-page";
import { operation } from "@/local/stripe/http/operation";
import { required, text, timeRange } from "@/local/stripe/http/params";
import { getByParam } from "@/local/stripe/references";
import { fieldEquals, fieldInRange } from "@/local/stripe/store/list-objects";

/** https://docs.stripe.com/api/setup_attempts */
export const setupAttemptOperations = [
  operation({
    method: "GET",
    path: "/v1/setup_attempts",
    params: { ...paginationParams, created: timeRange(), setup_intent: required(text()) },
    run: (context, params) => {
      getByParam(context, "setup_intent", params.setup_intent, "setup_intent");
      return listPage(context, "/v1/setup_attempts", "setup_attempt", params, [
        fieldEquals("$.setup_intent", params.setup_intent),
        ...(params.created === undefined ? [] : fieldInRange("$.created", params.created)),
      ]);
    },
  }),
];
