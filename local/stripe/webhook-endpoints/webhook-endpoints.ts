import type Stripe from "stripe";
import type { Context } from "@/local/stripe/context";
import { API_VERSION } from "@/local/stripe/events/api-version";
import { listPage, paginationParams } from "@/local/stripe/http/list-page";
import { operation } from "@/local/stripe/http/operation";
import { clearable, flag, listOf, metadata, type ParamsOf, required, text } from "@/local/stripe/http/params";
import { invalidRequest } from "@/local/stripe/http/stripe-api-error";
import { newId } from "@/local/stripe/ids";
import { mergeMetadata } from "@/local/stripe/metadata";
import { getByPath } from "@/local/stripe/references";
import { countObjectsWhere } from "@/local/stripe/store/list-objects";
import { deleteObject, insertObject, saveObject } from "@/local/stripe/store/store";

const MAX_ENDPOINTS = 16;

const createParams = {
  api_version: text(),
  description: clearable(text()),
  enabled_events: required(listOf(text(), 500)),
  metadata: metadata(),
  url: required(text()),
};

const updateParams = {
  description: clearable(text()),
  disabled: flag(),
  enabled_events: listOf(text(), 500),
  metadata: metadata(),
  url: text(),
};

/** https://docs.stripe.com/api/webhook_endpoints */
export const webhookEndpointOperations = [
  operation({ method: "POST", path: "/v1/webhook_endpoints", params: createParams, run: createEndpoint }),
  operation({
    method: "GET",
    path: "/v1/webhook_endpoints",
    params: paginationParams,
    run: (context, params) => listPage(context, "/v1/webhook_endpoints", "webhook_endpoint", params, []),
  }),
  operation({
    method: "GET",
    path: "/v1/webhook_endpoints/:id",
    params: {},
    run: (context, _params, path) => getByPath(context, "webhook_endpoint", path.id),
  }),
  operation({
    method: "POST",
    path: "/v1/webhook_endpoints/:id",
    params: updateParams,
    run: (context, params, path) => updateEndpoint(context, path.id, params),
  }),
  operation({
    method: "DELETE",
    path: "/v1/webhook_endpoints/:id",
    params: {},
    run: (context, _params, { id }): Stripe.DeletedWebhookEndpoint => {
      getByPath(context, "webhook_endpoint", id);
      deleteObject(context.store, id);
      return { id, object: "webhook_endpoint", deleted: true };
    },
  }),
];

/** The object of an endpoint, shared with those configured at start. */
export function buildEndpoint(
  now: number,
  input: { id: string; url: string; enabledEvents: string[]; description: string | null },
): Stripe.WebhookEndpoint {
  return {
    id: input.id,
    object: "webhook_endpoint",
    api_version: API_VERSION,
    application: null,
    created: now,
    description: input.description,
    enabled_events: input.enabledEvents,
    livemode: false,
    metadata: {},
    status: "enabled",
    url: input.url,
  };
}

/** The secret is shown once, in the answer to the creation. */
function createEndpoint(context: Context, params: ParamsOf<typeof createParams>): Stripe.WebhookEndpoint {
  checkUrl(params.url);
  checkEvents(params.enabled_events);
  checkRoom(context);
  if (params.api_version !== undefined && params.api_version !== API_VERSION) {
    throw invalidRequest(`The local Stripe renders events of API version ${API_VERSION} only.`, {
      param: "api_version",
    });
  }
  const endpoint: Stripe.WebhookEndpoint = {
    ...buildEndpoint(context.now, {
      id: newId("we"),
      url: params.url,
      enabledEvents: params.enabled_events,
      description: params.description ?? null,
    }),
    metadata: mergeMetadata({}, params.metadata),
  };
  const secret = newId("whsec");
  insertObject(context.store, "webhook_endpoint", endpoint, { secret, isConfigured: false });
  return { ...endpoint, secret };
}

function updateEndpoint(
  context: Context,
  id: string,
  params: ParamsOf<typeof updateParams>,
): Stripe.WebhookEndpoint {
  const before = getByPath(context, "webhook_endpoint", id);
  if (params.url !== undefined) checkUrl(params.url);
  if (params.enabled_events !== undefined) checkEvents(params.enabled_events);
  const endpoint: Stripe.WebhookEndpoint = {
    ...before,
    description: params.description === undefined ? before.description : params.description,
    enabled_events: params.enabled_events ?? before.enabled_events,
    metadata: mergeMetadata(before.metadata, params.metadata),
    status: params.disabled === undefined ? before.status : params.disabled ? "disabled" : "enabled",
    url: params.url ?? before.url,
  };
  saveObject(context.store, "webhook_endpoint", endpoint);
  return endpoint;
}

/** https://docs.stripe.com/webhooks#register-webhook */
function checkRoom(context: Context): void {
  if (countObjectsWhere(context.store, "webhook_endpoint", []) < MAX_ENDPOINTS) return;
  throw invalidRequest(`You have reached the maximum of ${MAX_ENDPOINTS} test webhook endpoints.`);
}

function checkUrl(url: string): void {
  if (/^https?:\/\//.test(url) && URL.canParse(url)) return;
  throw invalidRequest("Invalid URL: An explicit scheme (such as https) must be provided.", {
    code: "url_invalid",
    param: "url",
  });
}

function checkEvents(events: string[]): void {
  if (events.length === 0)
    throw invalidRequest("At least one event is required.", { param: "enabled_events" });
  for (const [index, event] of events.entries()) {
    if (event === "*" || /^[a-z_0-9]+(\.[a-z_0-9]+)+$/.test(event)) continue;
    throw invalidRequest(`Invalid event type: ${event}`, { param: `enabled_events[${index}]` });
  }
}
