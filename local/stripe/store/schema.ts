/**
 * The tables. `objects` holds every Stripe object as JSON; `seq` gives lists their order, because many
 * objects share one second. `due` lists what the clock must do and when.
 */
export const SCHEMA = `
  create table if not exists objects (
    seq integer primary key autoincrement,
    id text not null unique,
    type text not null,
    deleted integer not null default 0,
    created integer not null,
    customer text,
    body text not null,
    hidden text not null
  );
  create index if not exists objects_by_type on objects (type, deleted, seq);
  create index if not exists objects_by_customer on objects (customer, type, seq);
  create table if not exists due (
    at integer not null,
    kind text not null,
    object_id text not null,
    primary key (kind, object_id)
  );
  create index if not exists due_by_time on due (at);
  create table if not exists deliveries (
    id integer primary key autoincrement,
    event_id text not null,
    endpoint_id text not null,
    status text not null check (status in ('pending', 'delivered', 'failed')),
    attempts integer not null default 0,
    next_attempt_at_ms integer not null
  );
  create index if not exists deliveries_due on deliveries (status, next_attempt_at_ms);
  create index if not exists deliveries_by_event on deliveries (event_id);
  create table if not exists delivery_attempts (
    delivery_id integer not null,
    at_ms integer not null,
    duration_ms integer not null,
    response_status integer,
    error text
  );
  create index if not exists attempts_by_delivery on delivery_attempts (delivery_id);
  create table if not exists idempotency_keys (
    key text primary key,
    fingerprint text not null,
    request_id text not null,
    status integer not null,
    body text not null,
    saved_at_ms integer not null
  );
  create table if not exists meta (key text primary key, value text not null);
`;

export const TABLES = [
  "objects",
  "due",
  "deliveries",
  "delivery_attempts",
  "idempotency_keys",
  "meta",
] as const;
