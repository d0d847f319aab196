import { existsSync } from "node:fs";
import { openDb } from "@/lib/db/client";
import { readEnv } from "@/lib/env";
import { openEdgeComparison } from "@/lib/services/edge/compare-edge-counters";
import { reconcile } from "@/lib/services/reconciliation/reconcile";
import { detailsOf, uncomparedOf } from "@/lib/services/reconciliation/reconciliation-run";

const SLOW_QUERY_MS = 60_000;

/** Ends with 0 when nothing had drifted or all of it was repaired, 1 when something is left, 2 when it could not run. */
async function main(): Promise<0 | 1> {
  const unknown = process.argv.slice(2).filter((argument) => argument !== "--dry-run");
  if (unknown.length > 0) throw new Error(`There is no ${unknown.join(" ")}. There is: --dry-run.`);
  const repairs = !process.argv.includes("--dry-run");
  if (existsSync(".env")) process.loadEnvFile(".env");
  const env = readEnv(process.env);
  if (!env.ok) throw new Error(env.problems.join("\n"));
  const db = openDb(env.env.databaseUrl, 5, SLOW_QUERY_MS);
  try {
    const startedAt = performance.now();
    const compareEdgeCounters = openEdgeComparison({ db, env: env.env, now: new Date() });
    const run = await reconcile({ db }, { repairs, compareEdgeCounters });
    if (!run) throw new Error("Another process is at it: its report is the last row of reconciliation_runs.");
    const seconds = ((performance.now() - startedAt) / 1_000).toFixed(1);
    const uncompared = uncomparedOf(detailsOf(run));
    const details = detailsOf(run).filter((detail) => detail.field !== "not_compared");
    if (details.length > 0) {
      console.table(
        details.map(({ customerId, kind, field, stored, truth, repaired, ...where }) => ({
          customer: customerId,
          what: `${kind}.${field}`,
          where: Object.values(where).join(" "),
          stored,
          truth,
          repaired,
        })),
      );
      if (run.drifts > details.length) console.log(`… and ${run.drifts - details.length} more`);
    }
    console.table({
      "customers compared": run.checked,
      "customers drifted": run.drifted,
      drifts: run.drifts,
      repaired: run.repaired,
      "units off": Number(run.units),
      "credits off": Number(run.credits),
      "money off (minor units)": Number(run.moneyMinor),
      seconds: Number(seconds),
    });
    if (!compareEdgeCounters)
      console.log("The copies at the edge were not compared: no Redis is configured.");
    if (uncompared > 0)
      console.log(
        `The copies at the edge of ${uncompared} customers were not compared: Redis does not answer. They end by themselves within ten minutes.`,
      );
    return run.drifts === run.repaired ? 0 : 1;
  } finally {
    await db.$disconnect();
  }
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exit(2);
  },
);
