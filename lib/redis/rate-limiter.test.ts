import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import { startRedis } from "@/local/redis/start-redis";
import { openRateLimiter } from "./rate-limiter";

const RULE = { name: "test", limit: 3, windowSeconds: 60 };
const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

async function redisUrl(): Promise<string> {
  const redis = await startRedis({ port: 0 });
  closers.push(() => redis.close());
  return redis.url;
}

/** Takes connections and never answers. */
async function hungUrl(): Promise<string> {
  const server: Server = createServer(() => {});
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  closers.push(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const PLACES: [string, () => Promise<string | null>][] = [
  ["Redis up", redisUrl],
  ["no Redis", async () => null],
  ["Redis refusing", async () => "http://127.0.0.1:1"],
  ["Redis hung", hungUrl],
];

describe.each(PLACES)("with %s", (_name, url) => {
  test("of ten calls in a window exactly the limit passes, and the wait is told", async () => {
    const at = await url();
    const limiter = openRateLimiter(at === null ? null : { url: at, token: "tk_local_redis" });
    const decisions = [];
    for (let call = 0; call < 10; call += 1) decisions.push(await limiter.check(RULE, "somebody"));
    expect(decisions.filter((decision) => decision.allowed)).toHaveLength(3);
    expect(decisions.at(-1)?.retryAfterSeconds).toBeGreaterThan(0);
    expect(decisions.at(-1)?.retryAfterSeconds).toBeLessThanOrEqual(60);
    expect((await limiter.check(RULE, "somebody else")).allowed).toBe(true);
  });
});

test("two instances share one count through Redis", async () => {
  const redis = { url: await redisUrl(), token: "tk_local_redis" };
  const [a, b] = [openRateLimiter(redis), openRateLimiter(redis)];
  const decisions = [
    await a.check(RULE, "k"),
    await b.check(RULE, "k"),
    await a.check(RULE, "k"),
    await b.check(RULE, "k"),
  ];
  expect(decisions.map((decision) => decision.allowed)).toEqual([true, true, true, false]);
});
