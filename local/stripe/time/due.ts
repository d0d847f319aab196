import { queryRows, runSql, type Store } from "@/local/stripe/store/store";

/** What the clock does to an object at a given moment. */
export type DueKind =
  | "advance_schedule"
  | "cancel_subscription"
  | "decide_dispute"
  | "delete_test_clock"
  | "end_discount"
  | "end_trial"
  | "settle_refund"
  | "settle_charge"
  | "settle_debit"
  | "settle_balance"
  | "expire_authorization"
  | "expire_checkout_session"
  | "expire_coupon"
  | "expire_credit_grant"
  | "expire_dispute"
  | "expire_incomplete_subscription"
  | "expire_pending_update"
  | "expire_promotion_code"
  | "expire_resumption"
  | "finalize_invoice"
  | "pass_due_date"
  | "renew_subscription"
  | "resume_collection"
  | "retry_payment"
  | "tell_schedule_expiring"
  | "tell_trial_will_end"
  | "tell_upcoming_invoice"
  | "verify_tax_id";

export type DueWork = { at: number; kind: DueKind; objectId: string };

/** What comes first of all that falls due in one second; the rest is done in the order it was planned in. */
const RANKS: Partial<Record<DueKind, number>> = { cancel_subscription: 0, advance_schedule: 1 };
const LAST_RANK = 2;

/** Plans one thing for one object; planning it again moves it. It falls due by the clock the planning work lives by. */
export function planDue(store: Store, { at, kind, objectId }: DueWork): void {
  const sql = "insert or replace into due (at, kind, object_id, test_clock, rank) values (?, ?, ?, ?, ?)";
  runSql(store, sql, at, kind, objectId, store.testClock, RANKS[kind] ?? LAST_RANK);
}

/** Drops what was planned for an object, all of it or one kind. */
export function forgetDue(store: Store, objectId: string, kind?: DueKind): void {
  if (kind === undefined) runSql(store, "delete from due where object_id = ?", objectId);
  else runSql(store, "delete from due where object_id = ? and kind = ?", objectId, kind);
}

/** Drops all that was planned by a test clock's time. */
export function forgetDueOfTestClock(store: Store, testClock: string): void {
  runSql(store, "delete from due where test_clock = ?", testClock);
}

/**
 * The first thing planned at or before the moment by one clock, or null. What falls due in one second is done in the
 * order it was planned in, but an end comes before everything, what ends is not renewed first, and then a schedule's
 * next phase: a renewal bills what the phase says.
 * @param testClock null is the global clock.
 */
export function nextDue(store: Store, until: number, testClock: string | null = null): DueWork | null {
  const sql = `select at, kind, object_id as objectId from due where test_clock is ? and at <= ?
    order by at, rank, rowid limit 1`;
  return queryRows<DueWork>(store, sql, testClock, until)[0] ?? null;
}
