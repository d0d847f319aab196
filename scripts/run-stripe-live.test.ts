import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { LOCAL_CREDENTIALS } from "@/local/credentials";
import { NOT_RUN, SCENARIOS } from "@/local/stripe/live/scenarios";
import { startTestStripe, type TestStripe } from "@/local/stripe/testing/start-test-stripe";

let local: TestStripe;
let folder: string;
let results: string;
beforeAll(async () => {
  local = await startTestStripe();
  folder = mkdtempSync(path.join(os.tmpdir(), "stripe-live-"));
  results = path.join(folder, "results.json");
});
afterAll(async () => {
  await local.server.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Runs the script as npm does, pointed at the local Stripe. */
function run(env: Record<string, string>): Promise<{ code: number; output: string }> {
  const script = path.resolve("scripts/run-stripe-live.ts");
  const flags = [
    "--disable-warning=ExperimentalWarning",
    "--import",
    path.resolve("local/resolve-typescript.mjs"),
  ];
  const settings = {
    PATH: process.env.PATH ?? "",
    STRIPE_LIVE_TEST_PORT: String(local.server.port),
    STRIPE_LIVE_TEST_RESULTS: results,
    ...env,
  };
  return new Promise((resolve) => {
    // The environment is the script's own: nothing else may reach it.
    execFile(
      process.execPath,
      [...flags, script],
      { env: { NODE_ENV: "test", ...settings } },
      (error, out, err) => {
        resolve({ code: error ? Number(error.code) : 0, output: `${out}${err}` });
      },
    );
  });
}

test("prints every check and what is not run, and writes what was found", async () => {
  const { code, output } = await run({ STRIPE_SECRET_KEY: LOCAL_CREDENTIALS.stripeSecretKey });
  expect(output).toContain(`${SCENARIOS.length} passed, 0 failed, ${NOT_RUN.length} not run`);
  expect(code).toBe(0);
  for (const { name } of SCENARIOS) expect(output).toContain(`✓ ${name}`);
  for (const { name, reason } of NOT_RUN) expect(output).toContain(`- not run: ${name}. ${reason}`);
  const report = JSON.parse(readFileSync(results, "utf8"));
  expect(report).toEqual({
    last_run: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
    sdk_version: "23.1.0",
    api_version: "2026-10-28.endive",
    passed: SCENARIOS.map(({ name }) => name),
    failed: [],
    skipped: NOT_RUN,
  });
  expect(JSON.stringify(report)).not.toContain(LOCAL_CREDENTIALS.stripeSecretKey);
}, 60_000);

test("a check that fails is told with its differences, and the script fails", async () => {
  await local.lab("POST", "/faults", { route: "POST /v1/tax_rates", status: "500", count: 1 });
  const { code, output } = await run({ STRIPE_SECRET_KEY: LOCAL_CREDENTIALS.stripeSecretKey });
  await local.lab("DELETE", "/faults");
  expect(code).toBe(1);
  expect(output).toContain("✗ tax is added to an amount or contained in it, as its rate says");
  const { failed } = JSON.parse(readFileSync(results, "utf8"));
  expect(failed).toEqual([
    {
      name: "tax is added to an amount or contained in it, as its rate says",
      page: "https://docs.stripe.com/billing/taxes/tax-rates",
      differences: [expect.stringContaining("refused: 500")],
    },
  ]);
}, 60_000);

test.each([
  ["without a key", {}, "STRIPE_SECRET_KEY is not set."],
  ["with a live key", { STRIPE_SECRET_KEY: "sk_live_x" }, "This is a key of live mode, where money is real."],
  ["with a restricted live key", { STRIPE_SECRET_KEY: "rk_live_x" }, "This is a key of live mode"],
  ["with a publishable key", { STRIPE_SECRET_KEY: "pk_test_x" }, "has to begin with sk_test_."],
])("%s it asks nothing of anybody", async (_what, env, sentence) => {
  rmSync(results, { force: true });
  const { code, output } = await run(env);
  expect([code, output]).toEqual([1, expect.stringContaining(sentence)]);
  expect(() => readFileSync(results)).toThrow();
});

test("the results that are kept say when the checks last ran, and nothing of an account", () => {
  const kept = readFileSync("docs/stripe-live-results.json", "utf8");
  expect(Object.keys(JSON.parse(kept))).toEqual([
    "last_run",
    "sdk_version",
    "api_version",
    "passed",
    "failed",
    "skipped",
  ]);
  expect(kept).not.toMatch(/(sk|rk|pk)_(test|live)_\w|acct_\w/);
});
