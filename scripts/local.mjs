import { becomeTypeScript, ensureInstalled, runScript } from "./bootstrap.mjs";

/** `npm run local`: the stand-ins alone. */
await runScript(async () => {
  await ensureInstalled();
  becomeTypeScript("local/main.ts", process.argv.slice(2));
});
