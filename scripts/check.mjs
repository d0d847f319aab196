import { becomeTypeScript, ensureInstalled, ensurePrismaClient, runScript } from "./bootstrap.mjs";

/** `npm run check`: what a commit must pass. Format, lint, layers, types and unit tests; no service, no browser. */
await runScript(async () => {
  await ensureInstalled();
  await ensurePrismaClient();
  becomeTypeScript("scripts/run-tests.ts", ["--only=checks,unit", ...process.argv.slice(2)]);
});
