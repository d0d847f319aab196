import { operation } from "@/local/stripe/http/operation";
import { getByPath } from "@/local/stripe/references";

/** https://docs.stripe.com/api/mandates; they are made by bank debits. */
export const mandateOperations = [
  operation({
    method: "GET",
    path: "/v1/mandates/:id",
    params: {},
    run: (context, _params, path) => getByPath(context, "mandate", path.id),
  }),
];
