import { Ratelimit } from "@upstash/ratelimit";
import { Redis } from "@upstash/redis";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";

import { LOCAL_CREDENTIALS } from "@/local/credentials";
import type { LocalService } from "@/local/service";

import { startRedis } from "./start-redis";

const TOKEN = LOCAL_CREDENTIALS.redisToken;
let service: LocalService;
let redis: Redis;

beforeAll(async () => {
  service = await startRedis({ port: 0 });
  redis = new Redis({ url: service.url, token: TOKEN, enableTelemetry: false, retry: false });
});

beforeEach(async () => {
  await redis.flushall();
});

afterAll(() => service.close());

async function raw(path: string, init: RequestInit = {}): Promise<{ status: number; body: unknown }> {
  const response = await fetch(service.url + path, {
    ...init,
    headers: { authorization: `Bearer ${TOKEN}`, ...init.headers },
  });
  return { status: response.status, body: await response.json() };
}

describe("@upstash/redis", () => {
  test("stores and reads strings, numbers and objects", async () => {
    await redis.set("text", "zażółć gęślą jaźń €");
    await redis.set("object", { plan: "pro", seats: 3 });
    expect(await redis.get("text")).toBe("zażółć gęślą jaźń €");
    expect(await redis.get("object")).toEqual({ plan: "pro", seats: 3 });
    expect(await redis.get("missing")).toBeNull();
    expect(await redis.set("text", "again", { nx: true })).toBeNull();
    expect(await redis.mget("text", "missing")).toEqual(["zażółć gęślą jaźń €", null]);
  });

  test("counts, expires and deletes", async () => {
    expect(await redis.incr("n")).toBe(1);
    expect(await redis.incrby("n", 41)).toBe(42);
    expect(await redis.expire("n", 100)).toBe(1);
    expect(await redis.ttl("n")).toBe(100);
    await redis.set("soon", "gone", { px: 20 });
    await expect.poll(() => redis.get("soon")).toBeNull();
    expect(await redis.del("n")).toBe(1);
    expect(await redis.exists("n")).toBe(0);
  });

  test("reads hashes as objects and sorted sets by score", async () => {
    await redis.hset("h", { a: 1, b: "two" });
    expect(await redis.hgetall("h")).toEqual({ a: 1, b: "two" });
    expect(await redis.hincrby("h", "a", 4)).toBe(5);
    await redis.zadd("z", { score: 2, member: "late" }, { score: 1.5, member: "early" });
    expect(await redis.zrange("z", 0, -1, { withScores: true })).toEqual(["early", 1.5, "late", 2]);
    expect(await redis.zscore("z", "early")).toBe(1.5);
    expect(await redis.zremrangebyscore("z", 0, 1.7)).toBe(1);
  });

  test("answers a pipeline in order, with an error only where one belongs", async () => {
    await redis.set("text", "x");
    const results = await redis.pipeline().set("a", 1).incr("text").get("a").exec({ keepErrors: true });
    expect(results[0]?.result).toBe("OK");
    expect(results[1]?.error).toContain("not an integer");
    expect(results[2]?.result).toBe(1);
  });

  test("runs a transaction as one, whatever others do meanwhile", async () => {
    const sums = await Promise.all(
      Array.from({ length: 50 }, () => redis.multi().incr("t").incr("t").get<number>("t").exec()),
    );
    for (const [first, second, read] of sums) {
      expect(second).toBe(Number(first) + 1);
      expect(read).toBe(second);
    }
    expect(await redis.get("t")).toBe(100);
  });

  test("keeps the other results of a transaction in which one command fails", async () => {
    await redis.set("text", "x");
    const { status, body } = await raw("/multi-exec", {
      method: "POST",
      body: JSON.stringify([
        ["SET", "a", "1"],
        ["INCR", "text"],
        ["GET", "a"],
      ]),
    });
    expect(status).toBe(200);
    expect(body).toEqual([
      { result: "OK" },
      { error: expect.stringContaining("ERR value is not an integer") },
      { result: "1" },
    ]);
  });

  test("runs nothing of a transaction that names an unknown command", async () => {
    const answer = await raw("/multi-exec", {
      method: "POST",
      body: JSON.stringify([["SET", "a", "1"], ["NONSENSE"]]),
    });
    expect(answer).toEqual({ status: 400, body: { error: expect.stringContaining("EXECABORT") } });
    expect(await redis.get("a")).toBeNull();
  });

  test("runs scripts by text and by digest, with and without Upstash's own flag", async () => {
    expect(await redis.eval("return {KEYS[1], ARGV[1]}", ["k"], ["v"])).toEqual(["k", "v"]);
    const flagged = "#!lua flags=allow-key-locking\nreturn redis.call('INCRBY', KEYS[1], ARGV[1])";
    const sha = await redis.scriptLoad(flagged);
    expect(await redis.scriptExists(sha)).toEqual([1]);
    expect(await redis.evalsha(sha, ["counter"], ["5"])).toBe(5);
    expect(await redis.createScript<number>(flagged).exec(["counter"], ["2"])).toBe(7);
    await expect(redis.evalsha("0".repeat(40), [], [])).rejects.toThrow("NOSCRIPT");
  });
});

describe("the REST API", () => {
  test("takes a command from the path, options from the query, a value from the body", async () => {
    expect(await raw("/set/key/a%2Fb?EX=50")).toEqual({ status: 200, body: { result: "OK" } });
    expect(await raw("/get/key")).toEqual({ status: 200, body: { result: "a/b" } });
    expect(await raw("/ttl/key")).toEqual({ status: 200, body: { result: 50 } });
    expect(await raw("/set/body", { method: "POST", body: '{"a":1}' })).toEqual({
      status: 200,
      body: { result: "OK" },
    });
    expect(await raw("/", { method: "POST", body: '["GET","body"]' })).toEqual({
      status: 200,
      body: { result: '{"a":1}' },
    });
  });

  test("encodes every string but OK as base64 when asked to", async () => {
    const headers = { "upstash-encoding": "base64" };
    expect((await raw("/set/k/OK", { headers })).body).toEqual({ result: "OK" });
    expect((await raw("/get/k", { headers })).body).toEqual({ result: Buffer.from("OK").toString("base64") });
    expect((await raw("/ping", { headers })).body).toEqual({
      result: Buffer.from("PONG").toString("base64"),
    });
  });

  test("takes the token from the header or from _token, and nobody without it", async () => {
    expect((await fetch(`${service.url}/ping?_token=${TOKEN}`)).status).toBe(200);
    for (const headers of [undefined, { authorization: "Bearer wrong" }]) {
      const response = await fetch(`${service.url}/ping`, { headers });
      expect(response.status).toBe(401);
      expect(await response.json()).toEqual({ error: expect.stringContaining("WRONGPASS") });
    }
  });

  test.each([
    ["a body that is no JSON", "/", "[", 400],
    ["an empty command", "/", "[]", 400],
    ["a pipeline that is no list", "/pipeline", '{"a":1}', 400],
    ["an unknown command", "/", '["NONSENSE"]', 400],
    ["a wrong number of arguments", "/", '["GET"]', 400],
    ["a command that would wait", "/", '["BLPOP","k","0"]', 400],
    ["a command that needs a connection of one's own", "/", '["MULTI"]', 400],
    ["a path that is not valid", "/get/%E0%A4%A", "", 400],
  ])("answers %s with an error in Upstash's shape", async (_case, path, body, status) => {
    const answer = await raw(path, { method: "POST", body });
    expect(answer).toEqual({ status, body: { error: expect.stringMatching(/^ERR /) } });
    expect(await redis.ping()).toBe("PONG");
  });
});

describe("@upstash/ratelimit", () => {
  test.each([
    ["fixedWindow", Ratelimit.fixedWindow(3, "60 s")],
    ["slidingWindow", Ratelimit.slidingWindow(3, "60 s")],
    ["tokenBucket", Ratelimit.tokenBucket(3, "60 s", 3)],
  ])("%s lets exactly the limit through, counts what remains, and resets", async (_name, limiter) => {
    const ratelimit = new Ratelimit({ redis, limiter, ephemeralCache: false, analytics: false });
    expect((await ratelimit.getRemaining("ann")).remaining).toBe(3);
    const answers = await Promise.all(Array.from({ length: 10 }, () => ratelimit.limit("ann")));
    expect(answers.filter((answer) => answer.success)).toHaveLength(3);
    expect(answers.every((answer) => answer.limit === 3 && answer.reset > Date.now())).toBe(true);
    expect((await ratelimit.getRemaining("ann")).remaining).toBe(0);
    expect((await ratelimit.limit("ben")).success).toBe(true);
    await ratelimit.resetUsedTokens("ann");
    expect((await ratelimit.limit("ann")).success).toBe(true);
  });

  test("cachedFixedWindow catches up with Redis in the background", async () => {
    const cache = new Map<string, number>();
    const limiter = Ratelimit.cachedFixedWindow(3, "60 s");
    const ratelimit = new Ratelimit({ redis, limiter, ephemeralCache: cache, analytics: false });
    const answers = [];
    for (let call = 0; call < 5; call++) {
      const answer = await ratelimit.limit("ann");
      await answer.pending;
      answers.push(answer.success);
    }
    expect(answers).toEqual([true, true, true, false, false]);
  });

  test("spends more than one token at a time", async () => {
    const ratelimit = new Ratelimit({
      redis,
      limiter: Ratelimit.slidingWindow(10, "60 s"),
      ephemeralCache: false,
    });
    expect((await ratelimit.limit("ann", { rate: 7 })).remaining).toBe(3);
    expect((await ratelimit.limit("ann", { rate: 7 })).success).toBe(false);
  });

  test("blockUntilReady waits for the next window", async () => {
    const ratelimit = new Ratelimit({
      redis,
      limiter: Ratelimit.fixedWindow(1, "1 s"),
      ephemeralCache: false,
    });
    await ratelimit.limit("ann");
    const waited = await ratelimit.blockUntilReady("ann", 3000);
    expect(waited.success).toBe(true);
    expect((await ratelimit.blockUntilReady("ann", 10)).success).toBe(false);
  });

  test("keeps analytics and denies what is on the deny list", async () => {
    const ratelimit = new Ratelimit({
      redis,
      limiter: Ratelimit.fixedWindow(5, "60 s"),
      analytics: true,
      enableProtection: true,
      ephemeralCache: false,
    });
    // A valid status keeps the package from fetching its public list of addresses from the network.
    await redis.set("@upstash/ratelimit:ipDenyListStatus", "valid", { ex: 60 });
    await redis.sadd("@upstash/ratelimit:denyList:all", "10.0.0.66");
    const allowed = await ratelimit.limit("ann", { ip: "10.0.0.1" });
    const denied = await ratelimit.limit("ann", { ip: "10.0.0.66" });
    await Promise.all([allowed.pending, denied.pending]);
    expect([allowed.success, denied.success, denied.reason]).toEqual([true, false, "denyList"]);
    expect((await redis.keys("@upstash/ratelimit:events*")).length).toBeGreaterThan(0);
  });
});
