import type Stripe from "stripe";
import type { Context } from "@/local/stripe/context";
import { listPage, paginationParams } from "@/local/stripe/http/list-page";
import { operation } from "@/local/stripe/http/operation";
import { listOf, text, timeRange } from "@/local/stripe/http/params";
import { invalidRequest } from "@/local/stripe/http/stripe-api-error";
import { refusedParams } from "@/local/stripe/http/unserved-params";
import { getByPath } from "@/local/stripe/references";
import { fieldInRange, fieldIsOneOf, type ListFilter } from "@/local/stripe/store/list-objects";
import { countPending } from "@/local/stripe/webhook-endpoints/deliveries";

const listParams = {
  ...paginationParams,
  created: timeRange(),
  type: text(),
  types: listOf(text(), 20),
  ...refusedParams("delivery_success"),
};

/** https://docs.stripe.com/api/events */
export const eventOperations = [
  operation({
    method: "GET",
    path: "/v1/events",
    params: listParams,
    run: (context, params) => {
      if (params.type !== undefined && params.types !== undefined) {
        throw invalidRequest("You may pass either type or types, but not both.", { param: "type" });
      }
      const page = listPage(context, "/v1/events", "event", params, [
        ...(params.type === undefined ? [] : typeFilter([params.type])),
        ...(params.types === undefined ? [] : typeFilter(params.types)),
        ...(params.created === undefined ? [] : fieldInRange("$.created", params.created)),
      ]);
      return { ...page, data: page.data.map((event) => withPending(context, event)) };
    },
  }),
  operation({
    method: "GET",
    path: "/v1/events/:id",
    params: {},
    run: (context, _params, path) => withPending(context, getByPath(context, "event", path.id)),
  }),
];

/** A type may be a prefix with a star: `customer.*`. */
function typeFilter(types: string[]): ListFilter[] {
  if (types.some((type) => type === "*")) return [];
  const patterns = types.filter((type) => type.endsWith(".*"));
  const plain = fieldIsOneOf(
    "$.type",
    types.filter((type) => !type.endsWith(".*")),
  );
  const globs = patterns.map(() => "json_extract(body, '$.type') glob ?");
  return [{ sql: `(${[plain.sql, ...globs].join(" or ")})`, values: [...plain.values, ...patterns] }];
}

/** The stored event is what was sent; how many endpoints still wait for it changes. */
function withPending(context: Context, event: Stripe.Event): Stripe.Event {
  return { ...event, pending_webhooks: countPending(context.store, event.id) };
}
