import { type Attempt, openCircuitBreaker } from "./circuit-breaker";
import { openEdgeScripts } from "./edge-scripts";
import { CUSTOMER, type EdgeRecord, EXHAUSTED, openEdgeClient, recordArguments } from "./edge-store";

/** What stands in Redis of a customer, as edge-store.ts has written it, or as somebody else has spoiled it. */
export type EdgeCopy = {
  customerId: string;
  /** Word for word. */
  stored: string;
  /** Null = it is not written as a record is. */
  record: { version: number; asOf: number; text: string } | null;
  /** Null = nothing is said: it lives for seconds only. */
  exhausted: string[] | null;
};

export type EdgeCopies = {
  /** The copies there are of these customers; nobody has to have one. */
  read(customerIds: string[]): Promise<Attempt<EdgeCopy[]>>;
  /**
   * Writes newer records in place of what was seen, whatever version that claims. What has come since is replaced by a
   * newer record only, so an older write never wins.
   */
  replace(replacements: { seen: EdgeCopy; record: EdgeRecord }[]): Promise<Attempt<unknown>>;
};

/**
 * The copies at the edge, many at once, for whoever compares them. Apart from the store that tells of changes: its
 * patience is longer, and what fails here must not keep news back there. Never throws.
 */
export function openEdgeCopies(
  connection: { url: string; token: string },
  { timeoutMs = 1_000 }: { timeoutMs?: number } = {},
): EdgeCopies {
  const redis = openEdgeClient(connection, timeoutMs);
  const scripts = openEdgeScripts(redis);
  const breaker = openCircuitBreaker({ timeoutMs });
  return {
    async read(customerIds) {
      const keys = customerIds.flatMap((id) => [CUSTOMER + id, EXHAUSTED + id]);
      const attempt = await breaker.attempt("compare", () => redis.mget<(string | null)[]>(...keys));
      if (!attempt.ok) return attempt;
      const copies = customerIds.flatMap((customerId, index) => {
        const [stored, exhausted] = attempt.value.slice(2 * index, 2 * index + 2);
        return typeof stored === "string" ? [toCopy(customerId, stored, exhausted ?? null)] : [];
      });
      return { ok: true, value: copies };
    },

    async replace(replacements) {
      const keys = replacements.flatMap(({ record: { customerId } }) => [
        CUSTOMER + customerId,
        EXHAUSTED + customerId,
      ]);
      const args = replacements.flatMap(({ seen, record }) => [seen.stored, ...recordArguments(record)]);
      return breaker.attempt("compare", () => scripts.writeRecords(keys, args));
    },
  };
}

function toCopy(customerId: string, stored: string, exhausted: string | null): EdgeCopy {
  const [, version, asOf, text] = /^(\d+) (\d+) (.*)$/s.exec(stored) ?? [];
  return {
    customerId,
    stored,
    record: text === undefined ? null : { version: Number(version), asOf: Number(asOf), text },
    exhausted: exhausted === null ? null : exhausted.split(" "),
  };
}
