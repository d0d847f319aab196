import type { DatabaseSync, SQLInputValue, StatementSync } from "node:sqlite";
import type Stripe from "stripe";
import { createIdSource, type IdSource, newId, withIdsFrom } from "@/local/stripe/ids";
import { openDatabase } from "./open-database";
import { TABLES } from "./schema";
import type { HiddenFields, ObjectType, StoredObjects } from "./stored-objects";

/** The one place all state lives. Everything is synchronous, so one request can never see half of another. */
export type Store = {
  db: DatabaseSync;
  statements: Map<string, StatementSync>;
  ids: IdSource;
  /** The test clock by whose time the work that is under way lives; what it makes and plans belongs to that clock. */
  testClock: string | null;
  /** How far the lab's clock runs ahead, once it was read: every event asks for it. */
  clockOffsetMs: number | null;
  /** What the lab's clock said last, in unix seconds. */
  clockReading: number;
};

/** Where the seed and the positions of the id source are kept. */
const IDS_KEY = "ids";

/**
 * Opens `stripe.sqlite` in the folder, creating both; null keeps everything in memory.
 * @param seed makes the ids of a new store predictable; one that holds anything goes on as it began.
 */
export function openStore(dataDir: string | null, seed: string | null = null): Store {
  const db = openDatabase(dataDir);
  const store: Store = {
    db,
    statements: new Map(),
    ids: createIdSource(null),
    testClock: null,
    clockOffsetMs: null,
    clockReading: 0,
  };
  store.ids = readIdSource(store) ?? createIdSource(isEmpty(store) ? seed : null);
  return store;
}

/** Closes the file. Safe to call twice. */
export function closeStore(store: Store): void {
  if (store.db.isOpen) saveIdSource(store);
  store.statements.clear();
  if (store.db.isOpen) store.db.close();
}

/** Writes down how many ids were drawn, those of requests included. */
export function keepIdSource(store: Store): void {
  saveIdSource(store);
}

/** Reads anew what is remembered of the tables, after they were filled from elsewhere. */
export function reloadMemory(store: Store): void {
  store.ids = readIdSource(store) ?? createIdSource(null);
  store.clockOffsetMs = null;
}

/** Forgets everything. Ids begin afresh from the seed, or are random without one. */
export function wipeStore(store: Store, seed: string | null): void {
  inTransaction(store, () => {
    for (const table of TABLES) store.db.exec(`delete from ${table}`);
  });
  store.ids = createIdSource(seed);
  store.clockOffsetMs = null;
}

/**
 * Runs the work so that either all of its writes last or none do. Not nestable.
 * @param testClock the test clock the work lives by, and what it plans.
 */
export function inTransaction<T>(store: Store, work: () => T, testClock: string | null = null): T {
  prepared(store, "begin immediate").run();
  store.testClock = testClock;
  try {
    const result = withIdsFrom(store.ids, work);
    if (store.ids.before.size > 0) saveIdSource(store);
    prepared(store, "commit").run();
    store.ids.before.clear();
    return result;
  } catch (error) {
    prepared(store, "rollback").run();
    takeBackIds(store.ids);
    throw error;
  } finally {
    store.testClock = null;
  }
}

/** An id for a request; it stays used whatever becomes of the request. */
export function newRequestId(store: Store): string {
  const id = withIdsFrom(store.ids, () => newId("req"));
  store.ids.before.delete("req");
  return id;
}

/**
 * Does work that is taken back unless it says it is to stand. Inside of a transaction; may be nested.
 * @returns what the work said.
 */
export function tentatively(store: Store, work: () => boolean): boolean {
  store.db.exec("savepoint tentative");
  let stands = false;
  try {
    stands = work();
  } finally {
    if (!stands) store.db.exec("rollback to tentative");
    store.db.exec("release tentative");
  }
  return stands;
}

/**
 * Does work that is taken back if it throws. Inside of a transaction; may be nested.
 * @returns what it threw, or null.
 */
export function attempt(store: Store, work: () => void): { error: unknown } | null {
  prepared(store, "savepoint attempt").run();
  try {
    work();
    return null;
  } catch (error) {
    prepared(store, "rollback to attempt").run();
    return { error };
  } finally {
    prepared(store, "release attempt").run();
  }
}

/** A prepared statement, compiled once per store. */
export function prepared(store: Store, sql: string): StatementSync {
  const known = store.statements.get(sql);
  if (known) return known;
  const statement = store.db.prepare(sql);
  store.statements.set(sql, statement);
  return statement;
}

/** Rows of a query; the caller names their shape, which the SQL beside it must match. */
export function queryRows<Row>(store: Store, sql: string, ...values: SQLInputValue[]): Row[] {
  // node:sqlite types every row as a record of SQL values; the SQL text decides what is really in it.
  return prepared(store, sql).all(...values) as Row[];
}

/** Runs a statement that gives no rows. */
export function runSql(store: Store, sql: string, ...values: SQLInputValue[]): void {
  prepared(store, sql).run(...values);
}

/**
 * Adds an object. Its type is its own `object` field.
 * @param expiresAt when it is forgotten; null is never.
 */
export function insertObject<T extends ObjectType>(
  store: Store,
  type: T,
  object: StoredObjects[T],
  hidden: HiddenFields[T],
  expiresAt: number | null = null,
): void {
  runSql(
    store,
    "insert into objects (id, type, expires_at, customer, test_clock, body, hidden) values (?, ?, ?, ?, ?, ?, ?)",
    object.id,
    type,
    expiresAt,
    customerOf(object),
    store.testClock,
    JSON.stringify(object),
    JSON.stringify(hidden),
  );
  if (object.object === "subscription") rememberItems(store, object);
}

/** Overwrites an object that exists. */
export function saveObject<T extends ObjectType>(store: Store, type: T, object: StoredObjects[T]): void {
  const sql = "update objects set body = ?, customer = ? where id = ? and type = ?";
  runSql(store, sql, JSON.stringify(object), customerOf(object), object.id, type);
  if (object.object === "subscription") rememberItems(store, object);
}

/** Overwrites what is remembered beside an object. */
export function saveHidden<T extends ObjectType>(
  store: Store,
  type: T,
  id: string,
  hidden: HiddenFields[T],
): void {
  runSql(store, "update objects set hidden = ? where id = ? and type = ?", JSON.stringify(hidden), id, type);
}

/** Marks an object deleted: it leaves every list and only `isDeleted` still knows it. */
export function deleteObject(store: Store, id: string): void {
  runSql(store, "update objects set deleted = 1 where id = ?", id);
}

/** Whether there was such an object and it was deleted. */
export function isDeleted(store: Store, type: ObjectType, id: string): boolean {
  const sql = "select 1 as one from objects where id = ? and type = ? and deleted = 1";
  return queryRows(store, sql, id, type).length > 0;
}

/** The object, or null when there is none or it was deleted. Every call gives a fresh copy. */
export function findObject<T extends ObjectType>(store: Store, type: T, id: string): StoredObjects[T] | null {
  const sql = "select body from objects where id = ? and type = ? and deleted = 0";
  const [row] = queryRows<{ body: string }>(store, sql, id, type);
  return row ? JSON.parse(row.body) : null;
}

/** Any object by its id alone, deleted ones included as Stripe shows them. For expanding references. */
export function findAnyObject(store: Store, id: string): Record<string, unknown> | null {
  const sql = "select type, body, deleted from objects where id = ?";
  const [row] = queryRows<{ type: string; body: string; deleted: number }>(store, sql, id);
  if (!row) return null;
  return row.deleted ? { id, object: row.type, deleted: true } : JSON.parse(row.body);
}

/** The subscription an item is or was part of, by id, or null. */
export function findOwnerOfItem(store: Store, itemId: string): string | null {
  const sql = "select subscription from subscription_items where id = ?";
  return queryRows<{ subscription: string }>(store, sql, itemId)[0]?.subscription ?? null;
}

/** What is remembered beside an object. @throws Error when there is no such object. */
export function readHidden<T extends ObjectType>(store: Store, type: T, id: string): HiddenFields[T] {
  const sql = "select hidden from objects where id = ? and type = ?";
  const [row] = queryRows<{ hidden: string }>(store, sql, id, type);
  if (!row) throw new Error(`The store has no ${type} ${id}.`);
  return JSON.parse(row.hidden);
}

/** The same, or null when there is no such object. */
export function findHidden<T extends ObjectType>(store: Store, type: T, id: string): HiddenFields[T] | null {
  const sql = "select hidden from objects where id = ? and type = ?";
  const [row] = queryRows<{ hidden: string }>(store, sql, id, type);
  return row ? JSON.parse(row.hidden) : null;
}

/** A single value kept under a name, or null. */
export function readMeta(store: Store, key: string): string | null {
  return queryRows<{ value: string }>(store, "select value from meta where key = ?", key)[0]?.value ?? null;
}

/** Keeps a single value under a name. */
export function writeMeta(store: Store, key: string, value: string): void {
  runSql(store, "insert or replace into meta (key, value) values (?, ?)", key, value);
}

function rememberItems(store: Store, subscription: Stripe.Subscription): void {
  const sql = "insert or ignore into subscription_items (id, subscription) values (?, ?)";
  for (const { id } of subscription.items.data) runSql(store, sql, id, subscription.id);
}

function customerOf(object: StoredObjects[ObjectType]): string | null {
  const customer = "customer" in object ? object.customer : null;
  return typeof customer === "string" ? customer : null;
}

function isEmpty(store: Store): boolean {
  return queryRows(store, "select 1 as one from objects limit 1").length === 0;
}

/** Null when the store was never seeded. */
function readIdSource(store: Store): IdSource | null {
  const text = readMeta(store, IDS_KEY);
  if (text === null) return null;
  const { seed, drawn } = JSON.parse(text);
  return { ...createIdSource(seed), drawn: new Map(drawn) };
}

function saveIdSource(store: Store): void {
  const { seed, drawn } = store.ids;
  if (seed !== null) writeMeta(store, IDS_KEY, JSON.stringify({ seed, drawn: [...drawn] }));
}

/** Work that was taken back gives its ids back. */
function takeBackIds(ids: IdSource): void {
  for (const [prefix, count] of ids.before) ids.drawn.set(prefix, count);
  ids.before.clear();
}
