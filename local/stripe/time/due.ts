import { queryRows, runSql, type Store } from "@/local/stripe/store/store";

/** What the clock does to an object at a given moment. */
export type DueKind =
  | "cancel_subscription"
  | "end_discount"
  | "end_trial"
  | "settle_refund"
  | "settle_charge"
  | "settle_balance"
  | "expire_authorization"
  | "expire_checkout_session"
  | "expire_coupon"
  | "expire_incomplete_subscription"
  | "expire_pending_update"
  | "expire_promotion_code"
  | "expire_resumption"
  | "finalize_invoice"
  | "pass_due_date"
  | "renew_subscription"
  | "resume_collection"
  | "retry_payment"
  | "tell_trial_will_end"
  | "tell_upcoming_invoice"
  | "verify_tax_id";

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

/**
 * The first thing planned at or before the moment, or null. What falls due in one second is done in the order it
 * was planned in, but an end comes before everything: what ends is not renewed first.
 */
export function nextDue(store: Store, until: number): DueWork | null {
  const sql = `select at, kind, object_id as objectId from due where at <= ? order by at, kind = 'cancel_subscription' desc, rowid limit 1`;
  return queryRows<DueWork>(store, sql, until)[0] ?? null;
}
