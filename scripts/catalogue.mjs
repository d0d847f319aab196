import { becomeTypeScript, ensureInstalled, ensurePrismaClient, runScript } from "./bootstrap.mjs";

/** `npm run catalogue -- validate | diff | push | pull`: the catalogue as code. docs/catalogue.md */
await runScript(async () => {
  await ensureInstalled();
  await ensurePrismaClient();
  becomeTypeScript("scripts/catalogue/main.ts", process.argv.slice(2));
});
