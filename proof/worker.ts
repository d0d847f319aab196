import { type Db, openDb } from "@/lib/db/client";
import { parseCatalogue } from "@/lib/domain/catalogue";
import { toAppError } from "@/lib/http/error-response";
import { publishCatalogue } from "@/lib/services/catalogue/publish-catalogue";
import { recordUsage } from "@/lib/services/usage/record-usage";
import { reserveUsage } from "@/lib/services/usage/reserve-usage";
import { commitReservation, releaseReservation } from "@/lib/services/usage/settle-reservation";
import { meteringCatalogue } from "@/local/testing/metering-catalogue";
import { playUsageHistory } from "@/local/testing/usage-history";
import { eachOf, METER, PROOF_NOW } from "./proof-world";

export type Pair = { key: string; held: number; used: number; end: "committed" | "released" | "abandoned" };
export type Job =
  /** One unit per key, all at once or so many; each key is told as soon as it is answered. */
  | { kind: "spend"; customerId: string; keys: string[]; atOnce: number }
  | { kind: "pairs"; customerId: string; pairs: Pair[] }
  | { kind: "histories"; uncovered: "write_off" | "debt"; seeds: number[]; steps: number };
export type WorkerMessage =
  | { kind: "ready" }
  | { kind: "answered"; key: string; code: string }
  | { kind: "paired"; key: string; credits: number; uncovered: number; code: string }
  | { kind: "played"; seed: number }
  | { kind: "done" }
  | { kind: "failed"; message: string };

/** A process that spends, as one of several servers would: `worker.ts <database>`, then jobs by message. */
function main(): void {
  const db = openDb(process.argv[2] ?? "", 8, 60_000);
  process.on("message", (job: Job) => {
    carryOut(db, job).then(
      () => tell({ kind: "done" }),
      (error: unknown) =>
        tell({
          kind: "failed",
          message: error instanceof Error ? `${error.message}\n${error.stack}` : String(error),
        }),
    );
  });
  process.on("disconnect", () => process.exit(0));
  tell({ kind: "ready" });
}

async function carryOut(db: Db, job: Job): Promise<void> {
  switch (job.kind) {
    case "spend":
      return eachOf(job.keys, job.atOnce, (key) => spend(db, job.customerId, key));
    case "pairs":
      return eachOf(job.pairs, job.pairs.length, (pair) => reserveAndCommit(db, job.customerId, pair));
    case "histories": {
      const catalogue = parseCatalogue(meteringCatalogue(job.uncovered));
      await publishCatalogue({ db, now: PROOF_NOW }, { catalogue });
      for (const seed of job.seeds) {
        await playUsageHistory(db, { seed, steps: job.steps, catalogue });
        tell({ kind: "played", seed });
      }
    }
  }
}

async function spend(db: Db, customerId: string, key: string): Promise<void> {
  const use = { customerId, userId: null, meter: METER, quantity: 1, key };
  const code = await recordUsage({ db, now: PROOF_NOW }, use).then(
    () => "ok",
    (error: unknown) => toAppError(error).code,
  );
  tell({ kind: "answered", key, code });
}

async function reserveAndCommit(db: Db, customerId: string, { key, held, used, end }: Pair): Promise<void> {
  const ctx = { db, now: PROOF_NOW };
  const paired = { kind: "paired", key, credits: 0, uncovered: 0 } as const;
  try {
    const { id } = await reserveUsage(ctx, { customerId, userId: null, meter: METER, quantity: held, key });
    const settlement = { customerId, reservationId: id };
    if (end === "abandoned") return tell({ ...paired, code: end });
    if (end === "released") {
      await releaseReservation(ctx, settlement);
      return tell({ ...paired, code: end });
    }
    const { paidBy } = await commitReservation(ctx, { ...settlement, quantity: used, details: {} });
    tell({ ...paired, credits: paidBy.credits, uncovered: paidBy.uncovered, code: end });
  } catch (error) {
    tell({ ...paired, code: toAppError(error).code });
  }
}

function tell(message: WorkerMessage): void {
  process.send?.(message);
}

main();
