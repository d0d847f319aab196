import { operation } from "@/local/stripe/http/operation";
import { createCustomerSession } from "./create-customer-session";
import { customerSessionParams } from "./customer-session-params";

/** https://docs.stripe.com/api/customer_sessions */
export const customerSessionOperations = [
  operation({
    method: "POST",
    path: "/v1/customer_sessions",
    params: customerSessionParams,
    run: (context, params) => createCustomerSession(context, params),
  }),
];
