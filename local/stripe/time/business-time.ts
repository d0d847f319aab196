import { openClock } from "@/local/stripe/clock";
import { findOwnerOfItem, queryRows, type Store } from "@/local/stripe/store/store";

/** What time it is for some work, and by which test clock; null is the global clock. */
export type BusinessTime = { now: number; testClock: string | null };

/**
 * The time by which objects live: that of the test clock of the customer they belong to, or else of the global clock. Of
 * several ids the first one that has a test clock decides. https://docs.stripe.com/billing/testing/test-clocks
 */
export function businessTimeOf(store: Store, ids: Iterable<string>): BusinessTime {
  if (!hasTestClocks(store)) return { now: openClock(store).now(), testClock: null };
  for (const id of ids) {
    const testClock = testClockOf(store, id);
    if (testClock !== null) return { now: timeOfTestClock(store, testClock), testClock };
  }
  return { now: openClock(store).now(), testClock: null };
}

/** What a deleted clock leaves behind stays in its time for good. */
function timeOfTestClock(store: Store, testClock: string): number {
  const sql = "select json_extract(body, '$.frozen_time') as frozenTime from objects where id = ?";
  const [row] = queryRows<{ frozenTime: number }>(store, sql, testClock);
  if (!row) throw new Error(`The store has no test clock ${testClock}.`);
  return row.frozenTime;
}

/** Nearly always there never was one, and then there is nothing to look up. */
function hasTestClocks(store: Store): boolean {
  const sql = "select 1 as one from objects where type = 'test_helpers.test_clock' limit 1";
  return queryRows(store, sql).length > 0;
}

/** A payment method may be older than its customer's clock, so the customer is asked too. */
function testClockOf(store: Store, id: string): string | null {
  const sql = `select case own.type when 'test_helpers.test_clock' then own.id
      else coalesce(own.test_clock, theirs.test_clock) end as testClock
    from objects own left join objects theirs on theirs.id = own.customer
    where own.id = ? and own.deleted = 0`;
  const owner = id.startsWith("si_") ? (findOwnerOfItem(store, id) ?? id) : id;
  return queryRows<{ testClock: string | null }>(store, sql, owner)[0]?.testClock ?? null;
}
