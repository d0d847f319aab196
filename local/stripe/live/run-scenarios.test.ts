import { afterAll, beforeAll, expect, test } from "vitest";
import { startTestStripe, type TestStripe } from "@/local/stripe/testing/start-test-stripe";
import { check } from "./check";
import { runScenarios } from "./run-scenarios";
import type { Scenario } from "./scenario";
import { withoutAccountData } from "./without-account-data";
import { later, makeCustomer } from "./world";

let local: TestStripe;
beforeAll(async () => {
  local = await startTestStripe();
});
afterAll(() => local.server.close());

const PAGE = "https://docs.stripe.com/api";

function scenario(name: string, run: Scenario["run"]): Scenario {
  return { name, page: PAGE, run };
}

test("a check that fails says every difference, is cleaned up, and does not stop the others", async () => {
  const results = await runScenarios(
    local.stripe,
    [
      scenario("fails", async (_stripe, world) => {
        const customer = await makeCustomer(world, null);
        check("customer", customer, { balance: 5, email: "ada@example.com", object: "customer" });
      }),
      scenario("is refused", (stripe) => stripe.prices.retrieve("price_none").then(() => {})),
      scenario("cannot be cleaned up", async (stripe, world) => {
        later(world, "delete nobody", () => stripe.customers.del("cus_none"));
      }),
      scenario("passes", async () => check("one", { a: [1, 2] }, { a: [1, 2] })),
    ],
    { pollMs: 1 },
  );
  expect(results.map(({ status, differences }) => [status, differences])).toEqual([
    [
      "failed",
      ["customer.balance: expected 5, found 0", "customer.email: expected (an address), found null"],
    ],
    ["failed", ["refused: 404 resource_missing: No such price: 'price_none'"]],
    ["failed", ["cleaning up (delete nobody): refused: 404 resource_missing: No such customer: 'cus_none'"]],
    ["passed", []],
  ]);
  expect((await local.stripe.customers.list()).data).toEqual([]);
});

test.each([
  ["expected cus_NffrFeUfNV2Hib, found null", "expected cus_…, found null"],
  ["No such price: 'price_1MoBy5LkdIwHu7ixZhnattbh'", "No such price: 'price_…'"],
  ["Invalid API Key provided: sk_test_51H8abc", "Invalid API Key provided: sk_test_…"],
  ["see https://dashboard.stripe.com/acct_1032D82eZvKYlo2C/logs/req_1?t=1", "see (a link)"],
  ["sent to ada.l@example.com", "sent to (an address)"],
  ["pi_3MtwBwLkdIwHu7ix28a3tqPa_secret_YrKJUKribcBjcG8HVhfZluoGH", "pi_…"],
  [
    "expected subscription_cycle, found subscription_update",
    "expected subscription_cycle, found subscription_update",
  ],
])("%s is published as %s", (text, published) => {
  expect(withoutAccountData(text)).toBe(published);
});
