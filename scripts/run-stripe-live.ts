import { writeFileSync } from "node:fs";
import Stripe from "stripe";
import { runScenarios } from "@/local/stripe/live/run-scenarios";
import { NOT_RUN, SCENARIOS } from "@/local/stripe/live/scenarios";

const RESULTS = "docs/stripe-live-results.json";
const LIVE_POLL_MS = 2000;
const TEST_POLL_MS = 20;

/**
 * Checks against Stripe's test mode what the local Stripe promises, prints each check as it ends and writes the results.
 * Ends with 1 when one failed.
 */
async function main(): Promise<void> {
  const refusal = refusalOf(process.env.STRIPE_SECRET_KEY);
  if (refusal !== null) {
    console.error(refusal);
    process.exit(1);
  }
  const { stripe, isStripe } = connect(process.env.STRIPE_SECRET_KEY ?? "");
  const results = await runScenarios(stripe, SCENARIOS, {
    pollMs: isStripe ? LIVE_POLL_MS : TEST_POLL_MS,
    tell({ name, status, differences }) {
      console.log(`${status === "passed" ? "✓" : "✗"} ${name}`);
      for (const difference of differences) console.log(`    ${difference}`);
    },
  });
  for (const { name, reason } of NOT_RUN) console.log(`- not run: ${name}. ${reason}`);
  const passed = results.filter(({ status }) => status === "passed");
  const failed = results.filter(({ status }) => status === "failed");
  const report = {
    last_run: new Date().toISOString(),
    sdk_version: Stripe.PACKAGE_VERSION,
    api_version: Stripe.API_VERSION,
    passed: passed.map(({ name }) => name),
    failed: failed.map(({ name, page, differences }) => ({ name, page, differences })),
    skipped: NOT_RUN,
  };
  writeFileSync(process.env.STRIPE_LIVE_TEST_RESULTS ?? RESULTS, `${JSON.stringify(report, null, 2)}\n`);
  console.log(`\n${passed.length} passed, ${failed.length} failed, ${NOT_RUN.length} not run`);
  process.exit(failed.length === 0 ? 0 : 1);
}

/** Why the key cannot be used, or null. Nothing is ever sent with a key of live mode. */
function refusalOf(key: string | undefined): string | null {
  if (!key) {
    return "STRIPE_SECRET_KEY is not set. Give the secret key of a Stripe account's test mode: STRIPE_SECRET_KEY=sk_test_… npm run test:stripe-live";
  }
  if (/^(sk|rk)_live_/.test(key)) {
    return "This is a key of live mode, where money is real. The checks run in test mode only: give a key that begins with sk_test_.";
  }
  if (!key.startsWith("sk_test_")) {
    return "STRIPE_SECRET_KEY is not the secret key of a test mode: it has to begin with sk_test_.";
  }
  return null;
}

/** Stripe itself, or what the runner's own test puts in its place on this machine. */
function connect(key: string): { stripe: Stripe; isStripe: boolean } {
  const port = process.env.STRIPE_LIVE_TEST_PORT;
  if (port === undefined) return { stripe: new Stripe(key, { maxNetworkRetries: 3 }), isStripe: true };
  const local = { host: "127.0.0.1", port: Number(port), protocol: "http", maxNetworkRetries: 0 } as const;
  return { stripe: new Stripe(key, local), isStripe: false };
}

await main();
