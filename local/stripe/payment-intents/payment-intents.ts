import { customerFilter } from "@/local/stripe/customers/customer-filter";
import { listPage } from "@/local/stripe/http/list-page";
import { operation } from "@/local/stripe/http/operation";
import { text } from "@/local/stripe/http/params";
import { StripeApiError } from "@/local/stripe/http/stripe-api-error";
import { getByPath } from "@/local/stripe/references";
import { fieldInRange } from "@/local/stripe/store/list-objects";
import { cancelIntentByRequest } from "./cancel-payment-intent";
import { capturePaymentIntent } from "./capture-payment-intent";
import { confirmIntentFromParams } from "./confirm-intent-from-params";
import { createIntentFromParams } from "./create-intent-from-params";
import { clientView, getAccessibleIntent } from "./intent-access";
import {
  CLIENT_PARAMS,
  intentCancelParams,
  intentCaptureParams,
  intentConfirmParams,
  intentCreateParams,
  intentListParams,
  intentUpdateParams,
} from "./payment-intent-params";
import { updatePaymentIntent } from "./update-payment-intent";

/** https://docs.stripe.com/api/payment_intents */
export const paymentIntentOperations = [
  operation({
    method: "POST",
    path: "/v1/payment_intents",
    clientParams: ["payment_method_data"],
    params: intentCreateParams,
    run: (context, params) => createIntentFromParams(context, params),
  }),
  operation({
    method: "GET",
    path: "/v1/payment_intents",
    params: intentListParams,
    run: (context, params) =>
      listPage(context, "/v1/payment_intents", "payment_intent", params, [
        ...customerFilter(context, params.customer),
        ...(params.created === undefined ? [] : fieldInRange("$.created", params.created)),
      ]),
  }),
  operation({
    method: "GET",
    path: "/v1/payment_intents/:id",
    allowsPublishableKey: true,
    params: { client_secret: text() },
    run: (context, params, path) =>
      clientView(context, getAccessibleIntent(context, "payment_intent", path.id, params.client_secret)),
  }),
  operation({
    method: "POST",
    path: "/v1/payment_intents/:id",
    allowsPublishableKey: true,
    clientParams: CLIENT_PARAMS,
    params: intentUpdateParams,
    run: (context, { client_secret: secret, ...params }, path) => {
      const intent = getAccessibleIntent(context, "payment_intent", path.id, secret);
      return clientView(context, updatePaymentIntent(context, intent, params));
    },
  }),
  operation({
    method: "POST",
    path: "/v1/payment_intents/:id/confirm",
    allowsPublishableKey: true,
    clientParams: CLIENT_PARAMS,
    params: intentConfirmParams,
    run: (context, { client_secret: secret, ...params }, path) => {
      const intent = getAccessibleIntent(context, "payment_intent", path.id, secret);
      const confirmed = confirmIntentFromParams(context, intent, params);
      return confirmed instanceof StripeApiError ? confirmed : clientView(context, confirmed);
    },
  }),
  operation({
    method: "POST",
    path: "/v1/payment_intents/:id/capture",
    params: intentCaptureParams,
    run: (context, params, path) =>
      capturePaymentIntent(context, getByPath(context, "payment_intent", path.id), params),
  }),
  operation({
    method: "POST",
    path: "/v1/payment_intents/:id/cancel",
    params: intentCancelParams,
    run: (context, params, path) =>
      cancelIntentByRequest(
        context,
        getByPath(context, "payment_intent", path.id),
        params.cancellation_reason ?? null,
      ),
  }),
];
