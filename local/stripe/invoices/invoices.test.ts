import { afterAll, beforeAll, expect, test } from "vitest";
import { createPayingCustomer, createPlan } from "@/local/stripe/testing/catalogue";
import { refusalOf, startTestStripe, type TestStripe } from "@/local/stripe/testing/start-test-stripe";

let local: TestStripe;
beforeAll(async () => {
  local = await startTestStripe();
});
afterAll(() => local.server.close());

test("invoices are numbered per customer and found by customer, subscription and status", async () => {
  const price = await createPlan(local.stripe);
  const customer = await createPayingCustomer(local.stripe);
  const items = [{ price: price.id, quantity: 2 }];
  const first = await local.stripe.subscriptions.create({ customer: customer.id, items });
  const second = await local.stripe.subscriptions.create({
    customer: customer.id,
    items,
    trial_period_days: 7,
  });

  const all = await local.stripe.invoices.list({ customer: customer.id });
  expect(all.data.map(({ number }) => number)).toEqual([
    `${customer.invoice_prefix}-0002`,
    `${customer.invoice_prefix}-0001`,
  ]);
  const ofFirst = await local.stripe.invoices.list({ subscription: first.id, status: "paid" });
  expect(ofFirst.data.map(({ id }) => id)).toEqual([first.latest_invoice]);
  expect((await local.stripe.invoices.list({ subscription: second.id, status: "open" })).data).toEqual([]);

  const [invoice] = ofFirst.data;
  expect(invoice).toMatchObject({ total: 10_800, subtotal: 10_800, customer_email: "ada@example.test" });
  expect(invoice?.status_transitions.paid_at).toBe(invoice?.created);
  const lines = await local.stripe.invoices.listLineItems(String(first.latest_invoice));
  expect(lines.data).toMatchObject([
    {
      amount: 10_800,
      quantity: 2,
      description: "2 × Community Pro (at $54.00 / every 3 months)",
      period: {
        start: first.items.data[0]?.current_period_start,
        end: first.items.data[0]?.current_period_end,
      },
      pricing: { price_details: { price: price.id, product: price.product } },
      parent: { subscription_item_details: { subscription: first.id, proration: false } },
    },
  ]);
});

test("a paid invoice leads to its payment intent and charge", async () => {
  const price = await createPlan(local.stripe);
  const customer = await createPayingCustomer(local.stripe);
  const subscription = await local.stripe.subscriptions.create({
    customer: customer.id,
    items: [{ price: price.id }],
  });
  const invoice = await local.stripe.invoices.retrieve(String(subscription.latest_invoice), {
    expand: ["payments"],
  });
  const intentId = String(invoice.payments?.data[0]?.payment.payment_intent);
  const intent = await local.stripe.paymentIntents.retrieve(intentId, { expand: ["latest_charge"] });
  expect(intent).toMatchObject({ status: "succeeded", amount_received: 5400, customer: customer.id });
  expect(intent.latest_charge).toMatchObject({ status: "succeeded", amount: 5400, payment_intent: intentId });
  const balance = await local.stripe.balance.retrieve();
  expect(balance.pending.find(({ currency }) => currency === "usd")?.amount).toBeGreaterThanOrEqual(5400);
});

test("changing an invoice is refused as not simulated yet", async () => {
  const price = await createPlan(local.stripe);
  const customer = await createPayingCustomer(local.stripe);
  const { latest_invoice: id } = await local.stripe.subscriptions.create({
    customer: customer.id,
    items: [{ price: price.id }],
  });
  for (const call of [local.stripe.invoices.voidInvoice(String(id)), local.stripe.invoices.pay(String(id))]) {
    expect((await refusalOf(call)).code).toBe("not_simulated");
  }
});
