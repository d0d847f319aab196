import { incrementMetric } from "@/lib/metrics";

export type Attempt<Value> = { ok: true; value: Value } | { ok: false };

export type CircuitBreaker = {
  /** Whether a call would be tried now. */
  isOpen(): boolean;
  /** Never throws: what fails, takes too long or is not tried at all is an attempt that is not ok. */
  attempt<Value>(call: string, work: () => Promise<Value>): Promise<Attempt<Value>>;
};

/** Failures in a row after which nothing is tried for a while. */
const FAILURES_TO_OPEN = 3;
/** How long nothing is tried; then one call is, and decides. */
const OPEN_MS = 5_000;

/**
 * Keeps what is slow or away from slowing down whoever asks: a call is given up after `timeoutMs` and never repeated; after
 * three failures in a row none is tried for five seconds; then a single one is, and its outcome counts for all. Each
 * failure and each opening is counted. (R8, R15) By the wall clock.
 */
export function openCircuitBreaker({ timeoutMs }: { timeoutMs: number }): CircuitBreaker {
  let failures = 0;
  /** 0 = closed. */
  let openUntil = 0;
  let isProbing = false;

  function isOpen(): boolean {
    return openUntil > 0 && (isProbing || Date.now() < openUntil);
  }

  function recordFailure(call: string, isProbe: boolean): void {
    incrementMetric("edge_failures", { call });
    failures += 1;
    // Those that were under way when it opened fail too, and open nothing.
    if (!isProbe && (openUntil > 0 || failures < FAILURES_TO_OPEN)) return;
    openUntil = Date.now() + OPEN_MS;
    incrementMetric("edge_breaker_opens");
  }

  return {
    isOpen,
    async attempt(call, work) {
      if (isOpen()) return { ok: false };
      const isProbe = openUntil > 0;
      isProbing = isProbe;
      try {
        const value = await within(timeoutMs, work());
        if (isProbe) openUntil = 0;
        failures = 0;
        return { ok: true, value };
      } catch {
        recordFailure(call, isProbe);
        return { ok: false };
      } finally {
        if (isProbe) isProbing = false;
      }
    },
  };
}

/** For several requests together: each alone is bounded by its own signal. */
async function within<Value>(timeoutMs: number, work: Promise<Value>): Promise<Value> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${timeoutMs} ms`)), timeoutMs);
  });
  try {
    return await Promise.race([work, timeout]);
  } finally {
    clearTimeout(timer);
  }
}
