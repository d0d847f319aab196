import type Stripe from "stripe";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createPayingCustomer, createPlan } from "@/local/stripe/testing/catalogue";
import { startTestStripe, type TestStripe } from "@/local/stripe/testing/start-test-stripe";

const HOUR = 3600;
const DAY = 24 * HOUR;

let local: TestStripe;
let customer: Stripe.Customer;
let subscription: Stripe.Subscription;
/** When the renewal is first attempted. */
let attemptedAt: number;

/** A subscription in good standing whose card will be declined from the renewal on. */
beforeEach(async () => {
  local = await startTestStripe();
  customer = await createPayingCustomer(local.stripe);
  const price = await createPlan(local.stripe);
  subscription = await local.stripe.subscriptions.create({
    customer: customer.id,
    items: [{ price: price.id }],
  });
  attemptedAt = (subscription.items.data[0]?.current_period_end ?? 0) + HOUR;
  await giveDefaultCard("pm_card_chargeCustomerFail");
});
afterEach(() => local.server.close());

const jumpTo = (to: number) => local.lab("POST", "/clock", { to });

async function giveDefaultCard(card: string): Promise<void> {
  const method = await local.stripe.paymentMethods.attach(card, { customer: customer.id });
  await local.stripe.customers.update(customer.id, {
    invoice_settings: { default_payment_method: method.id },
  });
}

async function state() {
  const { status, latest_invoice: invoice } = await local.stripe.subscriptions.retrieve(subscription.id, {
    expand: ["latest_invoice"],
  });
  if (typeof invoice !== "object" || invoice === null) throw new Error("There is no invoice.");
  return { status, invoice };
}

async function eventsSince(moment: number): Promise<[number, string][]> {
  const events = await local.stripe.events.list({ created: { gte: moment }, limit: 100 });
  return events.data.map(({ created, type }): [number, string] => [created - moment, type]).reverse();
}

test("a renewal that fails is tried again after 3, 5 and 7 days, each told of with its number", async () => {
  await jumpTo(attemptedAt + 30 * DAY);
  const failures = await local.stripe.events.list({ type: "invoice.payment_failed" });
  const told = failures.data.toReversed().map(({ created, data }) => {
    const invoice = data.object as Stripe.Invoice; // the type of event says so
    return {
      at: created - attemptedAt,
      attempt: invoice.attempt_count,
      next: invoice.next_payment_attempt && invoice.next_payment_attempt - created,
    };
  });
  expect(told).toEqual([
    { at: 0, attempt: 1, next: 3 * DAY },
    { at: 3 * DAY, attempt: 2, next: 5 * DAY },
    { at: 8 * DAY, attempt: 3, next: 7 * DAY },
    { at: 15 * DAY, attempt: 4, next: null },
  ]);
  const charges = await local.stripe.charges.list({ customer: customer.id, limit: 100 });
  expect(charges.data.map(({ created, status }) => [created - attemptedAt, status]).slice(0, 4)).toEqual([
    [15 * DAY, "failed"],
    [8 * DAY, "failed"],
    [3 * DAY, "failed"],
    [0, "failed"],
  ]);
});

test("the first failure makes the subscription past due and the customer delinquent", async () => {
  await jumpTo(attemptedAt);
  expect(await state()).toMatchObject({
    status: "past_due",
    invoice: { status: "open", amount_remaining: 5400, attempted: true, attempt_count: 1 },
  });
  expect((await local.stripe.customers.retrieve(customer.id)) as Stripe.Customer).toMatchObject({
    delinquent: true,
  });
  expect(await eventsSince(attemptedAt)).toEqual(
    [
      "invoice.finalized",
      "payment_intent.created",
      "charge.failed",
      "payment_intent.payment_failed",
      "invoice.payment_failed",
      "invoice.updated",
      "customer.updated",
      "customer.subscription.updated",
    ].map((type) => [0, type]),
  );
});

describe("after the last retry", () => {
  const settle = (settings: object) => local.lab("POST", "/settings", settings);
  const last = () => attemptedAt + 15 * DAY;

  test("the subscription is canceled, unless the account is set otherwise; the invoice stays open", async () => {
    await jumpTo(last() - 1);
    expect((await state()).status).toBe("past_due");
    await jumpTo(last());
    expect(await state()).toMatchObject({
      status: "canceled",
      invoice: { status: "open", auto_advance: false, next_payment_attempt: null },
    });
    const canceled = await local.stripe.subscriptions.retrieve(subscription.id);
    expect(canceled).toMatchObject({
      ended_at: last(),
      cancellation_details: { reason: "payment_failed" },
    });
    expect((await eventsSince(last())).map(([, type]) => type)).toEqual([
      "charge.failed",
      "payment_intent.payment_failed",
      "invoice.payment_failed",
      "invoice.updated",
      "invoice.updated",
      "customer.subscription.deleted",
    ]);
    await jumpTo(last() + 200 * DAY);
    expect((await local.stripe.invoices.list({ subscription: subscription.id })).data).toHaveLength(2);
  });

  test("it is unpaid: invoices go on being drafted, nobody is charged, and paying the newest makes it active", async () => {
    await settle({ subscription_after_final_retry: "mark_unpaid" });
    await jumpTo(last());
    const { status, invoice } = await state();
    expect([status, invoice.status]).toEqual(["unpaid", "open"]);
    const attempts = (await local.stripe.charges.list({ limit: 100 })).data.length;
    await jumpTo(last() + 100 * DAY);
    expect(await state()).toMatchObject({
      status: "unpaid",
      invoice: { status: "draft", auto_advance: false },
    });
    expect((await local.stripe.charges.list({ limit: 100 })).data).toHaveLength(attempts);
    await giveDefaultCard("pm_card_visa");
    await local.stripe.invoices.pay(invoice.id);
    const { status: still, invoice: newest } = await state();
    expect(still).toBe("unpaid");
    await local.stripe.invoices.pay(newest.id);
    expect((await state()).status).toBe("active");
  });

  test("it is left past due, and the invoice written off, if the account is set so", async () => {
    await settle({
      subscription_after_final_retry: "leave_past_due",
      invoice_after_final_retry: "mark_uncollectible",
    });
    await jumpTo(last());
    expect(await state()).toMatchObject({
      status: "past_due",
      invoice: { status: "uncollectible", next_payment_attempt: null },
    });
    expect((await local.lab("POST", "/settings", { subscription_after_final_retry: "forget" })).status).toBe(
      400,
    );
  });
});

describe("a customer who puts it right", () => {
  test("with a new default card is charged at the next retry", async () => {
    await jumpTo(attemptedAt + DAY);
    await giveDefaultCard("pm_card_visa");
    expect((await state()).status).toBe("past_due");
    await jumpTo(attemptedAt + 3 * DAY);
    expect(await state()).toMatchObject({
      status: "active",
      invoice: { status: "paid", attempt_count: 2, next_payment_attempt: null },
    });
    expect((await local.stripe.customers.retrieve(customer.id)) as Stripe.Customer).toMatchObject({
      delinquent: false,
    });
    // Nothing of the old schedule is left, and the next renewal is as the first.
    await jumpTo(attemptedAt + 100 * DAY);
    expect((await local.stripe.invoices.list({ customer: customer.id, status: "paid" })).data).toHaveLength(
      3,
    );
  });

  test("by paying the invoice is active at once, and is not charged again", async () => {
    await jumpTo(attemptedAt + DAY);
    const good = await local.stripe.paymentMethods.attach("pm_card_visa", { customer: customer.id });
    const { invoice } = await state();
    await local.stripe.invoices.pay(invoice.id, { payment_method: good.id });
    expect((await state()).status).toBe("active");
    await jumpTo(attemptedAt + 20 * DAY);
    expect(await state()).toMatchObject({ status: "active", invoice: { status: "paid", attempt_count: 1 } });
  });

  test("an attempt by hand that fails leaves the schedule as it was", async () => {
    await jumpTo(attemptedAt + DAY);
    const { invoice } = await state();
    await expect(local.stripe.invoices.pay(invoice.id)).rejects.toMatchObject({ code: "card_declined" });
    expect((await state()).invoice).toMatchObject({
      attempt_count: 1,
      next_payment_attempt: attemptedAt + 3 * DAY,
    });
  });

  test("but changes only the customer's card while the subscription has its own, changes nothing", async () => {
    const own = await local.stripe.paymentMethods.attach("pm_card_chargeCustomerFail", {
      customer: customer.id,
    });
    await local.stripe.subscriptions.update(subscription.id, { default_payment_method: own.id });
    await giveDefaultCard("pm_card_visa");
    await jumpTo(attemptedAt + 3 * DAY);
    expect(await state()).toMatchObject({ status: "past_due", invoice: { attempt_count: 2 } });
  });
});

test("a card whose month is over is declined as expired", async () => {
  await giveDefaultCard("pm_card_visa");
  const { data } = await local.stripe.customers.listPaymentMethods(customer.id, { limit: 1 });
  const now = new Date();
  await local.stripe.paymentMethods.update(data[0]?.id ?? "", {
    card: { exp_month: now.getUTCMonth() + 1, exp_year: now.getUTCFullYear() },
  });
  await jumpTo(attemptedAt);
  const [charge] = (await local.stripe.charges.list({ limit: 1 })).data;
  expect(charge).toMatchObject({ status: "failed", failure_code: "expired_card" });
});

test("canceling stops the collection of what is open", async () => {
  await jumpTo(attemptedAt + DAY);
  await local.stripe.subscriptions.cancel(subscription.id);
  await jumpTo(attemptedAt + 30 * DAY);
  expect((await state()).invoice).toMatchObject({ status: "open", attempt_count: 1, auto_advance: false });
});
