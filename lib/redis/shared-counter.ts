import type { Redis } from "@upstash/redis";
import { incrementMetric } from "@/lib/metrics";
import type { RateLimit } from "./rate-limiter";

export type SharedDecision = {
  allowed: boolean;
  limit: number;
  remaining: number;
  /** Until the window ends. */
  resetSeconds: number;
};

/** How long a process may keep what it counted to itself. */
const SHARE_EVERY_MS = 100;
/** How long Redis is left alone after it failed. */
const PAUSE_MS = 5_000;

type Window = {
  name: string;
  startsAt: number;
  endsAt: number;
  /** What all processes counted, as Redis last said. */
  shared: number;
  /** What this process counted since. */
  unshared: number;
};

/**
 * Counts calls in fixed windows in this process, and tells Redis in the background what it counted, learning what
 * the others did. A request never waits: awaiting Redis for each took a no-op route to 0.6 of its speed. The price is
 * that instances together may let through what they count within `SHARE_EVERY_MS` too much. Without Redis the limit
 * holds per instance. The wall clock counts, never business time.
 */
export function openSharedCounter(redis: Redis | null): (rule: RateLimit, key: string) => SharedDecision {
  const windows = new Map<string, Window>();
  let isShareDue = false;
  let pausedUntil = 0;

  async function share(): Promise<void> {
    isShareDue = false;
    const now = Date.now();
    for (const [name, window] of windows) if (window.endsAt <= now) windows.delete(name);
    const changed = [...windows.values()].filter((window) => window.unshared > 0);
    if (!redis || changed.length === 0 || now < pausedUntil) return;
    const sent = changed.map((window) => window.unshared);
    const pipeline = redis.pipeline();
    for (const [index, window] of changed.entries()) {
      const key = `${window.name}:${window.startsAt}`;
      pipeline.incrby(key, sent[index] ?? 0);
      pipeline.pexpireat(key, window.endsAt + 1_000);
    }
    try {
      const answers = await pipeline.exec<number[]>();
      for (const [index, window] of changed.entries()) {
        window.shared = Number(answers[index * 2] ?? 0);
        window.unshared -= sent[index] ?? 0;
      }
    } catch {
      // What was counted stays counted here and is shared later; told twice, it only limits a little early.
      pausedUntil = Date.now() + PAUSE_MS;
      incrementMetric("rate_limiter_fallbacks");
    }
  }

  return (rule, key) => {
    const now = Date.now();
    const length = rule.windowSeconds * 1000;
    const name = `tk:count:${rule.name}:${key}`;
    let window = windows.get(name);
    if (!window || window.endsAt <= now) {
      const startsAt = Math.floor(now / length) * length;
      window = { name, startsAt, endsAt: startsAt + length, shared: 0, unshared: 0 };
      windows.set(name, window);
    }
    const used = window.shared + window.unshared;
    const allowed = used < rule.limit;
    if (allowed) window.unshared += 1;
    // A timer runs only while there is something to share or forget.
    if (!isShareDue) {
      isShareDue = true;
      setTimeout(() => void share(), SHARE_EVERY_MS).unref();
    }
    return {
      allowed,
      limit: rule.limit,
      remaining: Math.max(0, rule.limit - used - (allowed ? 1 : 0)),
      resetSeconds: Math.max(1, Math.ceil((window.endsAt - now) / 1000)),
    };
  };
}
