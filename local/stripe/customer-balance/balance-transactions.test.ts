import type Stripe from "stripe";
import { afterAll, beforeAll, expect, test } from "vitest";
import { refusalOf, startTestStripe, type TestStripe } from "@/local/stripe/testing/start-test-stripe";

let local: TestStripe;
beforeAll(async () => {
  local = await startTestStripe();
});
afterAll(() => local.server.close());

const customerOf = async (id: string) => (await local.stripe.customers.retrieve(id)) as Stripe.Customer;

// https://docs.stripe.com/api/customer_balance_transactions
test("a transaction changes the balance, fixes the currency and tells of the customer", async () => {
  const { id } = await local.stripe.customers.create({});
  const credit = await local.stripe.customers.createBalanceTransaction(id, {
    amount: -500,
    currency: "usd",
    description: "Sorry",
    metadata: { case: "9" },
  });
  expect(credit).toMatchObject({
    type: "adjustment",
    amount: -500,
    ending_balance: -500,
    customer: id,
    description: "Sorry",
    metadata: { case: "9" },
    invoice: null,
    credit_note: null,
  });
  await local.stripe.customers.createBalanceTransaction(id, { amount: 700, currency: "usd" });
  expect(await customerOf(id)).toMatchObject({ balance: 200, currency: "usd" });
  const [event] = (await local.stripe.events.list({ limit: 1 })).data;
  expect(event).toMatchObject({ type: "customer.updated", data: { previous_attributes: { balance: -500 } } });
  const all = await local.stripe.customers.listBalanceTransactions(id);
  expect(all.data.map(({ ending_balance: ending }) => ending)).toEqual([200, -500]);
});

// https://docs.stripe.com/api/customer_balance_transactions/update
test("only its words can be changed, and it belongs to its customer", async () => {
  const { id } = await local.stripe.customers.create({});
  const other = await local.stripe.customers.create({});
  const made = await local.stripe.customers.createBalanceTransaction(id, { amount: -5, currency: "usd" });
  const changed = await local.stripe.customers.updateBalanceTransaction(id, made.id, { description: "Why" });
  expect(changed).toMatchObject({ amount: -5, description: "Why" });
  expect(await local.stripe.customers.retrieveBalanceTransaction(id, made.id)).toMatchObject({ id: made.id });
  const error = await refusalOf(local.stripe.customers.retrieveBalanceTransaction(other.id, made.id));
  expect([error.statusCode, error.code]).toEqual([404, "resource_missing"]);
});

// https://docs.stripe.com/api/customers/update#update_customer-balance
test("setting a customer's balance leaves its trace in the ledger", async () => {
  const customer = await local.stripe.customers.create({ balance: -1000 });
  expect(customer.balance).toBe(-1000);
  await local.stripe.customers.update(customer.id, { balance: -400 });
  const ledger = await local.stripe.customers.listBalanceTransactions(customer.id);
  expect(ledger.data).toMatchObject([
    { type: "adjustment", amount: 600, ending_balance: -400 },
    { type: "initial", amount: -1000, ending_balance: -1000 },
  ]);
});
