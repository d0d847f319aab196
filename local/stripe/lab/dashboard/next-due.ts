import { queryRows, type Store } from "@/local/stripe/store/store";
import type { DueWork } from "@/local/stripe/time/due";

/** What falls due next by any clock, soonest first. */
export function listNextDue(store: Store, limit: number): DueWork[] {
  const sql = "select at, kind, object_id as objectId from due order by at, rank, rowid limit ?";
  return queryRows<DueWork>(store, sql, limit);
}

/** What is planned for some objects, soonest first. */
export function listDueOf(store: Store, ids: readonly string[]): DueWork[] {
  const sql = `select at, kind, object_id as objectId from due
    where object_id in (select value from json_each(?)) order by at, rank, rowid`;
  return queryRows<DueWork>(store, sql, JSON.stringify(ids));
}

/** The engine's names say it: "renew subscription". */
export function sayDue(kind: DueWork["kind"]): string {
  return kind.replaceAll("_", " ");
}
