import { Redis } from "@upstash/redis";
import { openDb } from "@/lib/db/client";
import { openEdgeCopies } from "@/lib/redis/edge-copies";
import { type EdgeStore, openEdgeStore } from "@/lib/redis/edge-store";
import { getCatalogue } from "@/lib/services/catalogue/get-catalogue";
import { compareBy } from "@/lib/services/edge/compare-edge-counters";
import { toEdgeRecord } from "@/lib/services/edge/edge-record";
import { askCustomers, readEdgeUsages } from "@/lib/services/edge/read-edge-usages";
import { reconcile } from "@/lib/services/reconciliation/reconcile";
import { detailsOf, uncomparedOf } from "@/lib/services/reconciliation/reconciliation-run";
import { LOCAL_CREDENTIALS } from "@/local/credentials";
import { makeCustomers } from "@/proof/make-customers";
import { openProofWorld, PROOF_NOW } from "@/proof/proof-world";
import type { BenchOptions } from "./bench-options";
import { startEdgeRedis } from "./edge-redis-process";
import { keepReport, printRow, type Row } from "./report";

const FULL = { customers: 100_000 };
const SHORT = { customers: 2_000 };
const MOST_SECONDS = 60;
const COPIES_AT_ONCE = 200;
/** Of so many copies one is spoiled before the second run. */
const SPOILED_ONE_OF = 100;

type Ctx = { db: Awaited<ReturnType<typeof openProofWorld>>["db"]; now: Date };

/**
 * B15: how long it takes to compare the counters, the ledger and the copies in Redis of 100,000 customers, each of whom has
 * a copy, which is the most there is to do; first where all is right, then with a hundredth of the copies spoiled.
 */
export async function benchReconciliation(options: BenchOptions): Promise<void> {
  const { customers } = options.isShort ? SHORT : FULL;
  console.log(`reconciliation: making ${customers} customers and their copies`);
  const world = await openProofWorld();
  const redis = await startEdgeRedis();
  try {
    const connection = { url: redis.urls.healthy, token: LOCAL_CREDENTIALS.redisToken };
    const ctx = { db: world.db, now: PROOF_NOW };
    const events = await makeCustomers(ctx.db, customers);
    const customerIds = (await ctx.db.customer.findMany({ select: { id: true } })).map(({ id }) => id);
    const store = openEdgeStore(connection, { timeoutMs: 10_000 });
    // From connections of its own: the run that is measured knows nobody's plan yet.
    const teller = openDb(world.url, 10, 60_000);
    await writeCopies({ ...ctx, db: teller }, store, customerIds);
    await teller.$disconnect();
    const client = new Redis({ ...connection, automaticDeserialization: false, enableTelemetry: false });
    const compared = await timedRun(ctx, connection, customers);
    if (compared.drifts > 0) throw new Error(`What is right has ${compared.drifts} drifts.`);
    const spoiled = customerIds.filter((_, index) => index % SPOILED_ONE_OF === 0);
    for (const id of spoiled) await spoil(client, id);
    const repaired = await timedRun(ctx, connection, customers);
    if (repaired.drifts !== spoiled.length || repaired.repaired !== spoiled.length)
      throw new Error(
        `${spoiled.length} copies were spoiled, ${repaired.drifts} found, ${repaired.repaired} repaired.`,
      );
    const rows = [
      within(`${customers} customers, ${events} events, a copy each, nothing off`, compared.seconds),
      within(`the same with ${spoiled.length} copies spoiled, all found and repaired`, repaired.seconds),
    ];
    for (const row of rows) printRow(row);
    keepReport("reconciliation", options, { customers, events, rows });
  } finally {
    redis.stop();
    await world.close();
  }
}

async function timedRun(
  ctx: Ctx,
  connection: { url: string; token: string },
  customers: number,
): Promise<{ seconds: number; drifts: number; repaired: number }> {
  const startedAt = performance.now();
  const compareEdgeCounters = compareBy(ctx, openEdgeCopies(connection));
  const run = await reconcile(ctx, { repairs: true, compareEdgeCounters });
  const seconds = (performance.now() - startedAt) / 1_000;
  if (run?.checked !== customers || uncomparedOf(detailsOf(run)) > 0)
    throw new Error(
      `Not all were compared: ${run?.checked} customers, first ${JSON.stringify(run?.details)}`,
    );
  return { seconds, drifts: run.drifts, repaired: run.repaired };
}

/** As the app's own news would have written them. */
async function writeCopies(ctx: Ctx, store: EdgeStore, customerIds: string[]): Promise<void> {
  const catalogue = await getCatalogue(ctx);
  for (let first = 0; first < customerIds.length; first += COPIES_AT_ONCE) {
    const asked = customerIds
      .slice(first, first + COPIES_AT_ONCE)
      .map((customerId) => ({ customerId, now: ctx.now }));
    const readings = await readEdgeUsages(ctx, catalogue, await askCustomers(ctx, catalogue, asked));
    const records = readings.filter((reading) => reading.outcome === "read").map(toEdgeRecord);
    if (records.length !== asked.length || !(await store.writeRecords(records)))
      throw new Error("Not all copies could be written.");
  }
}

async function spoil(redis: Redis, customerId: string): Promise<void> {
  const place = `tk:edge:customer:${customerId}`;
  const copy = await redis.get<string>(place);
  // Nobody has used up less than nothing.
  await redis.set(place, copy?.replace(/"used":\d+/, '"used":-1') ?? "", { px: 600_000 });
}

function within(what: string, seconds: number): Row {
  return {
    id: "B15",
    what,
    ours: `${seconds.toFixed(1)} s`,
    theirs: `${MOST_SECONDS} s`,
    ratio: seconds / MOST_SECONDS,
    pass: "≤ 1×",
    isPassed: seconds <= MOST_SECONDS,
  };
}
