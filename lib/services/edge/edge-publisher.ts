import type { Db } from "@/lib/db/client";
import { incrementMetric } from "@/lib/metrics";
import type { EdgeKey, EdgeStore } from "@/lib/redis/edge-store";
import { getCatalogue } from "@/lib/services/catalogue/get-catalogue";
import { forgetCustomer } from "@/lib/services/entitlements/known-facts";
import { toEdgeRecord } from "./edge-record";
import { askCustomers, readEdgeUsages } from "./read-edge-usages";

export type EdgePublisher = {
  /** Something of this customer has changed. Costs its caller nothing and waits for nothing. */
  announce(customerId: string, now: Date): void;
  rememberKey(key: EdgeKey): void;
  revokeKey(hash: string): Promise<void>;
};

/** How long changes gather: no customer is read more often, however much is decided about them. */
const GATHER_MS = 100;
/** Reading takes at most a tenth of the time of one connection: who has more customers than that is told later. */
const REST_PER_READING = 9;
/** How soon it is looked whether Redis is back. */
const AWAY_MS = 1_000;
/** Read and written together. */
const CUSTOMERS_AT_ONCE = 50;
const KEYS_AT_ONCE = 500;
/** How long what was read of a key may be told. */
const KEY_IS_FRESH_MS = 2_000;
const MOST_WAITING = 10_000;

/**
 * Keeps Redis told of what Postgres has, in the background. Who changes something announces the customer; what is
 * written is read from Postgres afterwards, so it is absolute and committed, and telling it twice or never changes
 * nothing for long. One round is under way at a time: one statement and one write for all that gathered. While Redis is
 * away the customers wait, up to a bound, and Postgres is not asked.
 */
export function openEdgePublisher(db: Db, store: EdgeStore): EdgePublisher {
  const customers = new Map<string, Date>();
  const keys = new Map<string, { key: EdgeKey; readAt: number }>();
  let isPlanned = false;
  let readingMs = 0;

  function plan(afterMs = GATHER_MS): void {
    if (isPlanned) return;
    isPlanned = true;
    setTimeout(() => void run(), afterMs).unref();
  }

  async function run(): Promise<void> {
    if (store.isAvailable()) {
      await tellKeys();
      await tellCustomers().catch(() => {
        // Postgres is away, or there is no catalogue yet: whoever uses something next announces it again.
        incrementMetric("edge_announcements_dropped");
      });
    }
    isPlanned = false;
    if (customers.size === 0 && keys.size === 0) return;
    plan(store.isAvailable() ? Math.max(GATHER_MS, readingMs * REST_PER_READING) : AWAY_MS);
  }

  async function tellKeys(): Promise<void> {
    const told = [...keys.values()].slice(0, KEYS_AT_ONCE);
    for (const { key } of told) keys.delete(key.hash);
    // What was read long ago may have been revoked since. A busy key is read again within a second, and told then.
    const fresh = told.filter(({ readAt }) => Date.now() - readAt < KEY_IS_FRESH_MS).map(({ key }) => key);
    if (fresh.length > 0) await store.rememberKeys(fresh);
  }

  async function tellCustomers(): Promise<void> {
    const asked = [...customers].slice(0, CUSTOMERS_AT_ONCE);
    for (const [customerId] of asked) customers.delete(customerId);
    if (asked.length === 0) return;
    const catalogue = await getCatalogue({ db });
    const known = await askCustomers(
      { db },
      catalogue,
      asked.map(([customerId, now]) => ({ customerId, now })),
    );
    const startedAt = performance.now();
    const readings = await readEdgeUsages({ db }, catalogue, known);
    readingMs = performance.now() - startedAt;
    for (const { outcome, customerId } of readings)
      if (outcome === "stale") forgetCustomer({ db }, customerId);
    const records = readings.filter((reading) => reading.outcome === "read").map(toEdgeRecord);
    const isTold = records.length === 0 || (await store.writeRecords(records));
    for (const { outcome, customerId } of readings) {
      const now = asked.find(([id]) => id === customerId)?.[1];
      if (now && (outcome === "stale" || (outcome === "read" && !isTold))) wait(customerId, now);
    }
  }

  function wait(customerId: string, now: Date): void {
    const earlier = customers.get(customerId);
    if (!earlier && customers.size >= MOST_WAITING) {
      incrementMetric("edge_announcements_dropped");
      return;
    }
    if (!earlier || earlier < now) customers.set(customerId, now);
  }

  return {
    announce(customerId, now) {
      wait(customerId, now);
      plan();
    },
    rememberKey(key) {
      if (keys.size < MOST_WAITING) keys.set(key.hash, { key, readAt: Date.now() });
      plan();
    },
    async revokeKey(hash) {
      keys.delete(hash);
      await store.revokeKey(hash);
    },
  };
}
