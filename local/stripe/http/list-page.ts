import type Stripe from "stripe";
import type { Context } from "@/local/stripe/context";
import { nounOf } from "@/local/stripe/references";
import { type ListFilter, listObjects } from "@/local/stripe/store/list-objects";
import { findObject, isDeleted } from "@/local/stripe/store/store";
import type { ObjectType, StoredObjects } from "@/local/stripe/store/stored-objects";
import { integer, text } from "./params";
import { invalidRequest, resourceMissing } from "./stripe-api-error";

/** Cursor pagination, in every list. https://docs.stripe.com/api/pagination */
export const paginationParams = {
  limit: integer({ min: 1, max: 100 }),
  starting_after: text(),
  ending_before: text(),
};

type Pagination = { limit?: number; starting_after?: string; ending_before?: string };

const DEFAULT_LIMIT = 10;

/** Answers a list call from the store, newest first. */
export function listPage<T extends ObjectType>(
  context: Context,
  url: string,
  type: T,
  params: Pagination,
  filters: ListFilter[],
): Stripe.ApiList<StoredObjects[T]> {
  if (params.starting_after !== undefined && params.ending_before !== undefined) {
    throw invalidRequest("You may only specify one of these parameters: ending_before, starting_after.");
  }
  for (const cursor of ["starting_after", "ending_before"] as const) {
    const id = params[cursor];
    // One that was deleted meanwhile still marks its place, or deleting while paging would end early.
    if (id !== undefined && !wasEver(context, type, id)) {
      throw resourceMissing(nounOf(type), id, cursor, 400);
    }
  }
  const { data, hasMore } = listObjects(context.store, type, {
    filters,
    limit: params.limit ?? DEFAULT_LIMIT,
    startingAfter: params.starting_after,
    endingBefore: params.ending_before,
  });
  return { object: "list", url, has_more: hasMore, data };
}

function wasEver(context: Context, type: ObjectType, id: string): boolean {
  return findObject(context.store, type, id) !== null || isDeleted(context.store, type, id);
}

/** Pages through objects that live inside another one, such as a session's line items. */
export function pageOfArray<T extends { id: string }>(
  url: string,
  items: T[],
  params: Pagination,
): Stripe.ApiList<T> {
  const limit = params.limit ?? DEFAULT_LIMIT;
  const positionOf = (id: string, cursor: string): number => {
    const index = items.findIndex((item) => item.id === id);
    if (index < 0) throw resourceMissing("line item", id, cursor, 400);
    return index;
  };
  if (params.ending_before !== undefined) {
    const end = positionOf(params.ending_before, "ending_before");
    const start = Math.max(0, end - limit);
    return { object: "list", url, has_more: start > 0, data: items.slice(start, end) };
  }
  const start =
    params.starting_after === undefined ? 0 : positionOf(params.starting_after, "starting_after") + 1;
  return {
    object: "list",
    url,
    has_more: start + limit < items.length,
    data: items.slice(start, start + limit),
  };
}
