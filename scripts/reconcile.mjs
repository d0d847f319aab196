import { becomeTypeScript, ensureInstalled, ensurePrismaClient, runScript } from "./bootstrap.mjs";

/** `npm run reconcile`: counters and credits against the facts, repaired. `npm run reconcile -- --dry-run` only reports. */
await runScript(async () => {
  await ensureInstalled();
  await ensurePrismaClient();
  becomeTypeScript("scripts/reconcile.ts", process.argv.slice(2));
});
