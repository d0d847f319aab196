import type { SQLInputValue } from "node:sqlite";
import { queryRows, type Store } from "./store";
import type { ObjectType, StoredObjects } from "./stored-objects";

/** One condition of a list, as SQL over the `objects` table. */
export type ListFilter = { sql: string; values: SQLInputValue[] };

/** Keeps objects whose JSON field has the value, e.g. `fieldEquals("$.status", "open")`. */
export function fieldEquals(path: string, value: string | number | boolean): ListFilter {
  // SQLite reads JSON's true and false as 1 and 0.
  const sqlValue = typeof value === "boolean" ? Number(value) : value;
  return { sql: `${fieldAt(path)} = ?`, values: [sqlValue] };
}

/** Keeps objects whose JSON field has one of the values. */
export function fieldIsOneOf(path: string, values: readonly string[]): ListFilter {
  const marks = values.map(() => "?").join(", ");
  return { sql: `${fieldAt(path)} in (${marks})`, values: [...values] };
}

/** Keeps objects whose JSON field is null or missing. */
export function fieldIsNull(path: string): ListFilter {
  return { sql: `${fieldAt(path)} is null`, values: [] };
}

/** Keeps exactly what the other filter does not. */
export function not({ sql, values }: ListFilter): ListFilter {
  return { sql: `not (${sql})`, values };
}

/** Keeps objects holding, in the array at the path, an element whose inner field has the value. */
export function anyElementEquals(arrayPath: string, innerPath: string, value: string): ListFilter {
  return {
    sql: "exists (select 1 from json_each(body, ?) where json_extract(value, ?) = ?)",
    values: [arrayPath, innerPath, value],
  };
}

/** Keeps the objects of one customer. */
export function ofCustomer(customerId: string): ListFilter {
  return { sql: "customer = ?", values: [customerId] };
}

/** A time range as Stripe's `created[gte]=…` gives it. */
export type TimeRange = { gt?: number; gte?: number; lt?: number; lte?: number };

/** Keeps objects whose JSON field is that time, or lies in the range. */
export function fieldInRange(path: string, range: TimeRange | number): ListFilter[] {
  if (typeof range === "number") return [fieldEquals(path, range)];
  const operators = { gt: ">", gte: ">=", lt: "<", lte: "<=" } as const;
  return (["gt", "gte", "lt", "lte"] as const).flatMap((name) => {
    const bound = range[name];
    if (bound === undefined) return [];
    return [{ sql: `${fieldAt(path)} ${operators[name]} ?`, values: [bound] }];
  });
}

export type ListQuery = {
  filters: ListFilter[];
  limit: number;
  /** Only objects older than this one. */
  startingAfter?: string;
  /** Only objects newer than this one, the nearest of them. */
  endingBefore?: string;
};

/** One page of objects, newest first, and whether more lie beyond it in the direction of paging. */
export function listObjects<T extends ObjectType>(
  store: Store,
  type: T,
  query: ListQuery,
): { data: StoredObjects[T][]; hasMore: boolean } {
  const filters = [...query.filters];
  if (query.startingAfter !== undefined) {
    filters.push({ sql: "seq < (select seq from objects where id = ?)", values: [query.startingAfter] });
  }
  if (query.endingBefore !== undefined) {
    filters.push({ sql: "seq > (select seq from objects where id = ?)", values: [query.endingBefore] });
  }
  const isBackwards = query.endingBefore !== undefined;
  const conditions = ["type = ?", "deleted = 0", ...filters.map((filter) => filter.sql)].join(" and ");
  const sql = `select body from objects where ${conditions} order by seq ${isBackwards ? "asc" : "desc"} limit ?`;
  const values = [type, ...filters.flatMap((filter) => filter.values), query.limit + 1];
  const rows = queryRows<{ body: string }>(store, sql, ...values);
  const data: StoredObjects[T][] = rows.slice(0, query.limit).map((row) => JSON.parse(row.body));
  return { data: isBackwards ? data.reverse() : data, hasMore: rows.length > query.limit };
}

/** How many objects pass the filters. */
export function countObjectsWhere(store: Store, type: ObjectType, filters: ListFilter[]): number {
  const conditions = ["type = ?", "deleted = 0", ...filters.map((filter) => filter.sql)].join(" and ");
  const values = filters.flatMap((filter) => filter.values);
  const sql = `select count(*) as count from objects where ${conditions}`;
  return queryRows<{ count: number }>(store, sql, type, ...values)[0]?.count ?? 0;
}

/** All objects that pass the filters, newest first. For our own use; the API always pages. */
export function listAllObjects<T extends ObjectType>(
  store: Store,
  type: T,
  filters: ListFilter[],
): StoredObjects[T][] {
  return listObjects(store, type, { filters, limit: Number.MAX_SAFE_INTEGER - 1 }).data;
}

/** The path stands in the SQL itself, where it is compiled once and not for every row; it is always text of our own. */
function fieldAt(path: string): string {
  if (!/^\$(\.\w+|\[\d+\])+$/.test(path)) throw new Error(`${path} is no path into an object.`);
  return `json_extract(body, '${path}')`;
}
