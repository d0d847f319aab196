import { Redis } from "@upstash/redis";
import { openCircuitBreaker } from "./circuit-breaker";
import { openEdgeScripts } from "./edge-scripts";

/** What the edge is to know of a customer, as Postgres had it at one moment. */
export type EdgeRecord = {
  customerId: string;
  /** Grows with every change in Postgres; of two records with the same, the later `asOf` is the newer. */
  version: number;
  /** Milliseconds of business time. */
  asOf: number;
  ttlMs: number;
  text: string;
  /** Meters of which nothing more is to be had. */
  exhausted: string[];
};

export type EdgeKey = {
  /** SHA-256 of the API key, in hex. */
  hash: string;
  /** Null = a platform key, which names its customer. */
  customerId: string | null;
  /** Business time; null = never. */
  expiresAt: Date | null;
};

export type EdgeFinding =
  | { outcome: "unavailable" }
  | { outcome: "unknown_key" }
  | {
      outcome: "known_key";
      key: EdgeKey;
      /** The `text` of the customer's record; null = there is none. */
      text: string | null;
      exhausted: string[];
    };

export type EdgeStore = {
  /** Whether a call would be tried now. */
  isAvailable(): boolean;
  /** Writes the records that are newer than what is there. @returns false if Redis did not take them. */
  writeRecords(records: EdgeRecord[]): Promise<boolean>;
  rememberKeys(keys: EdgeKey[]): Promise<boolean>;
  /** The key means nothing from now on, even if another process tells of it later. */
  revokeKey(hash: string): Promise<boolean>;
  /** In one round trip. @param namedCustomerId the customer that a platform key names. */
  find(hash: string, namedCustomerId: string | null): Promise<EdgeFinding>;
};

const KEY = "tk:edge:key:";
/** Before the customer's id: the record, and meters of which nothing is left. */
export const CUSTOMER = "tk:edge:customer:";
export const EXHAUSTED = "tk:edge:exhausted:";

/** How long a key is known without being told of again: what revoking takes at most if Redis does not hear of it. */
export const KEY_TTL_MS = 60_000;
/** Longer than anybody who has just read the key as valid takes to tell. */
const REVOKED_TTL_MS = 120_000;
/** How long "nothing is left" is believed without being told again: what losing the news of a grant costs at most. */
export const EXHAUSTED_TTL_MS = 5_000;
const MOST_HINTS = 10_000;

/**
 * Copies of counters and keys in Redis, for who asks from far away. Everything in it can be lost at any time, and
 * nothing is decided by it. Every call takes `timeoutMs` at most and fails silently, counted in lib/metrics.ts.
 */
export function openEdgeStore(
  connection: { url: string; token: string },
  { timeoutMs = 100 }: { timeoutMs?: number } = {},
): EdgeStore {
  const redis = openEdgeClient(connection, timeoutMs);
  const scripts = openEdgeScripts(redis);
  const breaker = openCircuitBreaker({ timeoutMs });
  /** Whose a key was when it was last seen, so that its customer's record can be asked for together with the key. */
  const hints = new Map<string, string>();

  async function ask(hash: string, customerId: string | null): Promise<(string | null)[]> {
    if (customerId === null) return scripts.find([KEY + hash], [CUSTOMER, EXHAUSTED]);
    return redis.mget<(string | null)[]>(KEY + hash, CUSTOMER + customerId, EXHAUSTED + customerId);
  }

  function takeHint(key: EdgeKey): void {
    if (key.customerId === null) return;
    if (hints.size >= MOST_HINTS) hints.clear();
    hints.set(key.hash, key.customerId);
  }

  return {
    isAvailable: () => !breaker.isOpen(),

    async writeRecords(records) {
      const keys = records.flatMap(({ customerId }) => [CUSTOMER + customerId, EXHAUSTED + customerId]);
      const args = records.flatMap((record) => ["", ...recordArguments(record)]);
      return (await breaker.attempt("write", () => scripts.writeRecords(keys, args))).ok;
    },

    async rememberKeys(keys) {
      const names = keys.map(({ hash }) => KEY + hash);
      const args = [...keys.map(keyText), String(KEY_TTL_MS)];
      return (await breaker.attempt("keys", () => scripts.rememberKeys(names, args))).ok;
    },

    async revokeKey(hash) {
      hints.delete(hash);
      const attempt = await breaker.attempt("keys", () =>
        redis.set(KEY + hash, "revoked", { px: REVOKED_TTL_MS }),
      );
      return attempt.ok;
    },

    async find(hash, namedCustomerId) {
      const customerId = namedCustomerId ?? hints.get(hash) ?? null;
      const attempt = await breaker.attempt("read", () => ask(hash, customerId));
      if (!attempt.ok) return { outcome: "unavailable" };
      const [told, record, exhausted] = attempt.value;
      const key = readKey(hash, told ?? "");
      if (!key) {
        hints.delete(hash);
        return { outcome: "unknown_key" };
      }
      takeHint(key);
      // Of another customer than its own a key learns nothing.
      const isAsked = key.customerId === null || customerId === null || key.customerId === customerId;
      return {
        outcome: "known_key",
        key,
        text: isAsked && record ? record.slice(record.indexOf(" ", record.indexOf(" ") + 1) + 1) : null,
        exhausted: isAsked && exhausted ? exhausted.split(" ") : [],
      };
    },
  };
}

/** A client whose calls are never repeated and take `timeoutMs` at most. */
export function openEdgeClient(connection: { url: string; token: string }, timeoutMs: number): Redis {
  return new Redis({
    ...connection,
    // `retry: false` still tries a second time.
    retry: { retries: 0 },
    enableTelemetry: false,
    // One failing must not fail what happens to be sent beside it.
    enableAutoPipelining: false,
    automaticDeserialization: false,
    responseEncoding: false,
    signal: () => AbortSignal.timeout(timeoutMs),
  });
}

/** A record as the script that writes takes it, after what was seen. */
export function recordArguments(record: EdgeRecord): string[] {
  return [
    String(record.version),
    String(record.asOf),
    String(record.ttlMs),
    String(Math.min(record.ttlMs, EXHAUSTED_TTL_MS)),
    record.text,
    record.exhausted.join(" "),
  ];
}

function keyText({ customerId, expiresAt }: EdgeKey): string {
  return `${customerId ?? "*"} ${expiresAt?.getTime() ?? ""}`;
}

function readKey(hash: string, text: string): EdgeKey | null {
  const [, customer = "", expiry = ""] = /^(\S+) (\d*)$/.exec(text) ?? [];
  if (!customer) return null;
  return {
    hash,
    customerId: customer === "*" ? null : customer,
    expiresAt: expiry ? new Date(Number(expiry)) : null,
  };
}
