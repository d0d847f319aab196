import { becomeTypeScript, ensureInstalled, runScript } from "./bootstrap.mjs";

/** `STRIPE_SECRET_KEY=sk_test_… npm run test:stripe-live`: the contract checks against Stripe's own test mode. */
await runScript(async () => {
  await ensureInstalled();
  becomeTypeScript("scripts/run-stripe-live.ts", process.argv.slice(2));
});
