import { customerFilter } from "@/local/stripe/customers/customer-filter";
import { listPage } from "@/local/stripe/http/list-page";
import { operation } from "@/local/stripe/http/operation";
import { text } from "@/local/stripe/http/params";
import { StripeApiError } from "@/local/stripe/http/stripe-api-error";
import { clientView, getAccessibleIntent } from "@/local/stripe/payment-intents/intent-access";
import { CLIENT_PARAMS } from "@/local/stripe/payment-intents/payment-intent-params";
import { getByPath } from "@/local/stripe/references";
import { fieldEquals, fieldInRange } from "@/local/stripe/store/list-objects";
import { cancelSetupIntent } from "./cancel-setup-intent";
import { confirmSetupIntent } from "./confirm-setup-intent";
import { createSetupByRequest } from "./create-setup-by-request";
import {
  setupCancelParams,
  setupConfirmParams,
  setupCreateParams,
  setupListParams,
  setupUpdateParams,
} from "./setup-intent-params";
import { updateSetupIntent } from "./update-setup-intent";

/** https://docs.stripe.com/api/setup_intents */
export const setupIntentOperations = [
  operation({
    method: "POST",
    path: "/v1/setup_intents",
    clientParams: ["payment_method_data"],
    params: setupCreateParams,
    run: (context, params) => createSetupByRequest(context, params),
  }),
  operation({
    method: "GET",
    path: "/v1/setup_intents",
    params: setupListParams,
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
    allowsPublishableKey: true,
    params: { client_secret: text() },
    run: (context, params, path) =>
      clientView(context, getAccessibleIntent(context, "setup_intent", path.id, params.client_secret)),
  }),
  operation({
    method: "POST",
    path: "/v1/setup_intents/:id",
    allowsPublishableKey: true,
    clientParams: CLIENT_PARAMS,
    params: setupUpdateParams,
    run: (context, { client_secret: secret, ...params }, path) => {
      const intent = getAccessibleIntent(context, "setup_intent", path.id, secret);
      return clientView(context, updateSetupIntent(context, intent, params));
    },
  }),
  operation({
    method: "POST",
    path: "/v1/setup_intents/:id/confirm",
    allowsPublishableKey: true,
    clientParams: CLIENT_PARAMS,
    params: setupConfirmParams,
    run: (context, { client_secret: secret, ...params }, path) => {
      const intent = getAccessibleIntent(context, "setup_intent", path.id, secret);
      const confirmed = confirmSetupIntent(context, intent, params);
      return confirmed instanceof StripeApiError ? confirmed : clientView(context, confirmed);
    },
  }),
  operation({
    method: "POST",
    path: "/v1/setup_intents/:id/cancel",
    params: setupCancelParams,
    run: (context, params, path) =>
      cancelSetupIntent(
        context,
        getByPath(context, "setup_intent", path.id),
        params.cancellation_reason ?? null,
      ),
  }),
];
