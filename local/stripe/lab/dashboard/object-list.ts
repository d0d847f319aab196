import { type Html, html } from "@/local/stripe/html";
import type { Lab } from "@/local/stripe/lab/lab";
import { type ListFilter, listObjects } from "@/local/stripe/store/list-objects";
import type { ObjectType, StoredObjects } from "@/local/stripe/store/stored-objects";
import { renderPager, renderTable } from "./table";

const PAGE_SIZE = 25;

/** A page of objects, newest first, and the ways to the pages beside it. */
export function renderObjectList<T extends ObjectType>(
  lab: Lab,
  type: T,
  list: {
    path: string;
    query: URLSearchParams;
    filters?: ListFilter[];
    headings: string[];
    row(object: StoredObjects[T]): (Html | string | number)[];
    empty?: string;
  },
): Html {
  const [before, after] = [list.query.get("before"), list.query.get("after")];
  const { data, hasMore } = listObjects(lab.store, type, {
    filters: list.filters ?? [],
    limit: PAGE_SIZE,
    ...(before === null ? {} : { endingBefore: before }),
    ...(before === null && after !== null ? { startingAfter: after } : {}),
  });
  const [first, last] = [data[0]?.id, data.at(-1)?.id];
  return html`${renderTable(type, list.headings, data.map(list.row), list.empty)}
${renderPager(list.path, list.query, {
  ...(first === undefined ? {} : { newest: first }),
  ...(last === undefined ? {} : { oldest: last }),
  hasNewer: before === null ? after !== null : hasMore,
  hasOlder: before === null ? hasMore : true,
})}`;
}
