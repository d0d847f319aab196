import { prepared, queryRows, runSql, type Store } from "@/local/stripe/store/store";

/** One event on its way to one endpoint. Attempts are planned in business time, in milliseconds. */
export type Delivery = {
  id: number;
  eventId: string;
  endpointId: string;
  attempts: number;
  nextAttemptAtMs: number;
};

export type DeliveryReport = {
  id: number;
  event: string;
  endpoint: string;
  status: "pending" | "delivered" | "failed";
  /** When the next attempt is due, in unix seconds of business time. */
  next_attempt_at: number | null;
  attempts: { at_ms: number; duration_ms: number; response_status: number | null; error: string | null }[];
};

/** Queues an event for an endpoint, due from a moment on. @returns the delivery's id. */
export function queueDelivery(store: Store, eventId: string, endpointId: string, atMs: number): number {
  const sql =
    "insert into deliveries (event_id, endpoint_id, status, next_attempt_at_ms) values (?, ?, 'pending', ?)";
  return Number(prepared(store, sql).run(eventId, endpointId, atMs).lastInsertRowid);
}

/** Deliveries whose next attempt is due, in order of time, and of those of one moment the first made first. */
export function dueDeliveries(
  store: Store,
  nowMs: number,
  limit: number,
  exceptEndpoints: ReadonlySet<string> = new Set(),
): Delivery[] {
  const sql = `select id, event_id as eventId, endpoint_id as endpointId, attempts,
      next_attempt_at_ms as nextAttemptAtMs
    from deliveries where status = 'pending' and next_attempt_at_ms <= ?
      and endpoint_id not in (select value from json_each(?))
    order by next_attempt_at_ms, id limit ?`;
  return queryRows<Delivery>(store, sql, nowMs, JSON.stringify([...exceptEndpoints]), limit);
}

/** Makes everything that is still to be delivered due at once: time begins anew somewhere else. */
export function bringForward(store: Store, atMs: number): void {
  runSql(store, "update deliveries set next_attempt_at_ms = ? where status = 'pending'", atMs);
}

/** When the next pending delivery is due, in milliseconds of business time, or null. */
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
export function queueRedelivery(store: Store, eventId: string, times: number, atMs: number): number {
  const endpoints = queryRows<{ id: string }>(
    store,
    `select id from objects where type = 'webhook_endpoint' and deleted = 0
      and json_extract(body, '$.status') = 'enabled' order by seq`,
  );
  for (let round = 0; round < times; round += 1) {
    for (const { id } of endpoints) queueDelivery(store, eventId, id, atMs);
  }
  return endpoints.length * times;
}

export type DeliveryFilter = { event?: string; endpoint?: string; status?: string };

/** The latest deliveries that pass the filter, newest first. */
export function listDeliveries(store: Store, filter: DeliveryFilter, limit: number): DeliveryReport[] {
  const sql = `select id, event_id as event, endpoint_id as endpoint, status,
      iif(status = 'pending', next_attempt_at_ms / 1000, null) as next_attempt_at
    from deliveries
    where (?1 is null or event_id = ?1) and (?2 is null or endpoint_id = ?2) and (?3 is null or status = ?3)
    order by id desc limit ?4`;
  const values = [filter.event ?? null, filter.endpoint ?? null, filter.status ?? null, limit];
  const rows = queryRows<Omit<DeliveryReport, "attempts">>(store, sql, ...values);
  const attemptsSql = `select at_ms, duration_ms, response_status, error from delivery_attempts
    where delivery_id = ? order by rowid`;
  return rows.map((row) => ({ ...row, attempts: queryRows(store, attemptsSql, row.id) }));
}
