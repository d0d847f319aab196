import type { EdgeRecord } from "@/lib/redis/edge-store";
import type { ReadEdgeUsage } from "./read-edge-usages";

/** However little changes, a copy is made anew after this; and one that was missed dies. */
const RECORD_TTL_MS = 600_000;

/** What is written at the edge of a reading: it ends with what it says. */
export function toEdgeRecord({
  customerId,
  version,
  usage,
  exhausted,
}: Extract<ReadEdgeUsage, { outcome: "read" }>): EdgeRecord {
  return {
    customerId,
    version,
    asOf: usage.asOf,
    ttlMs: Math.max(1, Math.min(RECORD_TTL_MS, usage.validUntil - usage.asOf)),
    text: JSON.stringify(usage),
    exhausted,
  };
}
