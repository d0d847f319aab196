import type { Context } from "@/lib/context";
import { type EdgeCopies, type EdgeCopy, openEdgeCopies } from "@/lib/redis/edge-copies";
import { getCatalogue } from "@/lib/services/catalogue/get-catalogue";
import { forgetCustomer } from "@/lib/services/entitlements/known-facts";
import type { EdgeDrift } from "@/lib/services/reconciliation/find-drifts";
import type { CompareEdgeCounters } from "@/lib/services/reconciliation/reconcile";
import { toEdgeRecord } from "./edge-record";
import { findEdgeDrifts } from "./find-edge-drifts";
import { askCustomers, type ReadEdgeUsage, readEdgeUsages } from "./read-edge-usages";

/** Copies asked for together: about two kilobytes each. */
const COPIES_AT_ONCE = 200;

type Reading = Extract<ReadEdgeUsage, { outcome: "read" }>;

/** @returns what `reconcile` compares the copies in Redis by; undefined where there is no Redis. */
export function openEdgeComparison(
  ctx: Pick<Context, "db" | "env" | "now">,
): CompareEdgeCounters | undefined {
  const { redis } = ctx.env;
  return redis ? compareBy(ctx, openEdgeCopies(redis)) : undefined;
}

/**
 * Holds the copies of customers in Redis against Postgres (find-edge-drifts.ts says what is a drift), and where asked
 * writes the newest truth over every copy that says something else. A customer without a copy is nothing to compare: a
 * wiped Redis learns of them with their next use. Where Redis does not answer, those customers are not compared, nothing
 * is thrown, and for five seconds nobody else is.
 */
export function compareBy(ctx: Pick<Context, "db" | "now">, copies: EdgeCopies): CompareEdgeCounters {
  return async ({ customerIds, repairs }) => {
    const result = { drifts: [] as EdgeDrift[], repaired: [] as EdgeDrift[], uncompared: 0 };
    for (let first = 0; first < customerIds.length; first += COPIES_AT_ONCE) {
      const asked = customerIds.slice(first, first + COPIES_AT_ONCE);
      const read = await copies.read(asked);
      if (!read.ok) {
        result.uncompared += asked.length;
        continue;
      }
      if (read.value.length === 0) continue;
      const { drifts, behind } = await compareCopies(ctx, read.value);
      result.drifts.push(...drifts);
      if (repairs && (await overwrite(ctx, copies, behind))) result.repaired.push(...drifts);
    }
    return result;
  };
}

async function compareCopies(
  ctx: Pick<Context, "db" | "now">,
  copies: EdgeCopy[],
): Promise<{ drifts: EdgeDrift[]; behind: EdgeCopy[] }> {
  const drifts: EdgeDrift[] = [];
  const behind: EdgeCopy[] = [];
  // As of the copy's own moment: another would have other windows.
  const asked = copies.map((copy) => ({ copy, now: momentOf(copy) ?? ctx.now }));
  const readings = await read(
    ctx,
    asked.map(({ copy, now }) => ({ customerId: copy.customerId, now })),
  );
  for (const copy of copies) {
    const truth = readings.get(copy.customerId);
    // Whose facts change all the while is told of again anyway.
    if (!truth) continue;
    const comparison = findEdgeDrifts(copy, truth);
    drifts.push(...comparison.drifts);
    if (comparison.isBehind) behind.push(copy);
  }
  return { drifts, behind };
}

/** Null = it is none that a date can say. */
function momentOf({ record }: EdgeCopy): Date | null {
  const moment = new Date(record?.asOf ?? Number.NaN);
  return Number.isNaN(moment.getTime()) ? null : moment;
}

/** @returns whether Redis took it. */
async function overwrite(
  ctx: Pick<Context, "db" | "now">,
  copies: EdgeCopies,
  behind: EdgeCopy[],
): Promise<boolean> {
  if (behind.length === 0) return true;
  const readings = await read(
    ctx,
    behind.map(({ customerId }) => ({ customerId, now: ctx.now })),
  );
  const replacements = behind.flatMap((seen) => {
    const truth = readings.get(seen.customerId);
    return truth ? [{ seen, record: toEdgeRecord(truth) }] : [];
  });
  if (replacements.length === 0) return true;
  return (await copies.replace(replacements)).ok;
}

/** What Postgres has of these customers, each as of a moment. Facts that have changed meanwhile are read a second time. */
async function read(
  ctx: Pick<Context, "db">,
  asked: { customerId: string; now: Date }[],
): Promise<Map<string, Reading>> {
  const catalogue = await getCatalogue(ctx);
  const found = new Map<string, Reading>();
  let open = asked;
  for (let attempt = 1; attempt <= 2 && open.length > 0; attempt += 1) {
    const readings = await readEdgeUsages(ctx, catalogue, await askCustomers(ctx, catalogue, open));
    for (const reading of readings) {
      if (reading.outcome === "read") found.set(reading.customerId, reading);
      if (reading.outcome === "stale") forgetCustomer(ctx, reading.customerId);
    }
    open = open.filter(({ customerId }) => !found.has(customerId));
  }
  return found;
}
