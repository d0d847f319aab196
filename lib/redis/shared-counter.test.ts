import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { Redis } from "@upstash/redis";
import { afterEach, beforeEach, expect, type MockInstance, test, vi } from "vitest";
import { readMetrics } from "@/lib/metrics";
import { startRedis } from "@/local/redis/start-redis";
import { openSharedCounter } from "./shared-counter";

const RULE = { name: "test", limit: 3, windowSeconds: 60 };
const WINDOW_START = Date.parse("2026-03-10T12:00:00.000Z");
const WINDOW_END = WINDOW_START + 60_000;
const SHARE_EVERY_MS = 100;
/** Longer than Redis is left alone after it failed. */
const AFTER_PAUSE_MS = 5_001;
const PATIENCE = { timeout: 10_000 };

const closers: (() => Promise<void>)[] = [];
let requests: MockInstance<typeof fetch>;
beforeEach(() => {
  // No window ends and nothing is shared unless a test says so; sockets go on.
  vi.useFakeTimers({ toFake: ["Date", "setTimeout", "clearTimeout"], now: WINDOW_START + 20_000 });
  requests = vi.spyOn(globalThis, "fetch");
});
afterEach(async () => {
  vi.useRealTimers();
  for (const close of closers.splice(0)) await close();
  // What fails only now is counted in this test, not in the next one.
  for (let seen = -1; seen < requests.mock.results.length; ) {
    seen = requests.mock.results.length;
    await Promise.allSettled(requests.mock.results.map(({ value }) => value));
    await new Promise((resolve) => setTimeout(resolve));
    await new Promise((resolve) => setImmediate(resolve));
  }
  requests.mockRestore();
});

async function redisUrl(): Promise<string> {
  const redis = await startRedis({ port: 0 });
  closers.push(() => redis.close());
  return redis.url;
}

async function serve(answer: (request: IncomingMessage, response: ServerResponse) => void): Promise<string> {
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  closers.push(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** What one process holds. Without the time-out of rate-limiter.ts: a busy machine must not fail a test. */
function openProcess(url: string | null) {
  if (url === null) return openSharedCounter(null);
  return openSharedCounter(
    new Redis({ url, token: "tk_local_redis", retry: { retries: 0 }, enableTelemetry: false }),
  );
}

/** How many of `calls` passed. */
function passed(count: ReturnType<typeof openProcess>, rule: typeof RULE, calls: number): number {
  return Array.from({ length: calls }, () => count(rule, "k")).filter(({ allowed }) => allowed).length;
}

function fallbacks(): number {
  return readMetrics().find(({ name }) => name === "rate_limiter_fallbacks")?.count ?? 0;
}

/**
 * Waits until `reader`, who has counted nothing of `key` yet, has learned of `counted` calls of others. Each look is a
 * call too.
 * @returns how many looks it took.
 */
async function learn(
  reader: ReturnType<typeof openProcess>,
  { rule, key = "k", counted }: { rule: typeof RULE; key?: string; counted: number },
): Promise<number> {
  let looks = 0;
  await expect
    .poll(() => {
      looks += 1;
      const { remaining } = reader(rule, key);
      vi.advanceTimersByTime(SHARE_EVERY_MS);
      return rule.limit - remaining - looks;
    }, PATIENCE)
    .toBe(counted);
  return looks;
}

test.each([
  ["Redis up", redisUrl],
  ["no Redis", async () => null],
  ["Redis refusing", async () => "http://127.0.0.1:1"],
])(
  "with %s exactly the limit passes in a window, each key by itself, and what is left is told",
  async (_name, url) => {
    const count = openProcess(await url());
    const decisions = Array.from({ length: 5 }, () => count(RULE, "k"));
    expect(decisions.map(({ allowed }) => allowed)).toEqual([true, true, true, false, false]);
    expect(decisions.map(({ remaining }) => remaining)).toEqual([2, 1, 0, 0, 0]);
    expect(decisions.every(({ limit, resetSeconds }) => limit === 3 && resetSeconds === 40)).toBe(true);
    expect(count(RULE, "another").remaining).toBe(2);
    expect(count({ ...RULE, name: "another" }, "k").remaining).toBe(2);
  },
);

test("two processes share one count, and together let through no more than the limit once they know", async () => {
  const url = await redisUrl();
  const [a, b] = [openProcess(url), openProcess(url)];
  const rule = { ...RULE, limit: 1_000 };
  expect(passed(a, rule, 900)).toBe(900);
  vi.advanceTimersByTime(SHARE_EVERY_MS);
  const looks = await learn(b, { rule, counted: 900 });
  expect(passed(b, rule, 200)).toBe(100 - looks);
  vi.advanceTimersByTime(SHARE_EVERY_MS);
  // And back: a hears of b's when it next tells of its own.
  await expect
    .poll(() => {
      const { allowed } = a(rule, "k");
      vi.advanceTimersByTime(SHARE_EVERY_MS);
      return allowed;
    }, PATIENCE)
    .toBe(false);
});

test("what is told together is not mixed up: each key learns of its own", async () => {
  const url = await redisUrl();
  const [a, b] = [openProcess(url), openProcess(url)];
  const rule = { ...RULE, limit: 1_000 };
  const counted: [string, number][] = [
    ["first", 10],
    ["second", 300],
    ["third", 50],
  ];
  for (const [key, calls] of counted) for (let call = 0; call < calls; call += 1) a(rule, key);
  vi.advanceTimersByTime(SHARE_EVERY_MS);
  let looks = 0;
  await expect
    .poll(() => {
      looks += 1;
      const known = counted.map(([key]) => [key, rule.limit - b(rule, key).remaining - looks]);
      vi.advanceTimersByTime(SHARE_EVERY_MS);
      return known;
    }, PATIENCE)
    .toEqual(counted);
});

test("the end of a window frees all of it, in every process, and not a millisecond sooner", async () => {
  const url = await redisUrl();
  const [a, b] = [openProcess(url), openProcess(url)];
  const rule = { ...RULE, limit: 1_000 };
  passed(a, rule, 900);
  vi.advanceTimersByTime(SHARE_EVERY_MS);
  await learn(b, { rule, counted: 900 });
  passed(b, rule, 1_000);
  vi.setSystemTime(WINDOW_END - 1);
  expect(b(rule, "k")).toEqual({ allowed: false, limit: 1_000, remaining: 0, resetSeconds: 1 });
  vi.setSystemTime(WINDOW_END);
  expect(b(rule, "k")).toEqual({ allowed: true, limit: 1_000, remaining: 999, resetSeconds: 60 });
  expect(a(rule, "k").remaining).toBe(999);
  // Redis begins anew too.
  vi.advanceTimersByTime(SHARE_EVERY_MS);
  await learn(openProcess(url), { rule, counted: 2 });
});

test("an answer that comes after its window's end says nothing of the next", async () => {
  const held: ServerResponse[] = [];
  const url = await serve((request, response) => {
    request.resume();
    held.push(response);
  });
  const answer = (index: number, counted: number) =>
    held[index]
      ?.writeHead(200, { "content-type": "application/json" })
      .end(JSON.stringify([{ result: 1 }, { result: [counted] }, { result: 1 }]));
  const count = openProcess(url);
  count(RULE, "k");
  vi.advanceTimersByTime(SHARE_EVERY_MS);
  await expect.poll(() => held.length, PATIENCE).toBe(1);
  vi.setSystemTime(WINDOW_END);
  expect(count(RULE, "k").remaining).toBe(2);
  vi.advanceTimersByTime(SHARE_EVERY_MS);
  await expect.poll(() => held.length, PATIENCE).toBe(2);
  answer(0, 3);
  answer(1, 1);
  // It goes on sharing, so it has taken in what it was told.
  await expect
    .poll(() => {
      count(RULE, "another");
      vi.advanceTimersByTime(SHARE_EVERY_MS);
      return held.length;
    }, PATIENCE)
    .toBeGreaterThan(2);
  expect(count(RULE, "k")).toMatchObject({ allowed: true, remaining: 1 });
});

test("with Redis away the limit holds per process, which is counted where the admin sees it", async () => {
  for (const count of [openProcess("http://127.0.0.1:1"), openProcess("http://127.0.0.1:1")]) {
    const before = fallbacks();
    expect(passed(count, RULE, 10)).toBe(3);
    vi.advanceTimersByTime(SHARE_EVERY_MS);
    await expect.poll(fallbacks, PATIENCE).toBe(before + 1);
    // What was counted is not forgotten by having failed to tell it.
    expect(passed(count, RULE, 10)).toBe(0);
  }
});

test("what was counted while Redis was away is told once it is back, and Redis is left alone until then", async () => {
  const url = await redisUrl();
  let isAway = true;
  const door = await serve(async (request, response) => {
    const body = await text(request);
    if (isAway) return void response.writeHead(500).end('{"error":"ERR away"}');
    const answer = await fetch(url + request.url, {
      method: "POST",
      headers: { authorization: request.headers.authorization ?? "", "content-type": "application/json" },
      body,
    });
    response.writeHead(answer.status, { "content-type": "application/json" }).end(await answer.text());
  });
  const before = fallbacks();
  const rule = { ...RULE, limit: 1_000 };
  const [behind, other] = [openProcess(door), openProcess(url)];
  passed(behind, rule, 900);
  vi.advanceTimersByTime(SHARE_EVERY_MS);
  await expect.poll(fallbacks, PATIENCE).toBe(before + 1);
  isAway = false;
  passed(behind, rule, 10);
  vi.advanceTimersByTime(SHARE_EVERY_MS);
  // Asking is the first thing a share does, so nothing was asked.
  expect(requests).toHaveBeenCalledTimes(1);
  vi.advanceTimersByTime(AFTER_PAUSE_MS);
  passed(behind, rule, 1);
  vi.advanceTimersByTime(SHARE_EVERY_MS);
  await learn(other, { rule, counted: 911 });
  expect(fallbacks()).toBe(before + 1);
});

test("a Redis that never answers delays nobody", async () => {
  let asked = 0;
  const url = await serve((request) => {
    request.resume();
    asked += 1;
  });
  const count = openProcess(url);
  const first: unknown = count(RULE, "k");
  // In the same turn of the event loop: decided, not promised.
  expect(first).toEqual({ allowed: true, limit: 3, remaining: 2, resetSeconds: 40 });
  vi.advanceTimersByTime(SHARE_EVERY_MS);
  await expect.poll(() => asked, PATIENCE).toBe(1);
  expect(passed(count, RULE, 10)).toBe(2);
});

test("what waits to be shared keeps no process alive", () => {
  vi.useRealTimers();
  const timers = () => process.getActiveResourcesInfo().filter((kind) => kind === "Timeout").length;
  const before = timers();
  openProcess(null)(RULE, "k");
  expect(timers()).toBe(before);
});
