import { becomeTypeScript, ensureInstalled, ensurePrismaClient, runScript } from "./bootstrap.mjs";

/** `npm run proof`: what is promised, in full size. `npm run proof -- R3 R5 --seed=7` runs some of it. docs/testing.md */
await runScript(async () => {
  await ensureInstalled();
  await ensurePrismaClient();
  becomeTypeScript("proof/run.ts", process.argv.slice(2));
});
