import { becomeTypeScript, ensureInstalled, ensurePrismaClient, runScript } from "./bootstrap.mjs";

/** `npm test`: everything. `npm test -- --only=checks,unit,db,e2e` runs a part. */
await runScript(async () => {
  await ensureInstalled();
  await ensurePrismaClient();
  becomeTypeScript("scripts/run-tests.ts", process.argv.slice(2));
});
