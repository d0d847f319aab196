import { becomeTypeScript, ensureInstalled, ensurePrismaClient, runScript } from "./bootstrap.mjs";

/** `npm run bench`: every benchmark. `npm run bench -- guarded-route` runs one. Figures are printed, nothing is judged. */
await runScript(async () => {
  await ensureInstalled();
  await ensurePrismaClient();
  becomeTypeScript("bench/run.ts", process.argv.slice(2));
});
