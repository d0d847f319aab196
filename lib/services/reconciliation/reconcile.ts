import type { Context } from "@/lib/context";
import type { ReconciliationRun } from "@/lib/db/generated/client";
import { log } from "@/lib/log";
import { incrementMetric } from "@/lib/metrics";
import { type Drift, type EdgeDrift, findDrifts } from "./find-drifts";
import {
  claimRun,
  detailsOf,
  recordDrifts,
  recordProgress,
  recordUncompared,
  releaseRun,
  uncomparedOf,
} from "./reconciliation-run";
import { repairable, writeTruth } from "./repair-drifts";

/**
 * Compares the copies at the edge with Postgres, for customers whose rows in Postgres are right by now, and where asked to
 * overwrites what is there. A Redis that is away fails nothing: those customers are `uncompared`.
 */
export type CompareEdgeCounters = (input: {
  customerIds: string[];
  repairs: boolean;
}) => Promise<{ drifts: EdgeDrift[]; repaired: EdgeDrift[]; uncompared: number }>;

const CUSTOMERS_PER_STEP = 1_000;
/** Held at once while they are repaired: their calls wait that long. */
const CUSTOMERS_PER_REPAIR = 25;
const REPAIR_TIMEOUT_MS = 120_000;

/**
 * Compares what is derived with the facts it is derived from, for every customer: credits, holds and debt with the
 * ledger and open reservations, lots with the ledger, counters and overage with usage events and open reservations. What
 * drifted is set to what the facts say, under the lock that every decision takes; so a repair never makes more
 * spendable than the facts allow, and a second run finds nothing. After them come the copies at the edge.
 *
 * Goes on where an interrupted run left off. Safe to run beside itself and beside traffic.
 * @param input.repairs false only reports.
 * @param input.maxSeconds stops after about so long; the next call goes on.
 * @returns the run as it stands, `finishedAt` null if it is to go on; null when another process is at it.
 */
export async function reconcile(
  ctx: Pick<Context, "db">,
  {
    repairs,
    maxSeconds = Infinity,
    compareEdgeCounters,
  }: { repairs: boolean; maxSeconds?: number; compareEdgeCounters?: CompareEdgeCounters },
): Promise<ReconciliationRun | null> {
  const run = await claimRun(ctx, { repairs });
  if (!run) return null;
  const deadline = Date.now() + maxSeconds * 1_000;
  let { cursor } = run;
  let isFinished = false;
  try {
    while (!isFinished && Date.now() < deadline) {
      const customers = await ctx.db.customer.findMany({
        where: cursor === null ? {} : { id: { gt: cursor } },
        orderBy: { id: "asc" },
        take: CUSTOMERS_PER_STEP,
        select: { id: true },
      });
      const customerIds = customers.map(({ id }) => id);
      cursor = customerIds.at(-1) ?? cursor;
      if (cursor !== null && customerIds.length > 0) {
        const drifted = await reconcileCustomers(ctx, run.id, { customerIds, repairs });
        if (compareEdgeCounters) {
          const { uncompared, ...atEdge } = await compareEdgeCounters({ customerIds, repairs });
          countDrifts(atEdge.drifts);
          await recordDrifts(ctx.db, run.id, { ...atEdge, alreadyDrifted: drifted });
          await recordUncompared(ctx.db, run.id, uncompared);
        }
        await recordProgress(ctx, run.id, { checked: customerIds.length, cursor });
      }
      isFinished = customerIds.length < CUSTOMERS_PER_STEP;
    }
  } finally {
    const released = await releaseRun(ctx, run.id, { isFinished });
    if (isFinished) {
      const { drifts, repaired, checked } = released;
      const uncompared = uncomparedOf(detailsOf(released));
      const level = drifts === 0 && uncompared === 0 ? "info" : "warn";
      const uncomparedAtEdge = compareEdgeCounters ? uncompared : null;
      log(level, "reconciliation.finished", {
        run: run.id,
        checked,
        drifts,
        repaired,
        uncompared_at_edge: uncomparedAtEdge,
      });
    }
  }
  return ctx.db.reconciliationRun.findUniqueOrThrow({ where: { id: run.id } });
}

/** @returns who of them had drifted. */
async function reconcileCustomers(
  ctx: Pick<Context, "db">,
  runId: string,
  { customerIds, repairs }: { customerIds: string[]; repairs: boolean },
): Promise<string[]> {
  const found = await findDrifts(ctx.db, customerIds);
  const drifted = [...new Set(found.map(({ customerId }) => customerId))];
  if (!repairs) {
    countDrifts(found);
    await recordDrifts(ctx.db, runId, { drifts: found, repaired: [] });
    return drifted;
  }
  for (let first = 0; first < drifted.length; first += CUSTOMERS_PER_REPAIR) {
    await repairCustomers(ctx, runId, drifted.slice(first, first + CUSTOMERS_PER_REPAIR));
  }
  return drifted;
}

async function repairCustomers(
  ctx: Pick<Context, "db">,
  runId: string,
  customerIds: string[],
): Promise<void> {
  const drifts = await ctx.db.$transaction(
    async (tx) => {
      // In one order, and nothing of a customer before its balance row: as every decision does.
      await tx.$queryRaw`
        select 1 as locked from customer_balances where customer_id = any (${customerIds}::uuid[])
        order by customer_id for no key update`;
      // Looked at again: what was seen without the lock may have been settled since.
      const seen = await findDrifts(tx, customerIds);
      const repaired = repairable(seen);
      await writeTruth(ctx, tx, repaired);
      await recordDrifts(tx, runId, { drifts: seen, repaired });
      return seen;
    },
    { timeout: REPAIR_TIMEOUT_MS, maxWait: REPAIR_TIMEOUT_MS },
  );
  countDrifts(drifts);
}

function countDrifts(drifts: (Drift | EdgeDrift)[]): void {
  for (const { kind } of drifts) incrementMetric("reconciliation_drifts", { kind });
}
