import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { type EdgeUsage, parseEdgeUsage } from "@/lib/domain/edge-usage";
import { readMetrics } from "@/lib/metrics";
import { newId } from "@/lib/new-id";
import { openEdgeCopies } from "@/lib/redis/edge-copies";
import { type EdgeStore, openEdgeStore } from "@/lib/redis/edge-store";
import { getCatalogue } from "@/lib/services/catalogue/get-catalogue";
import { grantCredits } from "@/lib/services/credits/post-credits";
import { knownCustomer } from "@/lib/services/entitlements/known-facts";
import { reconcile } from "@/lib/services/reconciliation/reconcile";
import { detailsOf, uncomparedOf } from "@/lib/services/reconciliation/reconciliation-run";
import { recordUsage } from "@/lib/services/usage/record-usage";
import { reserveUsage } from "@/lib/services/usage/reserve-usage";
import { startRedis } from "@/local/redis/start-redis";
import type { LocalService } from "@/local/service";
import { openTestWorld, type TestWorld } from "@/local/testing/test-context";
import { publishToEdge } from "./announce-usage";
import { compareBy, openEdgeComparison } from "./compare-edge-counters";
import { toEdgeRecord } from "./edge-record";
import { readEdgeUsages } from "./read-edge-usages";

const TOKEN = "tk_local_redis";
const SOON = { timeout: 10_000 };
/** Patient: a busy machine must not fail a test that is not about time. */
const PATIENT = { timeoutMs: 10_000 };

let world: TestWorld;
let redis: LocalService;
let store: EdgeStore;
let customerId: string;

beforeAll(async () => {
  world = await openTestWorld();
  redis = await startRedis({ port: 0 });
});
beforeEach(async () => {
  store = openEdgeStore({ url: redis.url, token: TOKEN }, PATIENT);
  // What changes is told only where a test says so.
  publishToEdge(world.ctx.db, { ...store, isAvailable: () => false });
  ({ customerId } = await world.createPerson());
  await grantCredits(world.ctx, { customerId, credits: 40, key: newId(), source: "plan", expiresAt: null });
  await use(5);
});
afterEach(() => onRedis("FLUSHALL"));
afterAll(async () => {
  await redis.close();
  await world.close();
});

function use(quantity: number) {
  return recordUsage(world.ctx, { customerId, userId: null, meter: "ai_requests", quantity, key: newId() });
}

async function onRedis(...command: string[]): Promise<unknown> {
  const response = await fetch(redis.url, {
    method: "POST",
    headers: { authorization: `Bearer ${TOKEN}` },
    body: JSON.stringify(command),
  });
  return ((await response.json()) as { result: unknown }).result;
}

const place = () => `tk:edge:customer:${customerId}`;

/** What Postgres has now, as it is written at the edge. */
async function truth() {
  const catalogue = await getCatalogue(world.ctx);
  const customer = await knownCustomer(world.ctx, catalogue, customerId);
  const [reading] = await readEdgeUsages(world.ctx, catalogue, [{ customer, now: world.ctx.now }]);
  if (reading?.outcome !== "read") throw new Error(`the reading is ${reading?.outcome}`);
  return toEdgeRecord(reading);
}

async function tell(): Promise<void> {
  expect(await store.writeRecords([await truth()])).toBe(true);
}

async function copy(): Promise<{ version: number; usage: EdgeUsage | null } | null> {
  const [, version, text] = /^(\d+) \d+ (.*)$/s.exec(String(await onRedis("GET", place()))) ?? [];
  return version && text ? { version: Number(version), usage: parseEdgeUsage(text) } : null;
}

/** Writes the copy as somebody would who knows nothing of versions. */
async function spoil(change: (usage: EdgeUsage) => void, version?: number): Promise<void> {
  const there = await copy();
  if (!there?.usage) throw new Error("there is no copy to spoil");
  change(there.usage);
  const text = JSON.stringify(there.usage);
  await onRedis("SET", place(), `${version ?? there.version} ${there.usage.asOf} ${text}`, "PX", "60000");
}

function run(input: { repairs: boolean }) {
  const compareEdgeCounters = compareBy(world.ctx, openEdgeCopies({ url: redis.url, token: TOKEN }, PATIENT));
  return reconcile(world.ctx, { ...input, compareEdgeCounters });
}

async function expectRight(): Promise<void> {
  expect((await copy())?.usage).toEqual(parseEdgeUsage((await truth()).text));
}

const dayOf = (usage: EdgeUsage) => {
  const day = usage.meters[0]?.windows.find(({ window }) => window === "day");
  if (!day) throw new Error("there is no day");
  return day;
};

test("a copy that is right, or older than what was used since, is no drift; the older one is brought up to date", async () => {
  await tell();
  expect(await run({ repairs: true })).toMatchObject({ drifts: 0, repaired: 0 });
  await use(2);
  await reserveUsage(world.ctx, {
    customerId,
    userId: null,
    meter: "ai_requests",
    quantity: 1,
    key: newId(),
  });
  const before = await copy();
  expect(await run({ repairs: false })).toMatchObject({ drifts: 0 });
  expect(await copy()).toEqual(before);
  expect(await run({ repairs: true })).toMatchObject({ drifts: 0, drifted: 0 });
  await expectRight();
  expect((await copy())?.usage?.credits).toEqual({ balance: 36, held: 1 });
});

test("a wiped Redis is nothing to repair: customers are known there again with their next use", async () => {
  await tell();
  await onRedis("FLUSHALL");
  const done = await run({ repairs: true });
  expect(done).toMatchObject({ drifts: 0, repaired: 0 });
  expect(done?.finishedAt).not.toBeNull();
  expect(uncomparedOf(done ? detailsOf(done) : [])).toBe(0);
  expect(await onRedis("DBSIZE")).toBe(0);
});

test.each<[string, (usage: EdgeUsage) => void]>([
  [
    "used",
    (usage) => {
      dayOf(usage).used -= 1;
    },
  ],
  [
    "held",
    (usage) => {
      dayOf(usage).held += 2;
    },
  ],
  [
    "beyond",
    (usage) => {
      dayOf(usage).beyond = 0;
    },
  ],
  [
    "end",
    (usage) => {
      dayOf(usage).end += 1_000;
    },
  ],
  [
    "version",
    (usage) => {
      dayOf(usage).version += 1;
    },
  ],
  [
    "start",
    (usage) => {
      dayOf(usage).start += 1_000;
    },
  ],
  [
    "entitlements",
    (usage) => {
      dayOf(usage).limit = null;
    },
  ],
  [
    "entitlements",
    (usage) => {
      usage.plan.slug = "pro-learn";
    },
  ],
  [
    "valid_until",
    (usage) => {
      usage.validUntil += 86_400_000;
    },
  ],
  [
    "balance",
    (usage) => {
      usage.credits.balance += 1_000;
    },
  ],
  [
    "entries",
    (usage) => {
      usage.readFrom.entries += 1;
    },
  ],
  [
    "facts",
    (usage) => {
      usage.readFrom.facts += 1;
    },
  ],
  [
    "catalogue",
    (usage) => {
      usage.readFrom.catalogue += 1;
    },
  ],
])(
  "a copy with a spoiled %s is found, left alone by a dry run, overwritten by the first run and right in the second",
  async (field, change) => {
    await tell();
    await spoil(change);
    const spoiled = await copy();
    // What others commit makes the reading newer, not the copy older.
    await world.createPerson();
    const dry = await run({ repairs: false });
    expect(detailsOf(dry ?? { details: [] })).toMatchObject([
      { kind: "edge", field, customerId, repaired: false },
    ]);
    expect(await copy()).toEqual(spoiled);
    const first = await run({ repairs: true });
    expect(first).toMatchObject({ drifts: 1, drifted: 1, repaired: 1, units: 0n, credits: 0n });
    await expectRight();
    expect(await run({ repairs: true })).toMatchObject({ drifts: 0 });
  },
);

test("what is no record at all is found and overwritten; what another version of the app wrote is only overwritten", async () => {
  await tell();
  await onRedis("SET", place(), "garbage");
  expect(await run({ repairs: true })).toMatchObject({ drifts: 1, repaired: 1 });
  await expectRight();
  await onRedis("SET", place(), `1 ${world.ctx.now.getTime()} {"asOf":1,"of":"another version"}`);
  expect(await run({ repairs: true })).toMatchObject({ drifts: 0 });
  await expectRight();
});

test("nothing left, said of a customer who has credits, is found and taken back", async () => {
  await tell();
  await onRedis("SET", `tk:edge:exhausted:${customerId}`, "ai_requests");
  expect(detailsOf((await run({ repairs: true })) ?? { details: [] })).toMatchObject([
    { kind: "edge", field: "exhausted", stored: 1, truth: 0, repaired: true },
  ]);
  expect(await onRedis("GET", `tk:edge:exhausted:${customerId}`)).toBeNull();
});

test("a copy of a version that Postgres has not reached is overwritten, and news wins again from then on", async () => {
  await tell();
  await spoil((usage) => {
    dayOf(usage).used = 0;
  }, 2 ** 50);
  // Nobody's news gets past it.
  await tell();
  expect((await copy())?.version).toBe(2 ** 50);
  expect(detailsOf((await run({ repairs: true })) ?? { details: [] })).toMatchObject([
    { kind: "edge", field: "version", stored: 2 ** 50, repaired: true },
  ]);
  await expectRight();
  await use(1);
  await tell();
  await expectRight();
  expect((await copy())?.usage?.credits.balance).toBe(37);
});

test("what is told between looking and overwriting stays, because it is newer", async () => {
  await tell();
  await spoil((usage) => {
    usage.credits.balance = 999;
  });
  const copies = openEdgeCopies({ url: redis.url, token: TOKEN }, PATIENT);
  const compareEdgeCounters = compareBy(world.ctx, {
    ...copies,
    async replace(replacements) {
      await use(10);
      await tell();
      return copies.replace(replacements);
    },
  });
  expect(await reconcile(world.ctx, { repairs: true, compareEdgeCounters })).toMatchObject({ repaired: 1 });
  expect((await copy())?.usage?.credits.balance).toBe(28);
  await expectRight();
});

test("a copy that repeats what had drifted in Postgres is repaired after it, and its customer counted once", async () => {
  await world.ctx.db.customerBalance.update({ where: { customerId }, data: { credits: 900n } });
  await tell();
  const done = await run({ repairs: true });
  expect(done).toMatchObject({ drifted: 1, drifts: 2, repaired: 2, credits: 862n });
  expect(detailsOf(done ?? { details: [] })).toMatchObject([
    { kind: "balance", field: "credits", stored: 900, truth: 38 },
    { kind: "edge", field: "balance", stored: 900, truth: 38 },
  ]);
  await expectRight();
});

test("beside traffic that is told of all the while it finds no drift", async () => {
  publishToEdge(world.ctx.db, store);
  await grantCredits(world.ctx, { customerId, credits: 500, key: newId(), source: "plan", expiresAt: null });
  let isOver = false;
  const runs = (async () => {
    let drifts = 0;
    while (!isOver) drifts += (await run({ repairs: true }))?.drifts ?? 0;
    return drifts;
  })();
  for (let round = 0; round < 30; round += 1) await Promise.all(Array.from({ length: 10 }, () => use(1)));
  isOver = true;
  expect(await runs).toBe(0);
  await expect.poll(async () => (await copy())?.usage?.credits.balance, SOON).toBe(238);
});

test.each([
  ["refused", async () => "http://127.0.0.1:1"],
  ["hung", hungServer],
])(
  "with Redis %s Postgres is compared and repaired, and the run says that the edge was not (R8, R15)",
  async (_name, urlOf) => {
    await world.ctx.db.usageCounter.updateMany({ where: { customerId }, data: { used: { increment: 7n } } });
    const failures = countOf("edge_failures");
    const compareEdgeCounters = openEdgeComparison({
      ...world.ctx,
      env: { ...world.ctx.env, redis: { url: await urlOf(), token: TOKEN } },
    });
    const done = await reconcile(world.ctx, { repairs: true, compareEdgeCounters });
    expect(done?.finishedAt).not.toBeNull();
    expect(done?.repaired).toBe(done?.drifts);
    expect(done?.drifts).toBeGreaterThan(0);
    const details = detailsOf(done ?? { details: [] });
    expect(details[0]).toEqual({ kind: "edge", field: "not_compared", customers: done?.checked });
    expect(uncomparedOf(details)).toBe(await world.ctx.db.customer.count());
    expect(countOf("edge_failures")).toBe(failures + 1);
  },
);

function countOf(name: string): number {
  return readMetrics()
    .filter((metric) => metric.name === name)
    .reduce((sum, { count }) => sum + count, 0);
}

const closers: (() => void)[] = [];
afterAll(() => {
  for (const close of closers) close();
});

async function hungServer(): Promise<string> {
  const server = createServer(() => {});
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  closers.push(() => {
    server.closeAllConnections();
    server.close();
  });
  // An address with a port: it listens on one.
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
