import { afterAll, beforeAll, expect, test } from "vitest";
import { refusalOf, startTestStripe, type TestStripe } from "@/local/stripe/testing/start-test-stripe";

let local: TestStripe;
beforeAll(async () => {
  local = await startTestStripe();
});
afterAll(() => local.server.close());

async function charge(customer?: string) {
  const intent = await local.stripe.paymentIntents.create({
    amount: 2000,
    currency: "usd",
    payment_method: "pm_card_visa",
    automatic_payment_methods: { enabled: true, allow_redirects: "never" },
    confirm: true,
    ...(customer === undefined ? {} : { customer }),
  });
  return local.stripe.charges.retrieve(String(intent.latest_charge));
}

// https://docs.stripe.com/api/charges/object
test("a charge tells what was paid with, and where its receipt is", async () => {
  const paid = await charge();
  expect(paid).toMatchObject({
    id: expect.stringMatching(/^ch_\w{24}$/),
    receipt_url: expect.stringMatching(`^${local.server.url}/receipts/${paid.id}/rcpt_\\w{24}$`),
    // Null until a receipt was mailed, and none is in test mode. https://docs.stripe.com/api/charges/capture
    receipt_number: null,
    calculated_statement_descriptor: "TOLLKEEPER (LOCAL)",
    payment_method_details: {
      type: "card",
      card: { amount_authorized: 2000, brand: "visa", last4: "4242", funding: "credit" },
    },
  });
});

// https://docs.stripe.com/api/charges/list
test("charges are listed by customer, intent and time", async () => {
  const customer = await local.stripe.customers.create({});
  const [first, second] = [await charge(customer.id), await charge(customer.id)];
  const list = async (params: object) => (await local.stripe.charges.list(params)).data.map(({ id }) => id);
  expect(await list({ customer: customer.id })).toEqual([second.id, first.id]);
  expect(await list({ payment_intent: String(first.payment_intent) })).toEqual([first.id]);
  expect(await list({ customer: customer.id, created: { gt: second.created } })).toEqual([]);
});

// https://docs.stripe.com/api/charges/update
test("description, metadata, receipt address and fraud report can be changed, and events tell", async () => {
  const { id } = await charge();
  const updated = await local.stripe.charges.update(id, {
    description: "Credits",
    metadata: { a: "1" },
    receipt_email: "ada@example.test",
    fraud_details: { user_report: "safe" },
  });
  expect(updated).toMatchObject({
    description: "Credits",
    metadata: { a: "1" },
    receipt_email: "ada@example.test",
    fraud_details: { user_report: "safe" },
  });
  const [event] = (await local.stripe.events.list({ limit: 1 })).data;
  expect(event).toMatchObject({
    type: "charge.updated",
    data: { object: { id }, previous_attributes: { description: null } },
  });
  expect((await refusalOf(local.stripe.charges.update("ch_none", {}))).statusCode).toBe(404);
});

test("charging without an intent, as integrations did before them, is not simulated", async () => {
  const error = await refusalOf(
    local.stripe.charges.create({ amount: 2000, currency: "usd", source: "tok_visa" }),
  );
  expect(error.code).toBe("not_simulated");
});
