import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parseCatalogue } from "@/lib/domain/catalogue";
import { publishCatalogue } from "@/lib/services/catalogue/publish-catalogue";
import { findDrifts } from "@/lib/services/reconciliation/find-drifts";
import { meteringCatalogue } from "@/local/testing/metering-catalogue";
import { openTestWorld, type TestWorld } from "@/local/testing/test-context";
import { playUsageHistory } from "@/local/testing/usage-history";

/**
 * `USAGE_SEED=7` replays one history, which every failure names; `USAGE_HISTORIES=500` plays more, from a seed of the
 * day.
 */
const REPLAYED = process.env.USAGE_SEED;
const HISTORIES = Number(process.env.USAGE_HISTORIES ?? 8);
const STEPS = 50;
const FIRST_SEED = process.env.USAGE_HISTORIES === undefined ? 21 : Math.floor(Date.now() / 1_000);

let world: TestWorld;
beforeAll(async () => {
  world = await openTestWorld();
});
afterAll(() => world.close());

const seeds =
  REPLAYED === undefined
    ? Array.from({ length: HISTORIES }, (_, index) => FIRST_SEED + index)
    : [Number(REPLAYED)];

describe.each(["write_off", "debt"] as const)("with what nobody covers as %s", (uncovered) => {
  const catalogue = parseCatalogue(meteringCatalogue(uncovered));
  beforeAll(() => publishCatalogue(world.ctx, { catalogue }));

  test.each(seeds)(
    "history %i: after every step Postgres has what the rules say, and the facts add up to it (R10)",
    { timeout: 120_000 },
    async (seed) => {
      const { customerId } = await playUsageHistory(world.ctx.db, { seed, steps: STEPS, catalogue });
      expect(await findDrifts(world.ctx.db, [customerId])).toEqual([]);
    },
  );
});

test.runIf(REPLAYED === undefined)(
  "between them these lives end in every way that a use can be paid or not",
  async () => {
    const { _sum } = await world.ctx.db.usageEvent.aggregate({
      _sum: { allowanceUnits: true, credits: true, overageUnits: true, uncoveredUnits: true },
    });
    for (const [way, units] of Object.entries(_sum)) expect.soft(units, way).toBeGreaterThan(0n);
    const kinds = await world.ctx.db.creditEntry.findMany({ distinct: ["kind"], select: { kind: true } });
    expect(kinds.map(({ kind }) => kind).sort()).toEqual(["clawback", "debt", "expiry", "grant", "spend"]);
  },
);
