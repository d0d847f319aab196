import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import fc from "fast-check";
import { afterEach, describe, expect, test, vi } from "vitest";
import { readMetrics } from "@/lib/metrics";
import { startRedis } from "@/local/redis/start-redis";
import { type EdgeKey, type EdgeRecord, openEdgeStore } from "./edge-store";

const TOKEN = "tk_local_redis";
const CUSTOMER = "01890000-0000-7000-8000-000000000001";
const KEY: EdgeKey = { hash: "a".repeat(64), customerId: CUSTOMER, expiresAt: null };
const PLATFORM_KEY: EdgeKey = { hash: "b".repeat(64), customerId: null, expiresAt: null };

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  vi.useRealTimers();
  for (const close of closers.splice(0)) await close();
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

/** Redis behind a door that sees every command, and may answer instead of it. */
async function redisBehindDoor(refuse: (command: string[]) => string | null) {
  const url = await redisUrl();
  const commands: string[][] = [];
  const door = await serve(async (request, response) => {
    const body = await text(request);
    const command = JSON.parse(body) as string[];
    commands.push(command);
    const error = refuse(command);
    if (error !== null) return void response.writeHead(400).end(JSON.stringify({ error }));
    const answer = await fetch(url + request.url, {
      method: "POST",
      headers: { authorization: `Bearer ${TOKEN}`, "content-type": "application/json" },
      body,
    });
    response.writeHead(answer.status, { "content-type": "application/json" }).end(await answer.text());
  });
  return { door, commands };
}

/** Patient: a busy machine must not fail a test that is not about time. */
const open = (url: string, timeoutMs = 10_000) => openEdgeStore({ url, token: TOKEN }, { timeoutMs });

function record(version: number, more: Partial<EdgeRecord> = {}): EdgeRecord {
  return {
    customerId: CUSTOMER,
    version,
    asOf: 1_000,
    ttlMs: 60_000,
    text: JSON.stringify({ version }),
    exhausted: [],
    ...more,
  };
}

function count(name: string): number {
  return readMetrics()
    .filter((metric) => metric.name === name)
    .reduce((sum, metric) => sum + metric.count, 0);
}

test("a key leads to its customer's record in one round trip, known before or not", async () => {
  const { door, commands } = await redisBehindDoor(() => null);
  const store = open(door);
  await store.rememberKeys([KEY, PLATFORM_KEY]);
  await store.writeRecords([record(7, { text: 'a text: "{} ü', exhausted: ["ai_requests", "images"] })]);
  // Redis learns each script once.
  await store.find("c".repeat(64), null);
  commands.length = 0;
  const found = {
    outcome: "known_key",
    key: KEY,
    text: 'a text: "{} ü',
    exhausted: ["ai_requests", "images"],
  };
  expect(await store.find(KEY.hash, null)).toEqual(found);
  expect(commands).toHaveLength(1);
  expect(await store.find(KEY.hash, null)).toEqual(found);
  expect(await store.find(PLATFORM_KEY.hash, CUSTOMER)).toEqual({ ...found, key: PLATFORM_KEY });
  expect(commands).toHaveLength(3);
});

test("a key that nobody told of is unknown, and one known of a customer who is not is told so", async () => {
  const store = open(await redisUrl());
  await store.rememberKeys([KEY, { ...PLATFORM_KEY, expiresAt: new Date(5) }]);
  expect(await store.find("c".repeat(64), null)).toEqual({ outcome: "unknown_key" });
  expect(await store.find(KEY.hash, null)).toMatchObject({ outcome: "known_key", text: null, exhausted: [] });
  expect(await store.find(PLATFORM_KEY.hash, null)).toMatchObject({
    key: { customerId: null, expiresAt: new Date(5) },
    text: null,
  });
});

test("a customer's key learns nothing of another customer, whom it names", async () => {
  const store = open(await redisUrl());
  const other = "01890000-0000-7000-8000-000000000002";
  await store.rememberKeys([KEY]);
  await store.writeRecords([record(1, { customerId: other, text: "secret", exhausted: ["ai_requests"] })]);
  expect(await store.find(KEY.hash, other)).toEqual({
    outcome: "known_key",
    key: KEY,
    text: null,
    exhausted: [],
  });
});

test("a revoked key stays unknown, also if a process that had just read it tells of it afterwards", async () => {
  const store = open(await redisUrl());
  await store.rememberKeys([KEY]);
  expect(await store.find(KEY.hash, null)).toMatchObject({ outcome: "known_key" });
  await store.revokeKey(KEY.hash);
  await store.rememberKeys([KEY]);
  expect(await store.find(KEY.hash, null)).toEqual({ outcome: "unknown_key" });
});

test("whatever the order in which writes arrive, alone or together, what stands in the end is the newest", async () => {
  const store = open(await redisUrl());
  // A version is written with several moments, and the same write may come twice.
  const writes = fc.array(fc.record({ version: fc.integer({ min: 0, max: 2 ** 48 }), asOf: fc.nat(3) }), {
    minLength: 1,
    maxLength: 12,
  });
  let run = 0;
  await fc.assert(
    fc.asyncProperty(
      writes.chain((list) =>
        fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length })),
      ),
      fc.boolean(),
      async ([list, order], isTogether) => {
        run += 1;
        const customerId = `customer-${run}`;
        const records = order.map(({ version, asOf }) =>
          record(version, {
            customerId,
            asOf,
            text: `${version}/${asOf}`,
            exhausted: asOf % 2 === 0 ? [`m${version}`] : [],
          }),
        );
        if (isTogether) await Promise.all(records.map((one) => store.writeRecords([one])));
        else for (const one of records) expect(await store.writeRecords([one])).toBe(true);
        const [newest] = list.toSorted((a, b) => b.version - a.version || b.asOf - a.asOf);
        await store.rememberKeys([PLATFORM_KEY]);
        expect(await store.find(PLATFORM_KEY.hash, customerId)).toMatchObject({
          text: `${newest?.version}/${newest?.asOf}`,
          exhausted: newest && newest.asOf % 2 === 0 ? [`m${newest.version}`] : [],
        });
      },
    ),
    { numRuns: 100 },
  );
});

test("an older write prolongs nothing: what it could not replace ends when it would have", async () => {
  const store = open(await redisUrl());
  await store.rememberKeys([KEY]);
  await store.writeRecords([record(2, { ttlMs: 400, exhausted: ["ai_requests"] })]);
  await store.writeRecords([record(1, { ttlMs: 60_000 })]);
  expect(await store.find(KEY.hash, null)).toMatchObject({ text: '{"version":2}' });
  await expect
    .poll(() => store.find(KEY.hash, null), { timeout: 5_000 })
    .toMatchObject({ text: null, exhausted: [] });
});

test("where Redis does not know the flag for locking keys, the scripts go without it from then on", async () => {
  // As Redis 7 says it. The stand-in knows the flag, and of a script that was refused no digest.
  const { door, commands } = await redisBehindDoor(([name = "", script = ""]) =>
    name === "eval" && script.startsWith("#!lua flags=allow-key-locking")
      ? "ERR Unexpected flag in script shebang: allow-key-locking"
      : null,
  );
  const store = open(door);
  expect(await store.writeRecords([record(1)])).toBe(true);
  expect(await store.rememberKeys([KEY])).toBe(true);
  expect(await store.find(KEY.hash, null)).toMatchObject({ text: '{"version":1}' });
  commands.length = 0;
  expect(await store.writeRecords([record(2)])).toBe(true);
  expect(commands.map(([name]) => name)).toEqual(["evalsha"]);
});

const TROUBLES: [string, () => Promise<string>][] = [
  ["refused", async () => "http://127.0.0.1:1"],
  ["hung", () => serve(() => {})],
  [
    "slow",
    () =>
      serve((request, response) => {
        request.resume();
        setTimeout(() => response.end('{"result":null}'), 400).unref();
      }),
  ],
  ["wrong", () => serve((_, response) => void response.writeHead(500).end('{"error":"ERR no"}'))],
  ["garbled", () => serve((_, response) => void response.end("<html>"))],
];

describe.each(TROUBLES)("with Redis %s (R8, R15)", (_name, urlOf) => {
  test("every call says so within 150 ms, nothing is asked again for a while, and all of it is counted", async () => {
    const store = openEdgeStore({ url: await urlOf(), token: TOKEN });
    const [failures, opens] = [count("edge_failures"), count("edge_breaker_opens")];
    const durations: number[] = [];
    for (let call = 0; call < 3; call += 1) {
      const startedAt = performance.now();
      expect(await store.find(KEY.hash, null)).toEqual({ outcome: "unavailable" });
      durations.push(performance.now() - startedAt);
    }
    // One of three, because a busy machine adds to each what is not ours.
    expect(Math.min(...durations)).toBeLessThan(150);
    expect(store.isAvailable()).toBe(false);
    const unasked: number[] = [];
    for (let round = 0; round < 5; round += 1) {
      const startedAt = performance.now();
      expect(await store.find(KEY.hash, null)).toEqual({ outcome: "unavailable" });
      expect(await store.writeRecords([record(1)])).toBe(false);
      expect(await store.rememberKeys([KEY])).toBe(false);
      expect(await store.revokeKey(KEY.hash)).toBe(false);
      unasked.push(performance.now() - startedAt);
    }
    expect(Math.min(...unasked)).toBeLessThan(20);
    expect(count("edge_failures") - failures).toBe(3);
    expect(count("edge_breaker_opens") - opens).toBe(1);
  });
});

test("after five seconds one call tries, whoever comes meanwhile is not kept, and its success lets all in", async () => {
  let isAway = true;
  const { door, commands } = await redisBehindDoor(() => (isAway ? "ERR away" : null));
  vi.useFakeTimers({ toFake: ["Date"] });
  const store = open(door);
  const find = () => store.find(KEY.hash, CUSTOMER);
  for (let call = 0; call < 3; call += 1) await find();
  expect(commands).toHaveLength(3);
  vi.advanceTimersByTime(5_000);
  // Still away: the one that tries finds it so, and it is left alone again.
  await Promise.all([find(), find(), find()]);
  expect(commands).toHaveLength(4);
  expect(await find()).toEqual({ outcome: "unavailable" });
  expect(commands).toHaveLength(4);
  vi.advanceTimersByTime(5_000);
  isAway = false;
  const [first, second] = await Promise.all([find(), find()]);
  expect([first, second]).toEqual([{ outcome: "unknown_key" }, { outcome: "unavailable" }]);
  expect(await Promise.all([find(), find()])).toEqual([
    { outcome: "unknown_key" },
    { outcome: "unknown_key" },
  ]);
});

test("what fails all at once opens the breaker once", async () => {
  const store = open("http://127.0.0.1:1");
  const opens = count("edge_breaker_opens");
  await Promise.all(Array.from({ length: 20 }, () => store.find(KEY.hash, null)));
  expect(count("edge_breaker_opens") - opens).toBe(1);
});
