import type { Context } from "@/lib/context";
import type { Db, DbTransaction } from "@/lib/db/client";
import type { ReconciliationRun } from "@/lib/db/generated/client";
import { newId } from "@/lib/new-id";
import type { Drift, EdgeDrift } from "./find-drifts";

/** What a run has to say besides its numbers: its first drifts, and before them how many copies it could not look at. */
export type RunDetail =
  | ((Drift | EdgeDrift) & { repaired: boolean })
  | { kind: "edge"; field: "not_compared"; customers: number };

/** How long a step may take before somebody else takes over: a step is a thousand customers. */
const CLAIM_SECONDS = 120;
const MOST_DETAILS = 100;
/** Of finished runs so many are kept. */
const MOST_RUNS = 1_000;

/**
 * Takes up the run that lies open, or begins one.
 * @returns null when somebody else is at it.
 */
export async function claimRun(
  { db }: Pick<Context, "db">,
  { repairs }: { repairs: boolean },
): Promise<ReconciliationRun | null> {
  const now = new Date();
  return db.$transaction(async (tx) => {
    // Two schedulers at once would both begin one: one waits.
    await tx.$executeRaw`lock table reconciliation_runs in share row exclusive mode`;
    const open = await tx.reconciliationRun.findFirst({ where: { finishedAt: null, repairs } });
    if (open?.claimedUntil && open.claimedUntil > now) return null;
    const claimedUntil = claimUntil(now);
    if (open) return tx.reconciliationRun.update({ where: { id: open.id }, data: { claimedUntil } });
    return tx.reconciliationRun.create({ data: { id: newId(), startedAt: now, claimedUntil, repairs } });
  });
}

/**
 * Adds drifts to the run, in the transaction that repairs them where they are repaired: what is repaired is reported,
 * even if the process dies right after.
 */
export async function recordDrifts(
  db: Db | DbTransaction,
  runId: string,
  {
    drifts,
    repaired,
    alreadyDrifted = [],
  }: {
    drifts: (Drift | EdgeDrift)[];
    repaired: (Drift | EdgeDrift)[];
    /** Customers whom this run has counted before. */
    alreadyDrifted?: string[];
  },
): Promise<void> {
  if (drifts.length === 0) return;
  const done = new Set(repaired);
  const before = new Set(alreadyDrifted);
  const customers = new Set(drifts.map(({ customerId }) => customerId).filter((id) => !before.has(id)));
  const details = drifts.slice(0, MOST_DETAILS).map((drift) => ({ ...drift, repaired: done.has(drift) }));
  const earlier = await readDetails(db, runId);
  await db.reconciliationRun.update({
    where: { id: runId },
    data: {
      drifted: { increment: customers.size },
      drifts: { increment: drifts.length },
      repaired: { increment: repaired.length },
      units: { increment: sumOf(drifts, (drift) => drift.kind === "counter" && drift.field !== "credits") },
      credits: { increment: sumOf(drifts, isInCredits) },
      moneyMinor: { increment: sumOf(drifts, ({ field }) => field === "amount_minor") },
      details: JSON.parse(JSON.stringify([...earlier, ...details].slice(0, MOST_DETAILS))),
    },
  });
}

/** Copies at the edge of so many customers could not be looked at: said once for the whole run, where it is read first. */
export async function recordUncompared(db: Db, runId: string, customers: number): Promise<void> {
  if (customers === 0) return;
  const details = await readDetails(db, runId);
  const sum = uncomparedOf(details) + customers;
  const others = details.filter(({ field }) => field !== "not_compared");
  const note: RunDetail = { kind: "edge", field: "not_compared", customers: sum };
  await db.reconciliationRun.update({
    where: { id: runId },
    data: { details: JSON.parse(JSON.stringify([note, ...others].slice(0, MOST_DETAILS))) },
  });
}

/** Of how many customers the copies at the edge could not be looked at. */
export function uncomparedOf(details: RunDetail[]): number {
  for (const detail of details) if (detail.field === "not_compared") return detail.customers;
  return 0;
}

/** The details of a run, as this file wrote them. */
export function detailsOf({ details }: Pick<ReconciliationRun, "details">): RunDetail[] {
  return details as RunDetail[]; // nobody else writes them; moments are strings
}

async function readDetails(db: Db | DbTransaction, runId: string): Promise<RunDetail[]> {
  const run = await db.reconciliationRun.findUniqueOrThrow({
    where: { id: runId },
    select: { details: true },
  });
  return detailsOf(run);
}

/** These customers are done; the run goes on behind them. */
export async function recordProgress(
  { db }: Pick<Context, "db">,
  runId: string,
  { checked, cursor }: { checked: number; cursor: string },
): Promise<void> {
  const data = { checked: { increment: checked }, cursor, claimedUntil: claimUntil(new Date()) };
  await db.reconciliationRun.update({ where: { id: runId }, data });
}

/** Lets go of the run: finished, or open to whoever goes on with it. */
export async function releaseRun(
  { db }: Pick<Context, "db">,
  runId: string,
  { isFinished }: { isFinished: boolean },
): Promise<ReconciliationRun> {
  if (isFinished) {
    const [oldest] = await db.reconciliationRun.findMany({
      orderBy: { startedAt: "desc" },
      skip: MOST_RUNS,
      take: 1,
    });
    if (oldest) await db.reconciliationRun.deleteMany({ where: { startedAt: { lte: oldest.startedAt } } });
  }
  const data = { claimedUntil: null, finishedAt: isFinished ? new Date() : null };
  return db.reconciliationRun.update({ where: { id: runId }, data });
}

function claimUntil(now: Date): Date {
  return new Date(now.getTime() + CLAIM_SECONDS * 1_000);
}

/** Of a copy nothing is lost: only what is stored in Postgres is summed. */
function isInCredits({ kind, field }: Drift | EdgeDrift): boolean {
  return kind === "lot" || (kind === "balance" && field !== "entry_sequence") || field === "credits";
}

function sumOf(drifts: (Drift | EdgeDrift)[], counts: (drift: Drift | EdgeDrift) => boolean): number {
  return drifts.filter(counts).reduce((sum, { stored, truth }) => sum + Math.abs((stored ?? 0) - truth), 0);
}
