import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { query } from "@/lib/db/query";
import { parseCatalogue } from "@/lib/domain/catalogue";
import { readMetrics } from "@/lib/metrics";
import { newId } from "@/lib/new-id";
import { publishCatalogue } from "@/lib/services/catalogue/publish-catalogue";
import { grantCredits } from "@/lib/services/credits/post-credits";
import { recordUsage } from "@/lib/services/usage/record-usage";
import { injectDrift, KINDS_OF_DRIFT } from "@/local/testing/inject-drift";
import { meteringCatalogue } from "@/local/testing/metering-catalogue";
import { seededRandom } from "@/local/testing/seeded-random";
import { openTestWorld, type TestWorld } from "@/local/testing/test-context";
import { playUsageHistory } from "@/local/testing/usage-history";
import { findDrifts } from "./find-drifts";
import { reconcile } from "./reconcile";

const SEED = Number(process.env.USAGE_SEED ?? 9);
const CUSTOMERS = 20;

let world: TestWorld;
const customerIds: string[] = [];
beforeAll(async () => {
  world = await openTestWorld();
  const catalogue = parseCatalogue(meteringCatalogue("debt"));
  await publishCatalogue(world.ctx, { catalogue });
  for (let seed = 0; seed < CUSTOMERS; seed += 1) {
    const history = await playUsageHistory(world.ctx.db, { seed: SEED * 1_000 + seed, steps: 40, catalogue });
    customerIds.push(history.customerId);
  }
}, 120_000);
afterAll(() => world.close());

/** Everything that is derived, as it stands. */
async function derived(): Promise<unknown> {
  const { db } = world.ctx;
  const [balances, lots, counters, lines] = await Promise.all([
    // When the next lot expires may be said too early, and differently so after a repair.
    db.customerBalance.findMany({ orderBy: { customerId: "asc" }, omit: { nextExpiryAt: true } }),
    db.creditLot.findMany({ orderBy: { id: "asc" } }),
    db.usageCounter.findMany({
      orderBy: [
        { customerId: "asc" },
        { meterKey: "asc" },
        { window: "asc" },
        { userId: "asc" },
        { windowStart: "asc" },
      ],
      // Of a counter that has gone the facts know what is in it, not when exactly its window was to end.
      omit: { version: true, warnedLimit: true, warnedPercent: true, windowEnd: true },
    }),
    db.overageLine.findMany({
      orderBy: [{ customerId: "asc" }, { meterKey: "asc" }, { periodStart: "asc" }, { planVersionId: "asc" }],
    }),
  ]);
  return { balances, lots, counters, lines };
}

describe("reconciliation (R9)", () => {
  test("finds nothing where nothing has drifted, and says whom it looked at", async () => {
    const run = await reconcile(world.ctx, { repairs: true });
    expect(run).toMatchObject({
      checked: CUSTOMERS,
      drifts: 0,
      repaired: 0,
      units: 0n,
      credits: 0n,
      moneyMinor: 0n,
    });
    expect(run?.finishedAt).not.toBeNull();
  });

  test(`every kind of drift is found by a dry run, repaired by the first run exactly as it was, and gone in the second (seed ${SEED})`, async () => {
    const before = await derived();
    const random = seededRandom(SEED);
    for (const [index, kind] of [...KINDS_OF_DRIFT, ...KINDS_OF_DRIFT, ...KINDS_OF_DRIFT].entries()) {
      await injectDrift(world.ctx.db, random, { kind, customerIds: customerIds.slice(index % 13) });
    }
    expect(await derived()).not.toEqual(before);

    const dry = await reconcile(world.ctx, { repairs: false });
    expect(dry?.drifts).toBeGreaterThanOrEqual(KINDS_OF_DRIFT.length);
    expect(dry).toMatchObject({ repaired: 0 });

    const first = await reconcile(world.ctx, { repairs: true });
    expect(first).toMatchObject({
      drifts: dry?.drifts,
      repaired: dry?.drifts,
      units: dry?.units,
      credits: dry?.credits,
    });
    expect(first?.moneyMinor).toBeGreaterThan(0n);
    expect(await derived()).toEqual(before);
    expect(first?.details).toHaveLength(Math.min(100, first?.drifts ?? 0));
    expect(
      readMetrics().some(({ name, labels }) => name === "reconciliation_drifts" && labels.kind === "counter"),
    ).toBe(true);

    expect(await reconcile(world.ctx, { repairs: true })).toMatchObject({ drifts: 0, repaired: 0 });
  });

  test("overage whose reservation is forgotten is neither missed nor taken back; what came after it is compared", async () => {
    const { db } = world.ctx;
    const line = await db.overageLine.findFirstOrThrow({
      where: { used: { gt: 0n } },
      orderBy: { periodStart: "asc" },
    });
    const { customerId, meterKey } = line;
    const later = new Date("2030-01-01T00:00:00Z");
    await db.overageLine.create({
      data: { ...line, periodStart: later, periodEnd: later, used: 1n, amountMinor: 0n, held: 0n },
    });
    await db.reservation.deleteMany({ where: { customerId, meterKey, state: "committed" } });
    const run = await reconcile(world.ctx, { repairs: true });
    expect(run?.details).toMatchObject([{ customerId, kind: "overage", field: "used", stored: 1, truth: 0 }]);
    const lines = await db.overageLine.findMany({
      where: { customerId, meterKey },
      orderBy: { periodStart: "asc" },
    });
    expect(lines.at(0)).toMatchObject({ used: line.used });
    expect(lines.at(-1)).toMatchObject({ used: 0n });
  });

  test("a run that stops is taken up where it stopped, and two at once are one", async () => {
    await world.ctx.db.usageCounter.updateMany({ data: { used: { increment: 5n } } });
    const nothing = await reconcile(world.ctx, { repairs: true, maxSeconds: 0 });
    expect(nothing).toMatchObject({ checked: 0, finishedAt: null });
    const runs = await Promise.all(Array.from({ length: 5 }, () => reconcile(world.ctx, { repairs: true })));
    const done = runs.filter((run) => run !== null && run.id === nothing?.id);
    expect(done).toHaveLength(1);
    expect(done[0]).toMatchObject({ checked: CUSTOMERS });
    expect(done[0]?.repaired).toBe(done[0]?.drifts);
    expect(await findDrifts(world.ctx.db, customerIds)).toEqual([]);
  });

  test("beside traffic it neither loses a use nor finds drifts that are none", async () => {
    const { customerId } = await world.createPerson();
    await grantCredits(world.ctx, {
      customerId,
      credits: 500,
      key: newId(),
      source: "plan",
      expiresAt: null,
    });
    const spend = () =>
      recordUsage(world.ctx, { customerId, userId: null, meter: "calls", quantity: 1, key: newId() });
    let isOver = false;
    const runs = (async () => {
      let drifts = 0;
      while (!isOver) drifts += (await reconcile(world.ctx, { repairs: true }))?.drifts ?? 0;
      return drifts;
    })();
    for (let round = 0; round < 20; round += 1) await Promise.all(Array.from({ length: 20 }, spend));
    isOver = true;
    expect(await runs).toBe(0);
    const { credits } = await world.ctx.db.customerBalance.findUniqueOrThrow({ where: { customerId } });
    // 30 calls for life are included.
    expect(credits).toBe(500n - 370n);
  });

  test("a ledger that contradicts itself is reported and left alone, its balance too", async () => {
    const { customerId } = await world.createPerson();
    await grantCredits(world.ctx, { customerId, credits: 50, key: newId(), source: "plan", expiresAt: null });
    await recordUsage(world.ctx, { customerId, userId: null, meter: "calls", quantity: 40, key: newId() });
    await query(world.ctx.db, "alter table credit_entries disable trigger credit_entries_append_only", []);
    await query(world.ctx.db, "delete from credit_entries where customer_id = $1 and kind = 'spend'", [
      customerId,
    ]);
    await query(world.ctx.db, "alter table credit_entries enable trigger credit_entries_append_only", []);
    const run = await reconcile(world.ctx, { repairs: true });
    expect(run).toMatchObject({ drifted: 1, repaired: 0 });
    // Replayed, the ledger would give the ten credits back.
    const { credits } = await world.ctx.db.customerBalance.findUniqueOrThrow({ where: { customerId } });
    expect(credits).toBe(40n);
  });
});

describe("the facts (R11)", () => {
  test.each([
    ["credit_entries", "update credit_entries set amount = amount + 1"],
    ["credit_entries", "delete from credit_entries"],
    [
      "usage_events",
      "update usage_events set quantity = quantity + 1, allowance_units = allowance_units + 1",
    ],
    ["usage_events", "delete from usage_events"],
    ["credit_lots", "update credit_lots set granted = granted + 1"],
    ["credit_lots", "delete from credit_lots"],
  ])("%s are never changed: %s is refused", async (_, statement) => {
    await expect(query(world.ctx.db, statement, [])).rejects.toThrow(/append-only|only what remains/);
  });

  test("of one month are refused under the month's own name too", async () => {
    const [partition] = await query<{ name: string }>(
      world.ctx.db,
      "select min(inhrelid::regclass::text) as name from pg_inherits where inhparent = 'usage_events'::regclass",
      [],
    );
    await expect(query(world.ctx.db, `delete from ${partition?.name}`, [])).rejects.toThrow(/append-only/);
  });
});
