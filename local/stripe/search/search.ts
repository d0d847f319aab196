import type Stripe from "stripe";
import type { Context } from "@/local/stripe/context";
import { operation } from "@/local/stripe/http/operation";
import { integer, type ParamsOf, required, text } from "@/local/stripe/http/params";
import { invalidRequest } from "@/local/stripe/http/stripe-api-error";
import { countObjectsWhere, listObjects } from "@/local/stripe/store/list-objects";
import { findObject } from "@/local/stripe/store/store";
import { filterOfQuery } from "./filter-of-query";
import { SEARCHABLE, type SearchableResource } from "./search-fields";

const searchParams = { limit: integer({ min: 1, max: 100 }), page: text(), query: required(text()) };

const DEFAULT_LIMIT = 10;

/** https://docs.stripe.com/search; they come before the calls for one object, whose id "search" is not. */
export const searchOperations = SEARCHABLE.map((resource) =>
  operation({
    method: "GET",
    path: `/v1/${resource.name}/search`,
    params: searchParams,
    run: (context, params, _path, expand) => search(context, resource, params, expand),
  }),
);

function search(
  context: Context,
  resource: SearchableResource,
  { query, limit = DEFAULT_LIMIT, page }: ParamsOf<typeof searchParams>,
  expand: readonly string[],
): Stripe.ApiSearchResult<object> {
  const { name, type } = resource;
  const filters = [filterOfQuery(resource, query)];
  const startingAfter = page === undefined ? undefined : lastOfPage(context, resource, page);
  const { data, hasMore } = listObjects(context.store, type, { filters, limit, startingAfter });
  const last = data.at(-1);
  return {
    object: "search_result",
    data,
    has_more: hasMore,
    next_page: hasMore && last ? Buffer.from(last.id).toString("base64url") : null,
    url: `/v1/${name}/search`,
    ...(expand.includes("total_count")
      ? { total_count: countObjectsWhere(context.store, type, filters) }
      : {}),
  };
}

/** A page is named by what the one before it ended with. */
function lastOfPage(context: Context, { type }: SearchableResource, page: string): string {
  const id = Buffer.from(page, "base64url").toString();
  if (findObject(context.store, type, id)) return id;
  throw invalidRequest(`Invalid page: ${page}`, { param: "page" });
}
