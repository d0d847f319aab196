import { operation } from "@/local/stripe/http/operation";
import { getByPath } from "@/local/stripe/references";
import { createToken, tokenCreateParams } from "./create-token";

/** https://docs.stripe.com/api/tokens */
export const tokenOperations = [
  operation({
    method: "POST",
    path: "/v1/tokens",
    allowsPublishableKey: true,
    params: tokenCreateParams,
    run: createToken,
  }),
  operation({
    method: "GET",
    path: "/v1/tokens/:id",
    params: {},
    run: (context, _params, path) => getByPath(context, "token", path.id),
  }),
];
