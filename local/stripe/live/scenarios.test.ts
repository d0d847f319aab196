import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startTestStripe, type TestStripe } from "@/local/stripe/testing/start-test-stripe";
import { runScenarios } from "./run-scenarios";
import { SCENARIOS } from "./scenarios";

let local: TestStripe;
beforeAll(async () => {
  local = await startTestStripe();
});
afterAll(() => local.server.close());

describe("the contract checks hold for the local Stripe", () => {
  test.each(SCENARIOS.map((scenario) => ({ ...scenario, scenario })))(
    "$name ($page)",
    async ({ scenario }) => {
      const [result] = await runScenarios(local.stripe, [scenario], { pollMs: 1 });
      expect(result?.differences).toEqual([]);
    },
  );
});

test("what the checks made is gone or archived afterwards", async () => {
  const { stripe } = local;
  expect((await stripe.customers.list({ limit: 100 })).data).toEqual([]);
  expect((await stripe.testHelpers.testClocks.list({ limit: 100 })).data).toEqual([]);
  expect((await stripe.coupons.list({ limit: 100 })).data).toEqual([]);
  expect((await stripe.prices.list({ limit: 100, active: true })).data).toEqual([]);
  expect((await stripe.products.list({ limit: 100, active: true })).data).toEqual([]);
  expect((await stripe.taxRates.list({ limit: 100, active: true })).data).toEqual([]);
});

test("every check has a name of its own and the page it stands on", () => {
  expect(new Set(SCENARIOS.map(({ name }) => name)).size).toBe(SCENARIOS.length);
  for (const { page } of SCENARIOS) expect(page).toMatch(/^https:\/\/docs\.stripe\.com\//);
});
