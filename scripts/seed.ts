import { parseArgs } from "node:util";
import type { Context } from "@/lib/context";
import { readEnv } from "@/lib/env";
import { openContext } from "@/lib/open-context";
import { readClockOffset } from "@/lib/read-clock-offset";
import { seedDatabase } from "./seed/seed-database";

/**
 * Fills a database with what the app needs to be used: the catalogue, at Stripe too; and in local mode the demo
 * accounts with a history, unless `--empty` leaves them out. Running it again changes nothing.
 */
async function main(): Promise<void> {
  const { values } = parseArgs({ options: { empty: { type: "boolean", default: false } } });
  const result = readEnv(process.env);
  if (!result.ok) throw new Error(result.problems.join("\n"));
  const ctx: Context = {
    ...openContext(result.env),
    now: new Date(Date.now() + (await readClockOffset(result.env))),
  };
  const startedAt = performance.now();
  const summary = await seedDatabase(ctx, { isEmpty: values.empty });
  console.log(`${summary} (${((performance.now() - startedAt) / 1000).toFixed(1)} s)`);
  await ctx.db.$disconnect();
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : String(error));
  process.exit(1);
});
