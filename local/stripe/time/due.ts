import { queryRows, runSql, type Store } from "@/local/stripe/store/store";

/** What the clock does to an object at a given moment. */
export type DueKind = "expire_checkout_session" | "cancel_subscription" | "tell_trial_will_end";

export type DueWork = { at: number; kind: DueKind; objectId: string };

/** Plans one thing for one object; planning it again moves it. */
export function planDue(store: Store, work: DueWork): void {
  const sql = "insert or replace into due (at, kind, object_id) values (?, ?, ?)";
  runSql(store, sql, work.at, work.kind, work.objectId);
}

/** Drops what was planned for an object, all of it or one kind. */
export function forgetDue(store: Store, objectId: string, kind?: DueKind): void {
  if (kind === undefined) runSql(store, "delete from due where object_id = ?", objectId);
  else runSql(store, "delete from due where object_id = ? and kind = ?", objectId, kind);
}

/** The first thing planned at or before the moment, or null. */
export function nextDue(store: Store, until: number): DueWork | null {
  const sql = `select at, kind, object_id as objectId from due where at <= ? order by at, rowid limit 1`;
  return queryRows<DueWork>(store, sql, until)[0] ?? null;
}
