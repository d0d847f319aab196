import { becomeTypeScript, ensureInstalled, ensurePrismaClient, runScript } from "./bootstrap.mjs";

/** `npm start`, and with --dev `npm run dev`. */
await runScript(async () => {
  await ensureInstalled();
  await ensurePrismaClient();
  becomeTypeScript("scripts/start.ts", process.argv.slice(2));
});
