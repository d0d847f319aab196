import type Stripe from "stripe";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createPayingCustomer, createPlan, openCheckout } from "@/local/stripe/testing/catalogue";
import { postCheckout } from "@/local/stripe/testing/pay";
import { refusalOf, startTestStripe, type TestStripe } from "@/local/stripe/testing/start-test-stripe";

const DAY = 24 * 60 * 60;
/** 2024-01-01T00:00:00Z, long before the wall clock's time. */
const START = 1_704_067_200;
const MONTHLY = { recurring: { interval: "month" }, unit_amount: 2000 } as const;

let local: TestStripe;
beforeAll(async () => {
  local = await startTestStripe();
});
afterAll(() => local.server.close());

function createClock(params: Partial<Stripe.TestHelpers.TestClockCreateParams> = {}) {
  return local.stripe.testHelpers.testClocks.create({ frozen_time: START, ...params });
}

/** A customer of the clock who has a card. */
async function createCustomerOf(clock: Stripe.TestHelpers.TestClock, method = "pm_card_visa") {
  return local.stripe.customers.create({
    test_clock: clock.id,
    payment_method: method,
    invoice_settings: { default_payment_method: method },
  });
}

async function advance(clock: Stripe.TestHelpers.TestClock, to: number) {
  await local.stripe.testHelpers.testClocks.advance(clock.id, { frozen_time: to });
  return local.stripe.testHelpers.testClocks.retrieve(clock.id);
}

// https://docs.stripe.com/api/test_clocks
describe("a test clock", () => {
  test("is created, read back and listed, and goes by itself after thirty days", async () => {
    const clock = await createClock({ name: "Renewals" });
    expect(clock).toMatchObject({ frozen_time: START, name: "Renewals", status: "ready", livemode: false });
    expect(clock.id).toMatch(/^clock_\w{24}$/);
    expect(clock.deletes_after).toBe(clock.created + 30 * DAY);
    expect(await local.stripe.testHelpers.testClocks.retrieve(clock.id)).toEqual(clock);
    expect((await local.stripe.testHelpers.testClocks.list()).data[0]).toEqual(clock);
    const missing = await refusalOf(local.stripe.testHelpers.testClocks.retrieve("clock_none"));
    expect([missing.statusCode, missing.code]).toEqual([404, "resource_missing"]);
  });

  test("tells that it is advancing, and is ready by the next call", async () => {
    const clock = await createClock();
    const advancing = await local.stripe.testHelpers.testClocks.advance(clock.id, {
      frozen_time: START + DAY,
    });
    expect(advancing).toMatchObject({
      status: "advancing",
      frozen_time: START,
      status_details: { advancing: { target_frozen_time: START + DAY } },
    });
    const ready = await local.stripe.testHelpers.testClocks.retrieve(clock.id);
    expect(ready).toMatchObject({ status: "ready", frozen_time: START + DAY, status_details: {} });
    const told = await local.stripe.events.list({ type: "test_helpers.test_clock.*", limit: 3 });
    expect(told.data.map(({ type }) => type)).toEqual([
      "test_helpers.test_clock.ready",
      "test_helpers.test_clock.advancing",
      "test_helpers.test_clock.created",
    ]);
  });

  test("only goes forward, by two intervals of the shortest subscription or else two years", async () => {
    const clock = await createClock();
    const goTo = (to: number) =>
      refusalOf(local.stripe.testHelpers.testClocks.advance(clock.id, { frozen_time: to }));
    expect((await goTo(START)).param).toBe("frozen_time");
    // 2024 is a leap year.
    expect((await goTo(START + 731 * DAY + 1)).param).toBe("frozen_time");
    const customer = await createCustomerOf(clock);
    const [yearly, monthly] = [
      await createPlan(local.stripe, { recurring: { interval: "year" } }),
      await createPlan(local.stripe, MONTHLY),
    ];
    await local.stripe.subscriptions.create({ customer: customer.id, items: [{ price: yearly.id }] });
    await local.stripe.subscriptions.create({ customer: customer.id, items: [{ price: monthly.id }] });
    const [january, february] = [31, 29];
    expect((await goTo(START + (january + february) * DAY + 1)).message).toContain("two intervals");
    expect((await advance(clock, START + (january + february) * DAY)).status).toBe("ready");
  });

  test("has at most three customers with at most three subscriptions each", async () => {
    const clock = await createClock();
    const customer = await createCustomerOf(clock);
    await createCustomerOf(clock);
    await createCustomerOf(clock);
    expect((await refusalOf(createCustomerOf(clock))).param).toBe("test_clock");
    const items = [{ price: (await createPlan(local.stripe)).id }];
    for (let count = 0; count < 3; count += 1) {
      await local.stripe.subscriptions.create({ customer: customer.id, items });
    }
    const fourth = await refusalOf(local.stripe.subscriptions.create({ customer: customer.id, items }));
    expect(fourth.statusCode).toBe(400);
  });

  // https://docs.stripe.com/billing/testing/test-clocks/api-advanced-usage
  test("takes its customers with it when it is deleted, and ends their subscriptions", async () => {
    const clock = await createClock();
    const customer = await createCustomerOf(clock);
    const items = [{ price: (await createPlan(local.stripe, MONTHLY)).id }];
    const { id } = await local.stripe.subscriptions.create({ customer: customer.id, items });
    expect(await local.stripe.testHelpers.testClocks.del(clock.id)).toMatchObject({
      id: clock.id,
      deleted: true,
    });
    expect(await local.stripe.customers.retrieve(customer.id)).toMatchObject({ deleted: true });
    expect(await local.stripe.subscriptions.retrieve(id)).toMatchObject({
      status: "canceled",
      ended_at: START,
    });
    expect((await refusalOf(local.stripe.testHelpers.testClocks.retrieve(clock.id))).statusCode).toBe(404);
    const [last] = (await local.stripe.events.list({ limit: 1 })).data;
    expect(last?.type).toBe("test_helpers.test_clock.deleted");
    const gone = await refusalOf(createCustomerOf(clock));
    expect([gone.code, gone.param]).toEqual(["resource_missing", "test_clock"]);
  });
});

// https://docs.stripe.com/billing/testing/test-clocks
describe("what belongs to a test clock", () => {
  test("lives by its time: a subscription renews there and nowhere else", async () => {
    const clock = await createClock();
    const customer = await createCustomerOf(clock);
    expect([customer.created, customer.test_clock]).toEqual([START, clock.id]);
    const items = [{ price: (await createPlan(local.stripe, MONTHLY)).id }];
    const subscription = await local.stripe.subscriptions.create({ customer: customer.id, items });
    expect(subscription).toMatchObject({ created: START, test_clock: clock.id, status: "active" });
    const firstEnd = START + 31 * DAY;
    expect(subscription.items.data[0]?.current_period_end).toBe(firstEnd);

    // The wall clock is years past the period's end, and a leap of the global clock does not matter either.
    await local.lab("POST", "/clock", { advance_ms: DAY * 1000 });
    expect(
      (await local.stripe.subscriptions.retrieve(subscription.id)).items.data[0]?.current_period_end,
    ).toBe(firstEnd);

    await advance(clock, firstEnd + 3600);
    const renewed = await local.stripe.subscriptions.retrieve(subscription.id);
    expect(renewed.items.data[0]?.current_period_start).toBe(firstEnd);
    const [invoice] = (await local.stripe.invoices.list({ customer: customer.id, limit: 1 })).data;
    expect(invoice).toMatchObject({
      test_clock: clock.id,
      created: firstEnd,
      status: "paid",
      status_transitions: { paid_at: firstEnd + 3600 },
    });
    const [paid] = (await local.stripe.events.list({ type: "invoice.paid", limit: 1 })).data;
    expect(paid?.created).toBe(firstEnd + 3600);
  });

  test("whatever call names it runs at its time: by customer, by item, by invoice and on the checkout page", async () => {
    const clock = await createClock();
    const customer = await createCustomerOf(clock);
    const price = await createPlan(local.stripe, MONTHLY);
    const items = [{ price: price.id }];
    const subscription = await local.stripe.subscriptions.create({ customer: customer.id, items });
    await advance(clock, START + 10 * DAY);
    const now = START + 10 * DAY;
    const item = await local.stripe.invoiceItems.create({
      customer: customer.id,
      amount: 100,
      currency: "usd",
    });
    expect([item.date, item.test_clock]).toEqual([now, clock.id]);
    const intent = await local.stripe.paymentIntents.create({
      customer: customer.id,
      amount: 500,
      currency: "usd",
    });
    expect(intent.created).toBe(now);
    await local.stripe.subscriptionItems.update(subscription.items.data[0]?.id ?? "", { quantity: 2 });
    const [updated] = (await local.stripe.events.list({ type: "customer.subscription.updated", limit: 1 }))
      .data;
    expect(updated?.created).toBe(now);
    const session = await openCheckout(local.stripe, price, { customer: customer.id });
    expect(session.expires_at).toBe(now + DAY);
    expect((await postCheckout(session)).status).toBe(303);
    const bought = await local.stripe.subscriptions.list({ customer: customer.id, limit: 1 });
    expect(bought.data[0]).toMatchObject({ created: now, test_clock: clock.id });
  });

  test("a session expires by its clock", async () => {
    const clock = await createClock();
    const customer = await createCustomerOf(clock);
    const session = await openCheckout(local.stripe, await createPlan(local.stripe), {
      customer: customer.id,
    });
    expect((await local.stripe.checkout.sessions.retrieve(session.id)).status).toBe("open");
    await advance(clock, session.expires_at);
    expect((await local.stripe.checkout.sessions.retrieve(session.id)).status).toBe("expired");
  });

  test("two clocks do not touch each other, nor customers without one", async () => {
    const clocks = [await createClock(), await createClock()];
    const items = [{ price: (await createPlan(local.stripe, MONTHLY)).id }];
    const [first, second] = await Promise.all(
      clocks.map(async (clock) => {
        const customer = await createCustomerOf(clock);
        return local.stripe.subscriptions.create({ customer: customer.id, items });
      }),
    );
    const free = await createPayingCustomer(local.stripe);
    const third = await local.stripe.subscriptions.create({ customer: free.id, items });
    expect([third.test_clock, free.test_clock]).toEqual([null, null]);
    if (clocks[0]) await advance(clocks[0], START + 40 * DAY);
    const startOf = async (id = "") =>
      (await local.stripe.subscriptions.retrieve(id)).items.data[0]?.current_period_start;
    expect(await startOf(first?.id)).toBe(START + 31 * DAY);
    expect(await startOf(second?.id)).toBe(START);
    expect(await startOf(third.id)).toBe(third.start_date);
  });

  // https://docs.stripe.com/api/customers/list#list_customers-test_clock
  test("is left out of lists of customers and subscriptions unless asked for", async () => {
    const clock = await createClock();
    const customer = await createCustomerOf(clock);
    const items = [{ price: (await createPlan(local.stripe)).id }];
    const subscription = await local.stripe.subscriptions.create({ customer: customer.id, items });
    const ids = (page: { data: { id: string }[] }) => page.data.map(({ id }) => id);
    expect(ids(await local.stripe.customers.list({ limit: 100 }))).not.toContain(customer.id);
    expect(ids(await local.stripe.customers.list({ test_clock: clock.id }))).toEqual([customer.id]);
    expect(ids(await local.stripe.subscriptions.list({ limit: 100 }))).not.toContain(subscription.id);
    expect(ids(await local.stripe.subscriptions.list({ test_clock: clock.id }))).toEqual([subscription.id]);
    expect(ids(await local.stripe.subscriptions.list({ customer: customer.id }))).toEqual([subscription.id]);
    const unknown = await refusalOf(local.stripe.customers.list({ test_clock: "clock_none" }));
    expect(unknown.code).toBe("resource_missing");
  });

  // https://docs.stripe.com/changelog/dahlia/2026-05-27/test-clock-creation-customer-parameter
  test("a customer there already is can be put under a new clock, with all that is theirs", async () => {
    const customer = await createPayingCustomer(local.stripe);
    const items = [{ price: (await createPlan(local.stripe, MONTHLY)).id }];
    const subscription = await local.stripe.subscriptions.create({ customer: customer.id, items });
    const start = subscription.start_date;
    const clock = await createClock({ frozen_time: start, customer: customer.id });
    expect(await local.stripe.customers.retrieve(customer.id)).toMatchObject({ test_clock: clock.id });
    const end = subscription.items.data[0]?.current_period_end ?? 0;
    await advance(clock, end + 3600);
    const renewed = await local.stripe.subscriptions.retrieve(subscription.id);
    expect(renewed.test_clock).toBe(clock.id);
    expect(renewed.items.data[0]?.current_period_start).toBe(end);
    const twice = await refusalOf(createClock({ frozen_time: end, customer: customer.id }));
    expect(twice.param).toBe("customer");
  });
});

test("a clock nobody deletes goes when its thirty days are over", async () => {
  const own = await startTestStripe();
  const clock = await own.stripe.testHelpers.testClocks.create({ frozen_time: START });
  const customer = await own.stripe.customers.create({ test_clock: clock.id });
  await own.lab("POST", "/clock", { to: clock.deletes_after - 60 });
  expect((await own.stripe.testHelpers.testClocks.retrieve(clock.id)).status).toBe("ready");
  await own.lab("POST", "/clock", { to: clock.deletes_after });
  expect((await refusalOf(own.stripe.testHelpers.testClocks.retrieve(clock.id))).statusCode).toBe(404);
  expect(await own.stripe.customers.retrieve(customer.id)).toMatchObject({ deleted: true });
  await own.server.close();
});
