import type { Redis } from "@upstash/redis";
import { incrementMetric } from "@/lib/metrics";
import { newId } from "@/lib/new-id";
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

/** More than ever count at once in honest traffic; beyond it, what is new counts together. */
const MAX_WINDOWS = 50_000;
/** How often windows that are over are forgotten. */
const FORGET_EVERY_MS = 60_000;
/** Windows told in one request. */
const SHARED_AT_ONCE = 500;
const MAX_KEY_LENGTH = 100;

type Window = {
  name: string;
  startsAt: number;
  endsAt: number;
  /** What this process counted. */
  own: number;
  /** How much of it Redis has been told. */
  told: number;
  /** What the other processes counted, as Redis last said. */
  others: number;
};

/**
 * Counts calls in fixed windows in this process, and tells Redis in the background what it counted, learning what
 * the others did. A request never waits: awaiting Redis for each took a no-op route to 0.6 of its speed. The price is
 * that instances together may let through what they count within `SHARE_EVERY_MS` too much. Each process tells its
 * own total, so telling it twice, or not hearing the answer, changes nothing. Without Redis the limit holds per
 * instance. The wall clock counts, never business time.
 */
export function openSharedCounter(redis: Redis | null): (rule: RateLimit, key: string) => SharedDecision {
  const processId = newId();
  const windows = new Map<string, Window>();
  const changed = new Set<Window>();
  let isShareDue = false;
  let pausedUntil = 0;
  let forgottenAt = Date.now();

  async function share(): Promise<void> {
    isShareDue = false;
    const now = Date.now();
    if (!redis || now < pausedUntil) return;
    const waiting = [...changed].filter((window) => window.endsAt > now);
    changed.clear();
    try {
      for (let start = 0; start < waiting.length; start += SHARED_AT_ONCE) {
        await tell(redis, waiting.slice(start, start + SHARED_AT_ONCE));
      }
    } catch {
      // What was not told is told with the next total.
      for (const window of waiting) if (window.told < window.own) changed.add(window);
      pausedUntil = Date.now() + PAUSE_MS;
      incrementMetric("rate_limiter_fallbacks");
    }
  }

  async function tell(client: Redis, batch: Window[]): Promise<void> {
    const totals = batch.map((window) => window.own);
    const pipeline = client.pipeline();
    for (const [index, window] of batch.entries()) {
      const key = `${window.name}:${window.startsAt}`;
      pipeline.hset(key, { [processId]: totals[index] ?? 0 });
      pipeline.hvals(key);
      pipeline.pexpireat(key, window.endsAt + 1_000);
    }
    const answers = await pipeline.exec<unknown[]>();
    for (const [index, window] of batch.entries()) {
      const counted = answers[index * 3 + 1];
      const all = Array.isArray(counted) ? counted.reduce((sum: number, value) => sum + Number(value), 0) : 0;
      window.told = totals[index] ?? 0;
      window.others = Math.max(0, all - window.told);
    }
  }

  function openWindow(rule: RateLimit, key: string, now: number): Window {
    if (now - forgottenAt > FORGET_EVERY_MS || windows.size >= MAX_WINDOWS) {
      for (const [name, { endsAt }] of windows) if (endsAt <= now) windows.delete(name);
      forgottenAt = now;
    }
    const isFull = windows.size >= MAX_WINDOWS;
    const name = `tk:count:${rule.name}:${isFull ? "(others)" : key.slice(0, MAX_KEY_LENGTH)}`;
    const known = windows.get(name);
    if (known && known.endsAt > now) return known;
    const length = rule.windowSeconds * 1000;
    const startsAt = Math.floor(now / length) * length;
    const window = { name, startsAt, endsAt: startsAt + length, own: 0, told: 0, others: 0 };
    windows.set(name, window);
    return window;
  }

  return (rule, key) => {
    const now = Date.now();
    const known = windows.get(`tk:count:${rule.name}:${key.slice(0, MAX_KEY_LENGTH)}`);
    const window = known && known.endsAt > now ? known : openWindow(rule, key, now);
    const used = window.own + window.others;
    const allowed = used < rule.limit;
    if (allowed) {
      window.own += 1;
      changed.add(window);
    }
    // A timer runs only while there is something to tell.
    if (!isShareDue && changed.size > 0) {
      isShareDue = true;
      const timer: unknown = setTimeout(() => void share(), SHARE_EVERY_MS);
      // Only Node's timers keep a process alive, and can be told not to.
      if (timer instanceof Object && "unref" in timer && typeof timer.unref === "function") timer.unref();
    }
    return {
      allowed,
      limit: rule.limit,
      remaining: Math.max(0, rule.limit - used - (allowed ? 1 : 0)),
      resetSeconds: Math.max(1, Math.ceil((window.endsAt - now) / 1000)),
    };
  };
}
