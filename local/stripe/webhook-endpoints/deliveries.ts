import { queryRows, runSql, type Store } from "@/local/stripe/store/store";

/** One event on its way to one endpoint. */
export type Delivery = { id: number; eventId: string; endpointId: string; attempts: number };

export type DeliveryReport = {
  id: number;
  event: string;
  endpoint: string;
  status: "pending" | "delivered" | "failed";
  attempts: { at_ms: number; duration_ms: number; response_status: number | null; error: string | null }[];
};

/** Deliveries whose next attempt is due, oldest first. */
export function dueDeliveries(store: Store, nowMs: number, limit: number): Delivery[] {
  const sql = `select id, event_id as eventId, endpoint_id as endpointId, attempts from deliveries
    where status = 'pending' and next_attempt_at_ms <= ? order by id limit ?`;
  return queryRows<Delivery>(store, sql, nowMs, limit);
}

/** When the next pending delivery is due, in wall milliseconds, or null. */
export function nextDeliveryAtMs(store: Store): number | null {
  const sql = "select min(next_attempt_at_ms) as at from deliveries where status = 'pending'";
  return queryRows<{ at: number | null }>(store, sql)[0]?.at ?? null;
}

/** Takes a delivery out of the queue while it is being attempted; a crash lets it come back. */
export function claimDelivery(store: Store, id: number, untilMs: number): void {
  runSql(store, "update deliveries set next_attempt_at_ms = ? where id = ?", untilMs, id);
}

export type Attempt = {
  atMs: number;
  durationMs: number;
  responseStatus: number | null;
  error: string | null;
};

/** Records how an attempt went; `retryAtMs` null means no further one. */
export function recordAttempt(
  store: Store,
  delivery: Delivery,
  attempt: Attempt,
  retryAtMs: number | null,
): void {
  const sql = `insert into delivery_attempts (delivery_id, at_ms, duration_ms, response_status, error)
    values (?, ?, ?, ?, ?)`;
  runSql(store, sql, delivery.id, attempt.atMs, attempt.durationMs, attempt.responseStatus, attempt.error);
  const isDelivered = attempt.error === null;
  const status = isDelivered ? "delivered" : retryAtMs === null ? "failed" : "pending";
  const update =
    "update deliveries set status = ?, attempts = attempts + 1, next_attempt_at_ms = ? where id = ?";
  runSql(store, update, status, retryAtMs ?? 0, delivery.id);
}

/** How many endpoints still wait for the event. */
export function countPending(store: Store, eventId: string): number {
  const sql = "select count(*) as count from deliveries where event_id = ? and status = 'pending'";
  return queryRows<{ count: number }>(store, sql, eventId)[0]?.count ?? 0;
}

/** Sends the event again to every endpoint that is still there, as often as asked. */
export function queueRedelivery(store: Store, eventId: string, times: number): number {
  const endpoints = queryRows<{ id: string }>(
    store,
    `select id from objects where type = 'webhook_endpoint' and deleted = 0
      and json_extract(body, '$.status') = 'enabled' order by seq`,
  );
  const sql =
    "insert into deliveries (event_id, endpoint_id, status, next_attempt_at_ms) values (?, ?, 'pending', ?)";
  for (let round = 0; round < times; round += 1) {
    for (const { id } of endpoints) runSql(store, sql, eventId, id, Date.now());
  }
  return endpoints.length * times;
}

/** The latest deliveries, of one event or of all, newest first. */
export function listDeliveries(store: Store, eventId: string | null, limit: number): DeliveryReport[] {
  const sql = `select id, event_id as event, endpoint_id as endpoint, status from deliveries
    where ? is null or event_id = ? order by id desc limit ?`;
  const rows = queryRows<Omit<DeliveryReport, "attempts">>(store, sql, eventId, eventId, limit);
  const attemptsSql = `select at_ms, duration_ms, response_status, error from delivery_attempts
    where delivery_id = ? order by rowid`;
  return rows.map((row) => ({ ...row, attempts: queryRows(store, attemptsSql, row.id) }));
}
