import type Stripe from "stripe";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createPayingCustomer, createPlan } from "@/local/stripe/testing/catalogue";
import { startTestStripe, type TestStripe } from "@/local/stripe/testing/start-test-stripe";

const HOUR = 3600;
const DAY = 24 * HOUR;

let local: TestStripe;
beforeEach(async () => {
  local = await startTestStripe();
});
afterEach(() => local.server.close());

const day = (time: number | undefined) => new Date((time ?? 0) * 1000).toISOString().slice(0, 10);
const seconds = (iso: string) => Date.parse(iso) / 1000;
const jumpTo = (server: TestStripe, to: number) => server.lab("POST", "/clock", { to });
const endOf = (subscription: Stripe.Subscription) => subscription.items.data[0]?.current_period_end ?? 0;

async function subscribe(
  server: TestStripe,
  price: Partial<Stripe.PriceCreateParams> = {},
  params: Partial<Stripe.SubscriptionCreateParams> = {},
): Promise<Stripe.Subscription> {
  const [customer, plan] = [
    await createPayingCustomer(server.stripe),
    await createPlan(server.stripe, price),
  ];
  return server.stripe.subscriptions.create({
    customer: customer.id,
    items: [{ price: plan.id }],
    ...params,
  });
}

/** What has been told since the moment, oldest first. */
async function eventsSince(server: TestStripe, moment: number): Promise<Stripe.Event[]> {
  const events = server.stripe.events.list({ created: { gt: moment }, limit: 100 });
  return (await events.autoPagingToArray({ limit: 5000 })).reverse();
}

describe("a renewal", () => {
  test("drafts the invoice at the period's end, and collects it an hour later", async () => {
    const before = await subscribe(local);
    const end = endOf(before);
    await jumpTo(local, end + HOUR - 1);
    const renewed = await local.stripe.subscriptions.retrieve(before.id, { expand: ["latest_invoice"] });
    expect(renewed).toMatchObject({ status: "active", billing_cycle_anchor: before.billing_cycle_anchor });
    expect(renewed.items.data[0]).toMatchObject({ current_period_start: end });
    expect(renewed.latest_invoice).toMatchObject({
      status: "draft",
      billing_reason: "subscription_cycle",
      attempted: false,
      created: end,
      automatically_finalizes_at: end + HOUR,
      next_payment_attempt: end + HOUR,
      // The invoice looks back, its lines look ahead.
      period_start: before.created,
      period_end: end,
      lines: { data: [{ amount: 5400, period: { start: end, end: endOf(renewed) } }] },
    });
    await jumpTo(local, end + HOUR);
    const invoice = await local.stripe.invoices.retrieve(
      String((await local.stripe.subscriptions.retrieve(before.id)).latest_invoice),
    );
    expect(invoice).toMatchObject({
      status: "paid",
      amount_paid: 5400,
      attempt_count: 1,
      next_payment_attempt: null,
      status_transitions: { finalized_at: end + HOUR, paid_at: end + HOUR },
    });
    expect((await local.stripe.subscriptions.retrieve(before.id)).status).toBe("active");
  });

  // https://docs.stripe.com/billing/subscriptions/webhooks#events
  test("is told of in the order Stripe documents, each event at its own moment", async () => {
    const before = await subscribe(local);
    const end = endOf(before);
    await jumpTo(local, end + 2 * HOUR);
    const told = await eventsSince(local, before.created + DAY);
    expect(told.map(({ created, type }) => [created - end, type])).toEqual([
      [-7 * DAY, "invoice.upcoming"],
      [0, "customer.subscription.updated"],
      [0, "invoice.created"],
      [HOUR, "invoice.finalized"],
      [HOUR, "payment_intent.created"],
      [HOUR, "charge.succeeded"],
      [HOUR, "payment_intent.succeeded"],
      [HOUR, "invoice_payment.paid"],
      [HOUR, "invoice.updated"],
      [HOUR, "invoice.paid"],
      [HOUR, "invoice.payment_succeeded"],
    ]);
    const [upcoming, updated] = told;
    expect(upcoming?.data.object).not.toHaveProperty("id");
    expect(upcoming?.data.object).toMatchObject({ amount_due: 5400, next_payment_attempt: end + HOUR });
    expect(updated?.data.previous_attributes).toMatchObject({ latest_invoice: before.latest_invoice });
    expect(told.every(({ request }) => request?.id === null)).toBe(true);
  });

  test.each<[string, Stripe.PriceCreateParams.Recurring, string[]]>([
    ["months", { interval: "month" }, ["2026-02-28", "2026-03-31", "2026-04-30", "2026-05-31"]],
    ["quarters", { interval: "month", interval_count: 3 }, ["2026-04-30", "2026-07-31", "2026-10-31"]],
    ["years", { interval: "year" }, ["2027-01-31", "2028-01-31"]],
    ["weeks", { interval: "week" }, ["2026-02-07", "2026-02-14", "2026-02-21"]],
  ])("over month ends keeps the anchor's day: %s from 31 January", async (_name, recurring, days) => {
    await local.lab("POST", "/clock", { start_at: seconds("2026-01-31T10:20:00Z") });
    let subscription = await subscribe(local, { recurring });
    const anchor = subscription.billing_cycle_anchor;
    const ends: string[] = [];
    for (const _ of days) {
      ends.push(day(endOf(subscription)));
      expect(endOf(subscription) % DAY).toBe(anchor % DAY);
      await jumpTo(local, endOf(subscription) + HOUR);
      subscription = await local.stripe.subscriptions.retrieve(subscription.id);
    }
    expect(ends).toEqual(days);
    const invoices = await local.stripe.invoices.list({ subscription: subscription.id, limit: 100 });
    expect(invoices.data.map(({ status }) => status)).toEqual(Array(days.length + 1).fill("paid"));
    expect(subscription.billing_cycle_anchor).toBe(anchor);
  });

  test("one leap and many small steps tell the same story", async () => {
    const other = await startTestStripe();
    const stories = [];
    for (const [server, step] of [
      [local, 400 * DAY],
      [other, 5 * DAY],
    ] as const) {
      await server.lab("POST", "/clock", { start_at: seconds("2026-01-31T10:20:00Z") });
      const monthly = await subscribe(server, { recurring: { interval: "month" } });
      const failing = await subscribe(server, {}, { trial_period_days: 9 });
      const bad = await server.stripe.paymentMethods.attach("pm_card_chargeCustomerFail", {
        customer: String(failing.customer),
      });
      await server.stripe.subscriptions.update(failing.id, { default_payment_method: bad.id });
      const start = monthly.created;
      for (let at = start + step; at <= start + 400 * DAY; at += step) await jumpTo(server, at);
      // Made seconds apart, so the two stories are told to the minute. Events are kept for a month.
      const minute = (at: number) => Math.round((at - start) / 60);
      const told = await eventsSince(server, start + 375 * DAY);
      const invoices = await server.stripe.invoices.list({ limit: 100 });
      const charges = await server.stripe.charges.list({ limit: 100 });
      stories.push([
        ...told.map(({ created, type }) => `${minute(created)} ${type}`),
        ...invoices.data.map(({ created, status, total }) => `${minute(created)} ${status} ${total}`),
        ...charges.data.map(({ created, status }) => `${minute(created)} ${status}`),
      ]);
    }
    expect(stories[0]?.length).toBeGreaterThan(35);
    expect(stories[1]).toEqual(stories[0]);
    await other.server.close();
  });

  test("sixty days of ten subscriptions pass in less than a second", async () => {
    const customer = await createPayingCustomer(local.stripe);
    const price = await createPlan(local.stripe, { recurring: { interval: "week" } });
    for (let index = 0; index < 10; index += 1) {
      await local.stripe.subscriptions.create({ customer: customer.id, items: [{ price: price.id }] });
    }
    const startedAt = performance.now();
    await local.lab("POST", "/clock", { advance_ms: 60 * DAY * 1000 });
    expect(performance.now() - startedAt).toBeLessThan(1000);
    expect((await local.stripe.invoices.list({ limit: 100, status: "paid" })).data).toHaveLength(90);
  });
});

describe("a subscription whose end was announced", () => {
  test("ends with its period and is not renewed", async () => {
    const { id, ...before } = await subscribe(local);
    const end = endOf({ id, ...before });
    await local.stripe.subscriptions.update(id, { cancel_at_period_end: true });
    await jumpTo(local, end + 30 * DAY);
    expect(await local.stripe.subscriptions.retrieve(id)).toMatchObject({
      status: "canceled",
      ended_at: end,
      cancellation_details: { reason: "cancellation_requested" },
    });
    expect((await local.stripe.invoices.list({ subscription: id })).data).toHaveLength(1);
    const told = await eventsSince(local, before.created + DAY);
    expect(told.map(({ created, type }) => [created, type])).toEqual([
      [end, "customer.subscription.deleted"],
    ]);
  });

  test("taken back in time, it is renewed", async () => {
    const before = await subscribe(local, {}, { cancel_at_period_end: true });
    await jumpTo(local, endOf(before) - DAY);
    await local.stripe.subscriptions.update(before.id, { cancel_at_period_end: false });
    await jumpTo(local, endOf(before) + HOUR);
    expect(await local.stripe.subscriptions.retrieve(before.id)).toMatchObject({ status: "active" });
  });

  test("at a moment within the period, it ends then", async () => {
    const before = await subscribe(local);
    const at = before.created + 10 * DAY;
    await local.stripe.subscriptions.update(before.id, { cancel_at: at });
    await jumpTo(local, endOf(before) + DAY);
    expect(await local.stripe.subscriptions.retrieve(before.id)).toMatchObject({
      status: "canceled",
      ended_at: at,
    });
  });
});

describe("a trial that ends", () => {
  test("with a card is paid an hour later, in a period of its own", async () => {
    const before = await subscribe(local, {}, { trial_period_days: 14 });
    const end = before.trial_end ?? 0;
    await jumpTo(local, end);
    const begun = await local.stripe.subscriptions.retrieve(before.id, { expand: ["latest_invoice"] });
    expect(begun).toMatchObject({ status: "active", trial_end: end, billing_cycle_anchor: end });
    expect(begun.latest_invoice).toMatchObject({
      status: "draft",
      billing_reason: "subscription_cycle",
      total: 5400,
    });
    expect(begun.items.data[0]?.current_period_start).toBe(end);
    await jumpTo(local, end + HOUR);
    const told = await eventsSince(local, before.created + DAY);
    expect(told.map(({ created, type }) => [created - end, type]).slice(0, 5)).toEqual([
      [-7 * DAY, "invoice.upcoming"],
      [-3 * DAY, "customer.subscription.trial_will_end"],
      [0, "customer.subscription.updated"],
      [0, "invoice.created"],
      [HOUR, "invoice.finalized"],
    ]);
    expect((await local.stripe.invoices.list({ subscription: before.id, status: "paid" })).data).toHaveLength(
      2,
    );
  });

  test("with a card that fails is past due, and Stripe tries again", async () => {
    const customer = await createPayingCustomer(local.stripe, "pm_card_chargeCustomerFail");
    const price = await createPlan(local.stripe);
    const before = await local.stripe.subscriptions.create({
      customer: customer.id,
      items: [{ price: price.id }],
      trial_period_days: 14,
    });
    const end = before.trial_end ?? 0;
    await jumpTo(local, end + HOUR);
    const failed = await local.stripe.subscriptions.retrieve(before.id, { expand: ["latest_invoice"] });
    expect(failed.status).toBe("past_due");
    expect(failed.latest_invoice).toMatchObject({ next_payment_attempt: end + HOUR + 3 * DAY });
  });

  async function trialWithoutCard(missing?: "cancel" | "create_invoice" | "pause") {
    const customer = await local.stripe.customers.create({});
    const price = await createPlan(local.stripe);
    const subscription = await local.stripe.subscriptions.create({
      customer: customer.id,
      items: [{ price: price.id }],
      trial_period_days: 14,
      ...(missing ? { trial_settings: { end_behavior: { missing_payment_method: missing } } } : {}),
    });
    await jumpTo(local, (subscription.trial_end ?? 0) + HOUR);
    const told = await eventsSince(local, (subscription.trial_end ?? 0) - DAY);
    const after = await local.stripe.subscriptions.retrieve(subscription.id, { expand: ["latest_invoice"] });
    return { after, types: told.map(({ type }) => type) };
  }

  // https://docs.stripe.com/billing/subscriptions/trials/free-trials#create-free-trials-without-payment
  test("without a card is invoiced and past due, without a charge", async () => {
    const { after, types } = await trialWithoutCard();
    expect(after.status).toBe("past_due");
    expect(after.latest_invoice).toMatchObject({ status: "open", attempted: true, attempt_count: 1 });
    expect(types).toContain("invoice.payment_failed");
    expect((await local.stripe.charges.list()).data).toEqual([]);
  });

  test("without a card is canceled if it was set up so", async () => {
    const { after, types } = await trialWithoutCard("cancel");
    expect([after.status, after.ended_at]).toEqual(["canceled", after.trial_end]);
    expect(types).toEqual(["customer.subscription.deleted"]);
  });

  test("without a card is paused if it was set up so, and makes no invoices", async () => {
    const { after, types } = await trialWithoutCard("pause");
    expect(after.status).toBe("paused");
    expect(types).toEqual(["customer.subscription.updated", "customer.subscription.paused"]);
    await local.lab("POST", "/clock", { advance_ms: 200 * DAY * 1000 });
    expect((await local.stripe.invoices.list({ subscription: after.id })).data).toHaveLength(1);
  });
});
