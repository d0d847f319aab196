import { createHash } from "node:crypto";

/** Raise it when what objects and their hidden fields remember changes, so that files written before are laid aside. */
const LAYOUT = 3;

/**
 * The tables. `objects` holds every Stripe object as JSON; `seq` gives lists their order, because many
 * objects share one second, and events are forgotten at `expires_at`. `due` lists what the clock must do and when; what has a test clock is done by that one's
 * time. Items live inside of their subscriptions; `subscription_items` tells in which. `meter_events` is apart because usage is only ever summed up, and there is a lot of it.
 */
export const SCHEMA = `
  create table if not exists objects (
    seq integer primary key autoincrement,
    id text not null unique,
    type text not null,
    deleted integer not null default 0,
    expires_at integer,
    customer text,
    test_clock text,
    body text not null,
    hidden text not null
  );
  create index if not exists objects_by_type on objects (type, deleted, seq);
  create index if not exists objects_by_customer on objects (customer, type, deleted, seq) where customer is not null;
  create index if not exists objects_by_test_clock on objects (test_clock, type, deleted, seq) where test_clock is not null;
  create table if not exists due (
    at integer not null,
    kind text not null,
    object_id text not null,
    test_clock text,
    rank integer not null,
    primary key (object_id, kind)
  );
  create index if not exists due_by_time on due (test_clock, at, rank);
  create table if not exists subscription_items (id text primary key, subscription text not null) without rowid;
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
  create index if not exists idempotency_keys_by_age on idempotency_keys (saved_at_ms);
  create table if not exists meter_events (
    seq integer primary key autoincrement,
    identifier text not null unique,
    meter text not null,
    customer text not null,
    at integer not null,
    received_at integer not null,
    value text not null,
    canceled integer not null default 0
  );
  create index if not exists meter_events_by_time on meter_events (meter, customer, at);
  create table if not exists meta (key text primary key, value text not null);
`;

/** Tells files of this layout from others. It follows from the tables, so that nobody has to think of it. */
export const SCHEMA_VERSION = createHash("sha256").update(`${LAYOUT}${SCHEMA}`).digest().readUInt32BE() >>> 1;

export const TABLES = [
  "objects",
  "due",
  "subscription_items",
  "deliveries",
  "delivery_attempts",
  "idempotency_keys",
  "meter_events",
  "meta",
] as const;
