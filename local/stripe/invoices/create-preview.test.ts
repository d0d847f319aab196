import type Stripe from "stripe";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { createPayingCustomer, createPlan } from "@/local/stripe/testing/catalogue";
import { refusalOf, startTestStripe, type TestStripe } from "@/local/stripe/testing/start-test-stripe";

let local: TestStripe;
let customer: Stripe.Customer;
beforeAll(async () => {
  local = await startTestStripe();
});
afterAll(() => local.server.close());
beforeEach(async () => {
  customer = await createPayingCustomer(local.stripe);
});

const amounts = ({ subtotal, total, amount_due, total_excluding_tax, starting_balance }: Stripe.Invoice) => ({
  subtotal,
  total,
  amount_due,
  total_excluding_tax,
  starting_balance,
});

// https://docs.stripe.com/api/invoices/create_preview
test("what is previewed is what is charged", async () => {
  const rate = await local.stripe.taxRates.create({ display_name: "VAT", percentage: 7.7, inclusive: false });
  const off = await local.stripe.coupons.create({ percent_off: 33.3, duration: "once" });
  await local.stripe.customers.createBalanceTransaction(customer.id, { amount: -55, currency: "usd" });
  for (const amount of [333, 1001, -90]) {
    await local.stripe.invoiceItems.create({
      customer: customer.id,
      amount,
      currency: "usd",
      tax_rates: [rate.id],
    });
  }
  const discounts = [{ coupon: off.id }];
  const preview = await local.stripe.invoices.createPreview({ customer: customer.id, discounts });
  const draft = await local.stripe.invoices.create({
    customer: customer.id,
    discounts,
    pending_invoice_items_behavior: "include",
  });
  expect(amounts(preview)).toEqual(amounts(draft));
  expect(preview.lines.data.map(({ amount, taxes }) => [amount, taxes])).toEqual(
    draft.lines.data.map(({ amount, taxes }) => [amount, taxes]),
  );
  const paid = await local.stripe.invoices.pay(draft.id);
  expect(paid.amount_paid).toBe(preview.amount_due);
});

test("a preview leaves nothing behind, and has an id nobody finds", async () => {
  const item = await local.stripe.invoiceItems.create({
    customer: customer.id,
    amount: 500,
    currency: "usd",
  });
  const off = await local.stripe.coupons.create({ percent_off: 10, duration: "once" });
  const before = (await local.stripe.events.list({ limit: 1 })).data[0]?.id;
  const preview = await local.stripe.invoices.createPreview({
    customer: customer.id,
    discounts: [{ coupon: off.id }],
    invoice_items: [
      { amount: 100, currency: "usd" },
      { invoiceitem: item.id, amount: 700 },
    ],
  });
  expect(preview).toMatchObject({ billing_reason: "upcoming", status: "draft", subtotal: 800, total: 720 });
  expect(preview.id).toMatch(/^upcoming_in_/);
  expect((await local.stripe.events.list({ limit: 1 })).data[0]?.id).toBe(before);
  expect((await local.stripe.invoiceItems.retrieve(item.id)).amount).toBe(500);
  expect((await local.stripe.coupons.retrieve(off.id)).times_redeemed).toBe(0);
  expect((await local.stripe.invoices.list({ customer: customer.id })).data).toEqual([]);
  expect((await refusalOf(local.stripe.invoices.retrieve(preview.id))).statusCode).toBe(404);
});

test("details stand in for a customer who is not known yet", async () => {
  const preview = await local.stripe.invoices.createPreview({
    automatic_tax: { enabled: true },
    currency: "eur",
    customer_details: { address: { country: "DE", postal_code: "10115" } },
    invoice_items: [{ amount: 1000, currency: "eur" }],
  });
  expect(preview).toMatchObject({ customer: null, currency: "eur", total: 1190 });
});

test("with nothing to come there is nothing to preview", async () => {
  const error = await refusalOf(local.stripe.invoices.createPreview({ customer: customer.id }));
  expect([error.statusCode, error.code]).toEqual([400, "invoice_upcoming_none"]);
  expect((await refusalOf(local.stripe.invoices.createPreview({}))).code).toBe("parameter_missing");
});

// https://docs.stripe.com/api/invoices/create_preview
describe("a subscription", () => {
  test("is previewed as it will be renewed, with what is pending", async () => {
    const plan = await createPlan(local.stripe, { recurring: { interval: "month" } });
    const subscription = await local.stripe.subscriptions.create({
      customer: customer.id,
      items: [{ price: plan.id, quantity: 3 }],
    });
    await local.stripe.invoiceItems.create({ customer: customer.id, amount: 250, currency: "usd" });
    const end = subscription.items.data[0]?.current_period_end ?? 0;
    const named = await local.stripe.invoices.createPreview({ subscription: subscription.id });
    const found = await local.stripe.invoices.createPreview({ customer: customer.id });
    expect(amounts(found)).toEqual(amounts(named));
    expect(named).toMatchObject({ total: 3 * 5400 + 250, next_payment_attempt: end + 3600 });
    await local.lab("POST", "/clock", { to: end + 3600 });
    const [renewal] = (await local.stripe.invoices.list({ subscription: subscription.id })).data;
    expect(renewal).toMatchObject({ status: "paid", amount_paid: named.amount_due });
    expect(renewal?.lines.data.map(({ description, amount }) => [description, amount])).toEqual(
      named.lines.data.map(({ description, amount }) => [description, amount]),
    );
  });

  test("that is not there yet is previewed with its first invoice", async () => {
    const plan = await createPlan(local.stripe);
    const off = await local.stripe.coupons.create({ percent_off: 25, duration: "once" });
    const params = { items: [{ price: plan.id, quantity: 2 }] };
    const preview = await local.stripe.invoices.createPreview({
      customer: customer.id,
      discounts: [{ coupon: off.id }],
      subscription_details: params,
    });
    const subscription = await local.stripe.subscriptions.create({
      customer: customer.id,
      discounts: [{ coupon: off.id }],
      ...params,
      expand: ["latest_invoice"],
    });
    expect(subscription.latest_invoice).toMatchObject(amounts(preview));
    expect(preview.total).toBe(8100);
  });

  // https://docs.stripe.com/invoicing/preview#preview-the-recurring-charges-only
  test("is previewed for what recurs alone, without discounts, trials and what is charged once", async () => {
    const support = await createPlan(local.stripe, { unit_amount: 4900, recurring: { interval: "month" } });
    const winter = await local.stripe.coupons.create({ percent_off: 15, duration: "once" });
    const once = { amount: 10_000, currency: "usd", description: "Setup" };
    const params = {
      customer: customer.id,
      discounts: [{ coupon: winter.id }],
      invoice_items: [once],
      preview_mode: "recurring" as const,
    };
    const items = [{ price: support.id, quantity: 1 }];
    const unborn = await local.stripe.invoices.createPreview({
      ...params,
      subscription_details: { items, trial_end: "now" },
    });
    expect(unborn).toMatchObject({ total: 4900, lines: { data: [{ amount: 4900 }] } });
    const { id } = await local.stripe.subscriptions.create({
      customer: customer.id,
      items,
      trial_period_days: 3,
      discounts: [{ coupon: winter.id }],
    });
    const living = await local.stripe.invoices.createPreview({ ...params, subscription: id });
    expect(living).toMatchObject({ total: 4900, total_discount_amounts: [] });
    expect(living.lines.data).toHaveLength(1);
  });

  test("of somebody else is refused", async () => {
    const plan = await createPlan(local.stripe);
    const { id } = await local.stripe.subscriptions.create({
      customer: customer.id,
      items: [{ price: plan.id }],
    });
    const other = await createPayingCustomer(local.stripe);
    const error = await refusalOf(
      local.stripe.invoices.createPreview({ customer: other.id, subscription: id }),
    );
    expect([error.code, error.param]).toEqual(["resource_missing", "subscription"]);
  });
});
