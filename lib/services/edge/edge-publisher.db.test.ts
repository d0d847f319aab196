import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { openDb } from "@/lib/db/client";
import { parseEdgeUsage } from "@/lib/domain/edge-usage";
import { newId } from "@/lib/new-id";
import { type EdgeRecord, type EdgeStore, openEdgeStore } from "@/lib/redis/edge-store";
import { clawBackCredits, grantCredits } from "@/lib/services/credits/post-credits";
import { getUsage } from "@/lib/services/usage/get-usage";
import { recordUsage } from "@/lib/services/usage/record-usage";
import { reserveUsage } from "@/lib/services/usage/reserve-usage";
import { commitReservation, releaseReservation } from "@/lib/services/usage/settle-reservation";
import { startRedis } from "@/local/redis/start-redis";
import type { LocalService } from "@/local/service";
import { openTestWorld, TEST_NOW, type TestWorld } from "@/local/testing/test-context";
import { announceUsage, publishToEdge } from "./announce-usage";

const PLATFORM_KEY = { hash: "b".repeat(64), customerId: null, expiresAt: null };
const SOON = { timeout: 10_000 };

let world: TestWorld;
let redis: LocalService;
let store: EdgeStore;
let customerId: string;

beforeAll(async () => {
  world = await openTestWorld();
  redis = await startRedis({ port: 0 });
});
beforeEach(async () => {
  store = openStore();
  publishToEdge(world.ctx.db, store);
  ({ customerId } = await world.createPerson());
});
afterEach(() => runOnRedis("FLUSHALL"));
afterAll(async () => {
  await redis.close();
  await world.close();
});

/** Patient: a busy machine must not fail a test that is not about time. */
function openStore(url = redis.url): EdgeStore {
  return openEdgeStore({ url, token: "tk_local_redis" }, { timeoutMs: 10_000 });
}

async function runOnRedis(...command: string[]): Promise<unknown> {
  const response = await fetch(redis.url, {
    method: "POST",
    headers: { authorization: "Bearer tk_local_redis" },
    body: JSON.stringify(command),
  });
  return ((await response.json()) as { result: unknown }).result;
}

const use = (quantity = 1) => ({
  customerId,
  userId: null,
  meter: "ai_requests",
  quantity,
  key: newId(),
});
const grant = (credits: number) =>
  grantCredits(world.ctx, {
    customerId,
    credits,
    key: newId(),
    source: "purchased",
    expiresAt: null,
  });

/** What the edge knows of the customer now. */
async function atEdge(id = customerId) {
  await store.rememberKeys([PLATFORM_KEY]);
  const found = await store.find(PLATFORM_KEY.hash, id);
  if (found.outcome !== "known_key") throw new Error(`the edge is ${found.outcome}`);
  const usage = found.text === null ? null : parseEdgeUsage(found.text);
  const day = usage?.meters[0]?.windows.find(({ window }) => window === "day");
  return { usage, day, exhausted: found.exhausted };
}

test("what is held, used, given back and granted is known at the edge a moment later", async () => {
  const { id } = await reserveUsage(world.ctx, use(2));
  await expect.poll(async () => (await atEdge()).day, SOON).toMatchObject({ used: 0, held: 2, limit: 3 });
  await commitReservation(world.ctx, { customerId, reservationId: id, quantity: 1, details: {} });
  await expect.poll(async () => (await atEdge()).day, SOON).toMatchObject({ used: 1, held: 0 });
  const second = await reserveUsage(world.ctx, use(2));
  await expect.poll(async () => (await atEdge()).day, SOON).toMatchObject({ used: 1, held: 2 });
  await releaseReservation(world.ctx, { customerId, reservationId: second.id });
  await expect.poll(async () => (await atEdge()).day, SOON).toMatchObject({ used: 1, held: 0 });
  await grant(40);
  await expect.poll(async () => (await atEdge()).usage?.credits, SOON).toEqual({ balance: 40, held: 0 });
  await clawBackCredits(world.ctx, { customerId, credits: 10, key: newId() });
  await expect.poll(async () => (await atEdge()).usage?.credits, SOON).toEqual({ balance: 30, held: 0 });
});

test("a hold that credits alone pay is known too, though it moves no counter and no entry", async () => {
  await grant(10);
  await recordUsage(world.ctx, use(3));
  const { id } = await reserveUsage(world.ctx, use(4));
  await expect.poll(async () => (await atEdge()).usage?.credits, SOON).toEqual({ balance: 10, held: 4 });
  await releaseReservation(world.ctx, { customerId, reservationId: id });
  await expect.poll(async () => (await atEdge()).usage?.credits, SOON).toEqual({ balance: 10, held: 0 });
});

test("it says what GET /usage says, window by window", async () => {
  await recordUsage(world.ctx, use(2));
  await expect.poll(async () => (await atEdge()).day?.used, SOON).toBe(2);
  const { usage } = await atEdge();
  const { meters } = await getUsage(world.ctx, { customerId });
  expect(meters.length).toBeGreaterThan(0);
  expect(
    usage?.meters.map(({ meter, windows }) => [meter, windows.map(({ version, ...window }) => window)]),
  ).toEqual(
    meters.map(({ meter, windows }) => [
      meter.key,
      windows.map(({ start, end, ...window }) => ({ ...window, start: start.getTime(), end: end.getTime() })),
    ]),
  );
  const counter = await world.ctx.db.usageCounter.findFirstOrThrow({ where: { customerId, window: "day" } });
  expect(BigInt((await atEdge()).day?.version ?? 0)).toBe(counter.version);
});

test("nothing left is said while it is so, and not after a grant, a better plan or the window's end", async () => {
  await recordUsage(world.ctx, use(3));
  await expect.poll(async () => (await atEdge()).exhausted, SOON).toEqual(["ai_requests"]);
  await grant(1);
  await expect.poll(async () => (await atEdge()).exhausted, SOON).toEqual([]);
  await recordUsage(world.ctx, use(1));
  await expect.poll(async () => (await atEdge()).exhausted, SOON).toEqual(["ai_requests"]);

  const { currentVersionId } = await world.ctx.db.plan.findUniqueOrThrow({ where: { slug: "pro-learn" } });
  await world.ctx.db.planGrant.create({
    data: {
      id: newId(),
      customerId,
      planVersionId: currentVersionId ?? "",
      source: "comp",
      startsAt: TEST_NOW,
      endsAt: new Date(TEST_NOW.getTime() + 3_600_000),
    },
  });
  announceUsage(world.ctx, customerId);
  await expect
    .poll(async () => {
      const { usage, day, exhausted } = await atEdge();
      return [usage?.plan.slug, day?.limit, exhausted];
    }, SOON)
    .toEqual(["pro-learn", 500, []]);
  // A copy is valid until the plan or a window ends, whichever comes first.
  expect((await atEdge()).usage?.validUntil).toBe(TEST_NOW.getTime() + 3_600_000);

  const later = world.at("2026-03-11T12:00:00Z");
  announceUsage(later, customerId);
  await expect
    .poll(async () => (await atEdge()).day, SOON)
    .toMatchObject({ used: 0, limit: 3, start: Date.parse("2026-03-11T00:00:00Z") });
  expect((await atEdge()).exhausted).toEqual([]);
});

test("nothing left is forgotten within five seconds, if nobody says it again", async () => {
  await recordUsage(world.ctx, use(3));
  await expect.poll(async () => (await atEdge()).exhausted, SOON).toEqual(["ai_requests"]);
  const ttl = Number(await runOnRedis("PTTL", `tk:edge:exhausted:${customerId}`));
  expect(ttl).toBeGreaterThan(0);
  expect(ttl).toBeLessThanOrEqual(5_000);
  const lives = Number(await runOnRedis("PTTL", `tk:edge:customer:${customerId}`));
  expect(lives).toBeGreaterThan(5_000);
  expect(lives).toBeLessThanOrEqual(600_000);
});

test("a thousand decisions about one customer are few readings and writes, and the last is right (R8)", async () => {
  await grant(997);
  let writes = 0;
  publishToEdge(world.ctx.db, {
    ...store,
    writeRecords: (records) => {
      writes += 1;
      return store.writeRecords(records);
    },
  });
  const startedAt = performance.now();
  await Promise.all(Array.from({ length: 1_000 }, () => recordUsage(world.ctx, use())));
  await expect.poll(async () => (await atEdge()).usage?.credits.balance, SOON).toBe(0);
  // One each hundred milliseconds at most; those are counted from the end of the one before.
  expect(writes).toBeLessThanOrEqual(1 + (performance.now() - startedAt) / 100);
});

test("of many processes that tell at once, whatever arrives last, what stays is what Postgres has", async () => {
  const written: EdgeRecord[] = [];
  const others = Array.from({ length: 3 }, () => openDb(world.ctx.env.databaseUrl, 2));
  const processes = [world.ctx.db, ...others];
  try {
    for (const db of processes) {
      const own = openStore();
      publishToEdge(db, {
        ...own,
        writeRecords: (records) => {
          written.push(...records);
          return own.writeRecords(records);
        },
      });
    }
    await grant(500);
    for (let round = 0; round < 60; round += 1) {
      const db = processes[round % processes.length] ?? world.ctx.db;
      await recordUsage({ db, now: world.ctx.now }, use(1));
      // Every process tells of it, each at its own time.
      for (const teller of processes) announceUsage({ db: teller, now: world.ctx.now }, customerId);
    }
    await expect.poll(async () => (await atEdge()).usage?.credits.balance, SOON).toBe(500 - 57);
    // What was under way for long comes in now: all that was ever written, the oldest last.
    expect(new Set(written.map(({ version }) => version)).size).toBeGreaterThan(2);
    for (const record of written.toSorted((a, b) => b.version - a.version))
      await store.writeRecords([record]);
    const { usage, day } = await atEdge();
    expect(usage?.credits.balance).toBe(443);
    expect(day).toMatchObject({ used: 3, beyond: 57 });
  } finally {
    for (const db of others) await db.$disconnect();
  }
});

test("a wiped Redis knows the customer again with the next use", async () => {
  await recordUsage(world.ctx, use(1));
  await expect.poll(async () => (await atEdge()).day?.used, SOON).toBe(1);
  await runOnRedis("FLUSHALL");
  expect((await atEdge()).usage).toBeNull();
  await recordUsage(world.ctx, use(1));
  await expect.poll(async () => (await atEdge()).day?.used, SOON).toBe(2);
});

test("a customer who is gone stops nobody else's news", async () => {
  announceUsage(world.ctx, newId());
  announceUsage(world.ctx, customerId);
  await expect.poll(async () => (await atEdge()).day, SOON).toMatchObject({ used: 0, limit: 3 });
});
