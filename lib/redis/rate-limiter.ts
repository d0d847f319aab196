import { Ratelimit } from "@upstash/ratelimit";
import { Redis } from "@upstash/redis";
import { incrementMetric } from "@/lib/metrics";
import { openSharedCounter, type SharedDecision } from "./shared-counter";

/** At most `limit` calls of one key within `windowSeconds`. */
export type RateLimit = { name: string; limit: number; windowSeconds: number };
export type RateLimitDecision = { allowed: boolean; retryAfterSeconds: number };
export type RateLimiter = {
  /** Asks Redis first: exact over all instances, for what is rare and matters (sign-in, money). */
  check(rule: RateLimit, key: string): Promise<RateLimitDecision>;
  /** Counts in this process and shares in the background: no request waits for it. */
  count(rule: RateLimit, key: string): SharedDecision;
};

/** How long Redis may take before this process decides alone. */
const REDIS_TIMEOUT_MS = 100;
/** How long Redis is left alone after it failed. */
const BREAKER_OPEN_MS = 5_000;
/** How often windows that are over are forgotten. */
const FORGET_EVERY_MS = 60_000;

/**
 * Counts calls in Redis, shared by all instances. When Redis is absent, slow, refused or wrong, the count
 * goes on in this process: the limit then holds per instance, and a request waits 100 ms at most.
 * The wall clock counts here, never business time.
 */
export function openRateLimiter(redis: { url: string; token: string } | null): RateLimiter {
  const local = countInProcess();
  if (!redis) return { check: async (rule, key) => local(rule, key), count: openSharedCounter(null) };

  const client = new Redis({
    ...redis,
    // `retry: false` still tries a second time, and what was counted would be counted twice.
    retry: { retries: 0 },
    enableTelemetry: false,
    signal: () => AbortSignal.timeout(REDIS_TIMEOUT_MS),
  });
  const limiters = new Map<string, Ratelimit>();
  let closedAgainAt = 0;

  return {
    count: openSharedCounter(client),
    async check(rule, key) {
      if (Date.now() < closedAgainAt) return local(rule, key);
      let limiter = limiters.get(rule.name);
      if (!limiter) {
        limiter = new Ratelimit({
          redis: client,
          prefix: `tk:rate:${rule.name}`,
          limiter: Ratelimit.fixedWindow(rule.limit, `${rule.windowSeconds} s`),
          ephemeralCache: false,
          // The client's own signal ends a slow call; the library's time-out would allow it instead.
          timeout: 0,
        });
        limiters.set(rule.name, limiter);
      }
      try {
        const { success, reset } = await limiter.limit(key);
        return { allowed: success, retryAfterSeconds: secondsUntil(reset) };
      } catch {
        closedAgainAt = Date.now() + BREAKER_OPEN_MS;
        // Shown in admin: limits hold per instance for as long as this counts on. (R15)
        incrementMetric("rate_limiter_fallbacks");
        return local(rule, key);
      }
    },
  };
}

function countInProcess(): (rule: RateLimit, key: string) => RateLimitDecision {
  const windows = new Map<string, { count: number; resetAt: number }>();
  let forgottenAt = Date.now();
  return (rule, key) => {
    const now = Date.now();
    // Once a minute: looking through them all at each call would be what an attacker wants.
    if (now - forgottenAt > FORGET_EVERY_MS) {
      for (const [name, { resetAt }] of windows) if (resetAt <= now) windows.delete(name);
      forgottenAt = now;
    }
    const name = `${rule.name}:${key}`;
    let window = windows.get(name);
    if (!window || window.resetAt <= now) {
      window = { count: 0, resetAt: now + rule.windowSeconds * 1000 };
      windows.set(name, window);
    }
    window.count += 1;
    return { allowed: window.count <= rule.limit, retryAfterSeconds: secondsUntil(window.resetAt) };
  };
}

function secondsUntil(epochMs: number): number {
  return Math.max(1, Math.ceil((epochMs - Date.now()) / 1000));
}
