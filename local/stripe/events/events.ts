import type Stripe from "stripe";
import type { Context } from "@/local/stripe/context";
import { listPage, paginationParams } from "@/local/stripe/http/list-page";
import { operation } from "@/local/stripe/http/operation";
import { flag, listOf, text, timeRange } from "@/local/stripe/http/params";
import { invalidRequest, resourceMissing } from "@/local/stripe/http/stripe-api-error";
import { getByPath } from "@/local/stripe/references";
import { fieldInRange, fieldIsOneOf, type ListFilter } from "@/local/stripe/store/list-objects";
import { queryRows } from "@/local/stripe/store/store";
import { countPending } from "@/local/stripe/webhook-endpoints/deliveries";
import { notForgotten } from "./event-retention";

const listParams = {
  ...paginationParams,
  created: timeRange(),
  type: text(),
  types: listOf(text(), 20),
  delivery_success: flag(),
};

/** https://docs.stripe.com/api/events */
export const eventOperations = [
  operation({
    method: "GET",
    path: "/v1/events",
    params: listParams,
    run: (context, params) => {
      if (params.type !== undefined && params.types !== undefined) {
        throw invalidRequest("You may only specify one of these parameters: type, types.", { param: "type" });
      }
      for (const cursor of ["starting_after", "ending_before"] as const) {
        const id = params[cursor];
        // Else it would be found until the store is next swept, and after that not.
        if (id !== undefined && !isKept(context, id)) throw resourceMissing("event", id, cursor, 400);
      }
      const page = listPage(context, "/v1/events", "event", params, [
        notForgotten(context.store),
        ...(params.delivery_success === undefined ? [] : [wasDelivered(params.delivery_success)]),
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
    run: (context, _params, path) => retrieveEvent(context, path.id),
  }),
];

/** An event that is forgotten is not there any more, whether or not it still lies in the store. */
function retrieveEvent(context: Context, id: string): Stripe.Event {
  if (!isKept(context, id)) throw resourceMissing("event", id, "id", 404);
  return withPending(context, getByPath(context, "event", id));
}

function isKept(context: Context, id: string): boolean {
  const { sql, values } = notForgotten(context.store);
  return queryRows(context.store, `select 1 from objects where id = ? and ${sql}`, id, ...values).length > 0;
}

/** Whether every endpoint has answered well; one that still waits or was given up has not. */
function wasDelivered(isWanted: boolean): ListFilter {
  const open = "select 1 from deliveries where event_id = objects.id and status <> 'delivered'";
  return { sql: `${isWanted ? "not " : ""}exists (${open})`, values: [] };
}

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
