import type Stripe from "stripe";
import type { Context } from "@/local/stripe/context";
import { customerFilter } from "@/local/stripe/customers/customer-filter";
import { listPage, pageOfArray, paginationParams } from "@/local/stripe/http/list-page";
import { operation } from "@/local/stripe/http/operation";
import { type MetadataChange, metadata, type ParamsOf } from "@/local/stripe/http/params";
import { mergeMetadata } from "@/local/stripe/metadata";
import { getByPath } from "@/local/stripe/references";
import { fieldEquals, fieldInRange, type ListFilter } from "@/local/stripe/store/list-objects";
import { readHidden, saveObject } from "@/local/stripe/store/store";
import { createSession } from "./create-session";
import { expireSession } from "./expire-session";
import { sessionCreateParams, sessionListParams } from "./session-params";

/** https://docs.stripe.com/api/checkout/sessions */
export const checkoutSessionOperations = [
  operation({
    method: "POST",
    path: "/v1/checkout/sessions",
    params: sessionCreateParams,
    run: (context, params) => createSession(context, params),
  }),
  operation({
    method: "GET",
    path: "/v1/checkout/sessions",
    params: sessionListParams,
    run: (context, params) =>
      listPage(context, "/v1/checkout/sessions", "checkout.session", params, filtersOf(context, params)),
  }),
  operation({
    method: "GET",
    path: "/v1/checkout/sessions/:id",
    params: {},
    run: (context, _params, path) => getByPath(context, "checkout.session", path.id),
  }),
  operation({
    method: "POST",
    path: "/v1/checkout/sessions/:id",
    params: { metadata: metadata() },
    run: (context, params, path) => updateSession(context, path.id, params.metadata),
  }),
  operation({
    method: "POST",
    path: "/v1/checkout/sessions/:id/expire",
    params: {},
    run: (context, _params, path) => expireSession(context, getByPath(context, "checkout.session", path.id)),
  }),
  operation({
    method: "GET",
    path: "/v1/checkout/sessions/:id/line_items",
    params: paginationParams,
    run: (context, params, path) => {
      const session = getByPath(context, "checkout.session", path.id);
      return pageOfArray(
        `/v1/checkout/sessions/${session.id}/line_items`,
        lineItemsOf(context, session.id),
        params,
      );
    },
  }),
];

/** A session's lines; shown with the session only when expanded. */
export function lineItemsOf(context: Context, sessionId: string): Stripe.LineItem[] {
  return readHidden(context.store, "checkout.session", sessionId).lineItems;
}

function updateSession(
  context: Context,
  id: string,
  change: MetadataChange | undefined,
): Stripe.Checkout.Session {
  const before = getByPath(context, "checkout.session", id);
  const session = { ...before, metadata: mergeMetadata(before.metadata ?? {}, change) };
  saveObject(context.store, "checkout.session", session);
  return session;
}

function filtersOf(context: Context, params: ParamsOf<typeof sessionListParams>): ListFilter[] {
  return [
    ...customerFilter(context, params.customer),
    ...(params.customer_details === undefined
      ? []
      : [fieldEquals("$.customer_details.email", params.customer_details.email)]),
    ...(params.payment_intent === undefined ? [] : [fieldEquals("$.payment_intent", params.payment_intent)]),
    ...(params.subscription === undefined ? [] : [fieldEquals("$.subscription", params.subscription)]),
    ...(params.status === undefined ? [] : [fieldEquals("$.status", params.status)]),
    ...(params.created === undefined ? [] : fieldInRange("$.created", params.created)),
  ];
}
