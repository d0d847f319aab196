import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { Client } from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readPreset } from "@/catalogues/read-preset";
import type { AppError } from "@/lib/app-error";
import { createUser } from "@/lib/auth/create-user";
import { type Db, openDb } from "@/lib/db/client";
import { toAppError } from "@/lib/http/error-response";
import { newId } from "@/lib/new-id";
import { publishCatalogue } from "@/lib/services/catalogue/publish-catalogue";
import { grantCredits } from "@/lib/services/credits/post-credits";
import { findDrifts } from "@/lib/services/reconciliation/find-drifts";
import { startPostgres } from "@/local/postgres/start-postgres";
import { seededRandom } from "@/local/testing/seeded-random";
import { openTestWorld, TEST_NOW, type TestWorld } from "@/local/testing/test-context";
import { applyMigrations } from "@/scripts/migrate";
import { expireReservations } from "./expire-reservations";
import { recordUsage, recordUsageBatch } from "./record-usage";
import { reserveUsage } from "./reserve-usage";
import { commitReservation, releaseReservation } from "./settle-reservation";

const SEED = Number(process.env.USAGE_SEED ?? 4);
/** What a day includes of the free plan. */
const FREE_REQUESTS = 3;

let world: TestWorld;
/** As of other processes: each with connections, caches and queues of its own. */
let clients: Db[];
beforeAll(async () => {
  world = await openTestWorld();
  clients = Array.from({ length: 4 }, () => openDb(world.ctx.env.databaseUrl, 5));
});
afterAll(async () => {
  await Promise.all(clients.map((db) => db.$disconnect()));
  await world.close();
});

const ask = (customerId: string, key: string = newId(), quantity = 1) => ({
  customerId,
  userId: null,
  meter: "ai_requests",
  quantity,
  key,
});

/** Somebody whose day is used up, with these credits. */
async function spender(credits: number): Promise<string> {
  const { customerId } = await world.createPerson();
  await recordUsage(world.ctx, ask(customerId, "free", FREE_REQUESTS));
  await grantCredits(world.ctx, { customerId, credits, key: "grant", source: "purchased", expiresAt: null });
  return customerId;
}

/** Calls that gather while Postgres is busy with the customer: released by what is returned. */
async function lockCustomer(customerId: string): Promise<() => Promise<void>> {
  const client = new Client({ connectionString: world.ctx.env.databaseUrl });
  await client.connect();
  await client.query("begin");
  await client.query("select 1 from customer_balances where customer_id = $1 for update", [customerId]);
  return async () => {
    await client.query("commit");
    await client.end();
  };
}

async function isWaitedFor(customerId: string): Promise<void> {
  const waiting = () => world.ctx.db.$queryRaw<unknown[]>`
    select 1 from pg_stat_activity where wait_event_type = 'Lock' and query like '%decide_uses%'`;
  await expect.poll(async () => (await waiting()).length, { timeout: 10_000 }).toBeGreaterThan(0);
  expect(customerId).toBeTruthy();
}

describe("1,000 spends at once of a balance of 100", () => {
  test.each([1, 4])(
    "by %i processes: exactly 100 succeed, and the ledger says so (R3)",
    async (processes) => {
      const customerId = await spender(100);
      const outcomes = await Promise.allSettled(
        Array.from({ length: 1_000 }, (_, index) => {
          const db = clients[index % processes] ?? world.ctx.db;
          return recordUsage({ db, now: TEST_NOW }, ask(customerId));
        }),
      );
      const refusals = outcomes.flatMap((outcome) =>
        outcome.status === "rejected" ? [toAppError(outcome.reason).code] : [],
      );
      expect(refusals).toHaveLength(900);
      expect(new Set(refusals)).toEqual(new Set(["limit_reached"]));
      const balance = await world.ctx.db.customerBalance.findUniqueOrThrow({ where: { customerId } });
      expect(balance).toMatchObject({ credits: 0n, creditsHeld: 0n, debt: 0n, entrySequence: 101n });
      const { _sum } = await world.ctx.db.creditEntry.aggregate({
        where: { customerId },
        _sum: { amount: true },
      });
      expect(_sum.amount).toBe(0n);
      expect(await findDrifts(world.ctx.db, [customerId])).toEqual([]);
    },
  );
});

test(`of 400 pairs of reserve and commit at once, nought to one and a half times the hold, a tenth abandoned, nothing is lost and nothing made (R4, seed ${SEED})`, async () => {
  const customerId = await spender(5_000);
  const random = seededRandom(SEED);
  const plans = Array.from({ length: 400 }, (_, index) => ({
    db: clients[index % 4] ?? world.ctx.db,
    quantity: random.int(1, 30),
    share: random.int(0, 150),
    end: random.chance(0.1) ? "abandoned" : random.chance(0.1) ? "released" : "committed",
  }));
  const paid = await Promise.all(
    plans.map(async ({ db, quantity, share, end }) => {
      const ctx = { db, now: TEST_NOW };
      const hold = await reserveUsage(ctx, ask(customerId, newId(), quantity)).catch(() => null);
      if (!hold || end === "abandoned") return 0;
      const settlement = { customerId, reservationId: hold.id };
      if (end === "released") {
        await releaseReservation(ctx, settlement);
        return 0;
      }
      const used = Math.floor((quantity * share) / 100);
      const { paidBy } = await commitReservation(ctx, { ...settlement, quantity: used, details: {} });
      expect(paidBy.credits + paidBy.uncovered).toBe(used);
      return paidBy.credits;
    }),
  );
  expect(await findDrifts(world.ctx.db, [customerId])).toEqual([]);
  const abandoned = await world.ctx.db.reservation.findMany({ where: { customerId, state: "held" } });
  expect(abandoned.length).toBeGreaterThan(0);
  await expireReservations(world.at(new Date(TEST_NOW.getTime() + 15 * 60_000)), { limit: 10_000 });
  const balance = await world.ctx.db.customerBalance.findUniqueOrThrow({ where: { customerId } });
  const total = paid.reduce((sum, credits) => sum + credits, 0);
  expect(balance).toMatchObject({ credits: BigInt(5_000 - total), creditsHeld: 0n, debt: 0n });
  expect(await findDrifts(world.ctx.db, [customerId])).toEqual([]);
});

test("one key sent by many processes at once is one use, whichever way it is sent", async () => {
  const customerId = await spender(50);
  const answers = await Promise.all(
    Array.from({ length: 80 }, (_, index) => {
      const ctx = { db: clients[index % 4] ?? world.ctx.db, now: TEST_NOW };
      return index % 3 === 0
        ? reserveUsage(ctx, ask(customerId, "one", 5))
        : recordUsage(ctx, ask(customerId, "one", 5));
    }),
  );
  expect(new Set(answers.map(({ id }) => id)).size).toBe(1);
  expect(await world.ctx.db.usageEvent.count({ where: { customerId } })).toBe(2);
  const { credits } = await world.ctx.db.customerBalance.findUniqueOrThrow({ where: { customerId } });
  expect(credits).toBe(45n);
});

test("a hold raced by commits, releases and the janitor of several processes has one end, and the books agree with it", async () => {
  const customerId = await spender(300);
  const later = new Date(TEST_NOW.getTime() + 15 * 60_000);
  const holds = await Promise.all(
    Array.from({ length: 30 }, (_, index) => reserveUsage(world.ctx, ask(customerId, `hold ${index}`, 10))),
  );
  await Promise.allSettled(
    holds.flatMap(({ id: reservationId }) =>
      clients.flatMap((db) => [
        commitReservation({ db, now: later }, { customerId, reservationId, quantity: 7, details: {} }),
        releaseReservation({ db, now: later }, { customerId, reservationId }),
        expireReservations({ db, now: later }, { limit: 5 }),
      ]),
    ),
  );
  const committed = await world.ctx.db.reservation.count({
    where: { customerId, state: "committed", key: { not: "free" } },
  });
  expect(await world.ctx.db.reservation.count({ where: { customerId, state: "held" } })).toBe(0);
  expect(await world.ctx.db.usageEvent.count({ where: { customerId } })).toBe(1 + committed);
  const balance = await world.ctx.db.customerBalance.findUniqueOrThrow({ where: { customerId } });
  expect(balance).toMatchObject({ credits: BigInt(300 - 7 * committed), creditsHeld: 0n });
  expect(await findDrifts(world.ctx.db, [customerId])).toEqual([]);
});

test("a batch with one bad row is refused whole, says which, and writes nothing", async () => {
  const customerId = await spender(50);
  const row = (more: object) => ({ userId: null, meter: "ai_requests", quantity: 1, key: newId(), ...more });
  for (const [bad, field] of [
    [{ meter: "no_such_meter" }, "records.1.meter"],
    [{ quantity: 0 }, "records.1.quantity"],
    [{ quantity: -1 }, "records.1.quantity"],
    [{ quantity: 1.5 }, "records.1.quantity"],
    [{ quantity: 2 ** 53 }, "records.1.quantity"],
  ] as const) {
    await expect(
      recordUsageBatch(world.ctx, { customerId, uses: [row({}), row(bad), row({})], allOrNone: false }),
    ).rejects.toMatchObject({ code: "invalid_request", options: { fields: [{ field }] } });
  }
  expect(await world.ctx.db.usageEvent.count({ where: { customerId } })).toBe(1);
});

test("calls of different days that wait together are counted each in its own", async () => {
  const { customerId } = await world.createPerson();
  const days = Array.from({ length: 30 }, (_, day) => new Date(TEST_NOW.getTime() + day * 86_400_000));
  await Promise.all(days.map((now) => recordUsage({ ...world.ctx, now }, ask(customerId))));
  const events = await world.ctx.db.usageEvent.findMany({
    where: { customerId },
    orderBy: { occurredAt: "asc" },
  });
  expect(events.map(({ occurredAt }) => occurredAt)).toEqual(days);
  const counted = await world.ctx.db.usageCounter.findMany({ where: { customerId, window: "day" } });
  expect(counted.map(({ used }) => used)).toEqual(days.map(() => 1n));
});

test("a call that is aborted while it waits for its turn holds nothing; the others are answered", async () => {
  const customerId = await spender(50);
  const unlock = await lockCustomer(customerId);
  const first = reserveUsage(world.ctx, ask(customerId, "under way"));
  await isWaitedFor(customerId);
  const aborted = new AbortController();
  const second = reserveUsage(world.ctx, { ...ask(customerId, "aborted"), signal: aborted.signal });
  const third = reserveUsage(world.ctx, ask(customerId, "patient"));
  // It has joined the queue by then.
  await pause(0);
  aborted.abort(new Error("the caller has gone"));
  await expect(second).rejects.toThrow("the caller has gone");
  await unlock();
  await Promise.all([first, third]);
  const keys = await world.ctx.db.reservation.findMany({
    where: { customerId, state: "held" },
    select: { key: true },
  });
  expect(keys.map(({ key }) => key).sort()).toEqual(["patient", "under way"]);
});

test("a queue that is full refuses with a hint when to come back, and answers all it has kept", async () => {
  const customerId = await spender(20_000);
  const unlock = await lockCustomer(customerId);
  const calls = Array.from({ length: 10_600 }, () => recordUsage(world.ctx, ask(customerId)));
  const settled = Promise.allSettled(calls);
  await isWaitedFor(customerId);
  await unlock();
  const outcomes = await settled;
  const refusals = outcomes.flatMap((outcome) =>
    outcome.status === "rejected" ? [outcome.reason as AppError] : [],
  );
  expect(refusals.length).toBeGreaterThan(0);
  expect(new Set(refusals.map(({ code }) => code))).toEqual(new Set(["overloaded"]));
  expect(refusals[0]?.options.retryAfterSeconds).toBe(1);
  const { credits } = await world.ctx.db.customerBalance.findUniqueOrThrow({ where: { customerId } });
  expect(credits).toBe(BigInt(20_000 - (calls.length - refusals.length)));
}, 120_000);

test("Postgres stopped in the middle of a batch: callers are told to come back, nothing answered is lost, and a repeated key counts once (R7)", async () => {
  const dataDir = mkdtempSync(path.join(os.tmpdir(), "tollkeeper-restarts-"));
  let postgres = await startPostgres({ port: 0, dataDir, durable: true, databases: ["restarts"] });
  const { port, url } = postgres;
  await applyMigrations(url, process.cwd());
  const db = openDb(url);
  try {
    const ctx = { db, now: TEST_NOW };
    await publishCatalogue(ctx, { catalogue: readPreset("community") });
    const user = await createUser(db, {
      email: "r7@person.test",
      name: null,
      emailVerified: null,
      now: TEST_NOW,
    });
    const { customerId } = await db.member.findFirstOrThrow({ where: { userId: user.id } });
    await grantCredits(ctx, {
      customerId,
      credits: 100_000,
      key: "grant",
      source: "purchased",
      expiresAt: null,
    });
    const keys = Array.from({ length: 300 }, (_, index) => `use ${index}`);
    const codes = new Set<string>();
    const answered = new Set<string>();
    async function spendUntilAnswered(key: string): Promise<void> {
      for (let attempt = 0; attempt < 200 && !answered.has(key); attempt += 1) {
        await recordUsage(ctx, ask(customerId, key)).then(
          () => answered.add(key),
          async (error: unknown) => {
            const { code, options } = toAppError(error);
            codes.add(`${code} ${options.retryAfterSeconds}`);
            await pause(50);
          },
        );
      }
    }
    for (let restart = 0; restart < 3; restart += 1) {
      const spending = Promise.all(keys.slice(restart * 100, restart * 100 + 100).map(spendUntilAnswered));
      // An immediate stop: no goodbye to anybody, and recovery from the log at the next start.
      process.kill(postgres.pid, "SIGQUIT");
      await postgres.exited;
      await expect(
        recordUsage(ctx, ask(customerId, "while it is away")).catch((error: unknown) =>
          Promise.reject(toAppError(error)),
        ),
      ).rejects.toMatchObject({ code: "database_unavailable", options: { retryAfterSeconds: 5 } });
      postgres = await startPostgres({ port, dataDir, durable: true, databases: ["restarts"] });
      await spending;
    }
    expect(answered.size).toBe(300);
    expect(codes).toEqual(new Set(["database_unavailable 5"]));
    const events = await db.usageEvent.findMany({ where: { customerId }, select: { reservationId: true } });
    expect(new Set(events.map(({ reservationId }) => reservationId)).size).toBe(events.length);
    expect(await db.reservation.count({ where: { customerId, key: { in: keys } } })).toBe(300);
    expect(events).toHaveLength(300);
    expect(await findDrifts(db, [customerId])).toEqual([]);
  } finally {
    await db.$disconnect();
    await postgres.close();
    rmSync(dataDir, { recursive: true, force: true });
  }
}, 120_000);
