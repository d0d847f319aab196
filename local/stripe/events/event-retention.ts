import { openClock } from "@/local/stripe/clock";
import type { ListFilter } from "@/local/stripe/store/list-objects";
import { queryRows, runSql, type Store } from "@/local/stripe/store/store";

/** https://docs.stripe.com/api/events */
const KEPT_FOR_SECONDS = 30 * 24 * 60 * 60;

/** So many are dropped in one go; called every second, it never keeps anybody waiting. */
const AT_ONCE = 1000;

/**
 * When an event made now is forgotten: thirty days after it could first be seen. One that a leap of the clock makes on its
 * way is first seen where the leap ends, and one of a test clock or of a past that is lived through today, so no leap
 * hides what nobody had a chance to read.
 */
export function expiryOfNewEvent(store: Store): number {
  return Math.max(openClock(store).now(), Math.floor(Date.now() / 1000)) + KEPT_FOR_SECONDS;
}

/** Keeps the events that are not forgotten yet. */
export function notForgotten(store: Store): ListFilter {
  return { sql: "expires_at > ?", values: [openClock(store).now()] };
}

/** Drops forgotten events, oldest first, with what is known of their deliveries; one that is still to be delivered stays. */
export function pruneEvents(store: Store): void {
  const now = openClock(store).now();
  const oldest =
    "select expires_at as at from objects where type = 'event' and deleted = 0 order by seq limit 1";
  const at = queryRows<{ at: number }>(store, oldest)[0]?.at;
  if (at === undefined || at > now) return;
  const forgotten = `select id from objects where type = 'event' and deleted = 0 and expires_at <= ?
    and not exists (select 1 from deliveries where event_id = objects.id and status = 'pending')
    order by seq limit ${AT_ONCE}`;
  const deliveries = `select id from deliveries where event_id in (${forgotten})`;
  runSql(store, `delete from delivery_attempts where delivery_id in (${deliveries})`, now);
  runSql(store, `delete from deliveries where event_id in (${forgotten})`, now);
  runSql(store, `delete from objects where id in (${forgotten})`, now);
}
