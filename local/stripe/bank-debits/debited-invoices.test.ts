import type Stripe from "stripe";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createPayingCustomer, createPlan } from "@/local/stripe/testing/catalogue";
import { draftOver, toldOf } from "@/local/stripe/testing/invoicing";
import { startTestStripe, type TestStripe } from "@/local/stripe/testing/start-test-stripe";

const DAY_MS = 24 * 60 * 60 * 1000;
const MONTHLY = { recurring: { interval: "month" } } as const;

let local: TestStripe;
let stripe: Stripe;
beforeEach(async () => {
  local = await startTestStripe();
  stripe = local.stripe;
  // A Monday: what ends when depends on the days on which banks work.
  const startAt = Date.UTC(2027, 0, 4, 10) / 1000;
  expect((await local.lab("POST", "/clock", { start_at: startAt })).status).toBe(200);
});
afterEach(() => local.server.close());

async function pass(days: number): Promise<void> {
  expect((await local.lab("POST", "/clock", { advance_ms: days * DAY_MS })).status).toBe(200);
}

async function openInvoice(customer: Stripe.Customer, currency = "usd"): Promise<Stripe.Invoice> {
  const draft = await draftOver(stripe, customer, [], { currency });
  await stripe.invoiceItems.create({ customer: customer.id, invoice: draft.id, amount: 5000, currency });
  return stripe.invoices.finalizeInvoice(draft.id, { auto_advance: false });
}

async function subscribe(
  account: string,
  params: Partial<Stripe.SubscriptionCreateParams> = {},
): Promise<Stripe.Subscription> {
  const customer = await createPayingCustomer(stripe, `pm_usBankAccount_${account}`);
  const plan = await createPlan(stripe, { ...MONTHLY, unit_amount: 1900 });
  return stripe.subscriptions.create({ customer: customer.id, items: [{ price: plan.id }], ...params });
}

function invoiceOf({ latest_invoice: id }: Stripe.Subscription): Promise<Stripe.Invoice> {
  return stripe.invoices.retrieve(String(id));
}

// https://docs.stripe.com/payments/ach-direct-debit
describe("an invoice paid by debit", () => {
  test("stays open until the money is there, and is not debited twice", async () => {
    const customer = await createPayingCustomer(stripe, "pm_usBankAccount_success");
    const open = await openInvoice(customer);
    const paying = await stripe.invoices.pay(open.id);
    expect(paying).toMatchObject({ status: "open", attempted: true, attempt_count: 1, amount_paid: 0 });
    expect((await stripe.invoices.pay(open.id)).status).toBe("open");
    expect((await stripe.charges.list()).data).toHaveLength(1);
    await pass(7);
    expect(await stripe.invoices.retrieve(open.id)).toMatchObject({ status: "paid", amount_paid: 5000 });
    expect(await toldOf(stripe, open.id)).toEqual([
      "invoice.created",
      "invoice.updated",
      "invoice.finalized",
      "invoice.updated",
      "invoice.updated",
      "invoice.paid",
      "invoice.payment_succeeded",
    ]);
  });

  test("its page says so instead of asking for a card", async () => {
    const open = await openInvoice(await createPayingCustomer(stripe, "pm_usBankAccount_success"));
    const address = String(open.hosted_invoice_url);
    await stripe.invoices.pay(open.id);
    const page = await (await fetch(address)).text();
    expect(page).toContain("Your bank was asked to pay");
    expect(page).not.toContain("Card number");
    const body = new URLSearchParams({
      number: "4242424242424242",
      expiry: "12/34",
      cvc: "123",
      name: "Ada",
    });
    expect((await fetch(address, { method: "POST", redirect: "manual", body })).status).toBe(303);
    expect((await stripe.charges.list()).data).toHaveLength(1);
  });

  test("fails later, is open then, and a card can pay it", async () => {
    const customer = await createPayingCustomer(stripe, "pm_usBankAccount_accountClosed");
    const open = await openInvoice(customer);
    await stripe.invoices.pay(open.id);
    await pass(7);
    expect(await stripe.invoices.retrieve(open.id)).toMatchObject({ status: "open", attempt_count: 1 });
    expect(await toldOf(stripe, open.id)).toContain("invoice.payment_failed");
    const card = await stripe.paymentMethods.attach("pm_card_visa", { customer: customer.id });
    expect((await stripe.invoices.pay(open.id, { payment_method: card.id })).status).toBe("paid");
  });

  test("calls the debit back when it is voided", async () => {
    const open = await openInvoice(await createPayingCustomer(stripe, "pm_usBankAccount_success"));
    await stripe.invoices.pay(open.id);
    await stripe.invoices.voidInvoice(open.id);
    await pass(7);
    const [intent] = (await stripe.paymentIntents.list()).data;
    expect(intent).toMatchObject({ status: "canceled", amount_received: 0 });
    expect((await stripe.invoices.retrieve(open.id)).status).toBe("void");
    expect((await stripe.balanceTransactions.list()).data).toEqual([]);
  });

  test("in another currency fails at once, with the reason, and debits nobody", async () => {
    const open = await openInvoice(await createPayingCustomer(stripe, "pm_usBankAccount_success"), "eur");
    await expect(stripe.invoices.pay(open.id)).rejects.toMatchObject({
      statusCode: 402,
      code: "payment_method_currency_mismatch",
    });
    expect((await stripe.charges.list()).data).toEqual([]);
  });
});

// "For payment methods with longer processing periods, subscriptions are immediately activated."
// https://docs.stripe.com/billing/subscriptions/overview#payment-status
describe("a subscription paid by debit", () => {
  test("is active while its first payment is under way, and when it is there", async () => {
    const subscription = await subscribe("success");
    expect(subscription.status).toBe("active");
    expect((await invoiceOf(subscription)).status).toBe("open");
    await pass(7);
    expect((await stripe.subscriptions.retrieve(subscription.id)).status).toBe("active");
    expect((await invoiceOf(subscription)).status).toBe("paid");
  });

  test("becomes past due when its first payment fails, is not tried again, and recovers by card", async () => {
    const subscription = await subscribe("insufficientFunds");
    expect(subscription.status).toBe("active");
    await pass(7);
    expect((await stripe.subscriptions.retrieve(subscription.id)).status).toBe("past_due");
    const open = await invoiceOf(subscription);
    expect(open).toMatchObject({ status: "open", attempt_count: 1, next_payment_attempt: null });
    const told = (await stripe.events.list({ limit: 100 })).data.map(({ type }) => type).reverse();
    expect(told.slice(told.indexOf("charge.failed"))).toEqual([
      "charge.failed",
      "payment_intent.payment_failed",
      "invoice.payment_failed",
      "customer.updated",
      "customer.subscription.updated",
    ]);
    const card = await stripe.paymentMethods.attach("pm_card_visa", {
      customer: String(subscription.customer),
    });
    await stripe.invoices.pay(open.id, { payment_method: card.id });
    expect((await stripe.subscriptions.retrieve(subscription.id)).status).toBe("active");
  });

  test("is tried again by debit when a renewal failed, and canceled after the last retry", async () => {
    const quarterly = await createPlan(stripe);
    const customer = await createPayingCustomer(stripe, "pm_usBankAccount_success");
    const items = [{ price: quarterly.id }];
    const subscription = await stripe.subscriptions.create({ customer: customer.id, items });
    const account = await stripe.paymentMethods.attach("pm_usBankAccount_noAccount", {
      customer: customer.id,
    });
    await stripe.subscriptions.update(subscription.id, { default_payment_method: account.id });
    await pass(90 + 5);
    const due = await stripe.subscriptions.retrieve(subscription.id);
    expect(due.status).toBe("past_due");
    const renewal = await invoiceOf(due);
    expect(renewal.next_payment_attempt).not.toBeNull();
    expect((await toldOf(stripe, renewal.id)).slice(-2)).toEqual([
      "invoice.payment_failed",
      "invoice.updated",
    ]);
    await pass(60);
    const ended = await stripe.subscriptions.retrieve(subscription.id);
    expect(ended).toMatchObject({ status: "canceled", cancellation_details: { reason: "payment_failed" } });
    const charges = (await stripe.charges.list({ customer: customer.id })).data;
    expect(charges.map(({ status }) => status)).toEqual([
      "failed",
      "failed",
      "failed",
      "failed",
      "succeeded",
    ]);
  });

  test("renews by debit, each invoice settled days after it was finalized", async () => {
    const subscription = await subscribe("success");
    await pass(100);
    const invoices = (await stripe.invoices.list({ subscription: subscription.id })).data;
    expect(invoices.map(({ status }) => status)).toEqual(["paid", "paid", "paid", "paid"]);
    for (const { status_transitions: at } of invoices) {
      expect((at.paid_at ?? 0) - (at.finalized_at ?? 0)).toBeGreaterThanOrEqual((4 * DAY_MS) / 1000);
    }
    expect((await stripe.charges.list()).data).toHaveLength(4);
    expect((await stripe.subscriptions.retrieve(subscription.id)).status).toBe("active");
  });

  test("that waits for its customer begins when the debit does, and does not expire meanwhile", async () => {
    const customer = await stripe.customers.create();
    const plan = await createPlan(stripe, { ...MONTHLY, unit_amount: 1900 });
    const incomplete = await stripe.subscriptions.create({
      customer: customer.id,
      items: [{ price: plan.id }],
      payment_behavior: "default_incomplete",
    });
    expect(incomplete.status).toBe("incomplete");
    const [intent] = (await stripe.paymentIntents.list({ customer: customer.id })).data;
    await stripe.paymentIntents.confirm(String(intent?.id), {
      payment_method: "pm_usBankAccount_success",
      mandate_data: { customer_acceptance: { type: "offline", offline: {} } },
      return_url: "http://localhost:3000/return",
    });
    expect((await stripe.subscriptions.retrieve(incomplete.id)).status).toBe("active");
    expect(await invoiceOf(incomplete)).toMatchObject({ status: "open", attempted: true });
    await pass(7);
    expect((await stripe.subscriptions.retrieve(incomplete.id)).status).toBe("active");
    expect((await invoiceOf(incomplete)).status).toBe("paid");
  });

  test("lives by its customer's test clock", async () => {
    const clock = await stripe.testHelpers.testClocks.create({ frozen_time: 1_800_000_000 });
    const customer = await stripe.customers.create({ test_clock: clock.id });
    const method = await stripe.paymentMethods.attach("pm_usBankAccount_success", { customer: customer.id });
    const plan = await createPlan(stripe, { ...MONTHLY, unit_amount: 1900 });
    const subscription = await stripe.subscriptions.create({
      customer: customer.id,
      items: [{ price: plan.id }],
      default_payment_method: method.id,
    });
    await pass(7);
    expect((await invoiceOf(subscription)).status).toBe("open");
    await stripe.testHelpers.testClocks.advance(clock.id, { frozen_time: 1_800_000_000 + 7 * 24 * 3600 });
    expect((await invoiceOf(subscription)).status).toBe("paid");
  });
});
