import type Stripe from "stripe";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createPayingCustomer, createPlan } from "@/local/stripe/testing/catalogue";
import { refusalOf, startTestStripe, type TestStripe } from "@/local/stripe/testing/start-test-stripe";

const HOUR = 60 * 60;
const DAY = 24 * HOUR;

let local: TestStripe;
let basic: Stripe.Price;
let pro: Stripe.Price;
let yearly: Stripe.Price;
beforeAll(async () => {
  local = await startTestStripe();
  basic = await createPlan(local.stripe, { unit_amount: 1000, recurring: { interval: "month" } });
  pro = await createPlan(local.stripe, { unit_amount: 3000, recurring: { interval: "month" } });
  yearly = await createPlan(local.stripe, { unit_amount: 9000, recurring: { interval: "year" } });
});
afterAll(() => local.server.close());

async function subscribe(
  price: Stripe.Price,
): Promise<{ customer: Stripe.Customer; subscription: Stripe.Subscription; periodEnd: number }> {
  const customer = await createPayingCustomer(local.stripe);
  const subscription = await local.stripe.subscriptions.create({
    customer: customer.id,
    items: [{ price: price.id }],
  });
  return { customer, subscription, periodEnd: subscription.items.data[0]?.current_period_end ?? 0 };
}

function jumpTo(moment: number): Promise<unknown> {
  return local.lab("POST", "/clock", { to: moment });
}

async function now(): Promise<number> {
  return Number((await local.lab("GET", "/clock")).json.now);
}

async function latestInvoice(subscription: string): Promise<Stripe.Invoice> {
  const { latest_invoice } = await local.stripe.subscriptions.retrieve(subscription, {
    expand: ["latest_invoice"],
  });
  if (latest_invoice === null || typeof latest_invoice === "string") throw new Error("There is no invoice.");
  return latest_invoice;
}

/** The current phase as it stands, for an update that adds to it. */
function kept(schedule: Stripe.SubscriptionSchedule): Stripe.SubscriptionScheduleUpdateParams.Phase {
  const phase = schedule.phases.at(-1);
  return {
    items: (phase?.items ?? []).map(({ price, quantity }) => ({
      price: String(price),
      quantity: quantity ?? 1,
    })),
    start_date: phase?.start_date ?? 0,
    end_date: phase?.end_date ?? 0,
  };
}

async function eventTypes(id: string): Promise<string[]> {
  const events = await local.stripe.events.list({ limit: 100 }).autoPagingToArray({ limit: 300 });
  return events
    .filter(({ data }) => JSON.stringify(data.object).includes(id))
    .map(({ type }) => type)
    .reverse();
}

// https://docs.stripe.com/billing/subscriptions/subscription-schedules
describe("a downgrade at the period's end", () => {
  test("is scheduled from the subscription, and the renewal bills the lower price with no proration", async () => {
    const { customer, subscription, periodEnd } = await subscribe(pro);
    const schedule = await local.stripe.subscriptionSchedules.create({ from_subscription: subscription.id });
    expect(schedule).toMatchObject({
      status: "active",
      end_behavior: "release",
      subscription: subscription.id,
      current_phase: { end_date: periodEnd },
      phases: [{ items: [{ price: pro.id, quantity: 1 }] }],
    });
    const updated = await local.stripe.subscriptionSchedules.update(schedule.id, {
      phases: [kept(schedule), { items: [{ price: basic.id }], duration: { interval: "month" } }],
    });
    expect(updated.phases.map(({ start_date }) => start_date)[1]).toBe(periodEnd);
    const before = await local.stripe.subscriptions.retrieve(subscription.id);
    expect(before).toMatchObject({ schedule: schedule.id, items: { data: [{ price: { id: pro.id } }] } });
    await jumpTo(periodEnd + 2 * HOUR);
    const after = await local.stripe.subscriptions.retrieve(subscription.id);
    expect(after.items.data).toMatchObject([{ price: { id: basic.id }, current_period_start: periodEnd }]);
    const invoice = await latestInvoice(subscription.id);
    expect(invoice).toMatchObject({ total: 1000, status: "paid", billing_reason: "subscription_cycle" });
    expect(invoice.lines.data).toHaveLength(1);
    expect((await local.stripe.invoiceItems.list({ customer: customer.id, pending: true })).data).toEqual([]);
  });

  test("to another interval begins that interval's first period", async () => {
    const { subscription, periodEnd } = await subscribe(pro);
    const schedule = await local.stripe.subscriptionSchedules.create({ from_subscription: subscription.id });
    await local.stripe.subscriptionSchedules.update(schedule.id, {
      phases: [kept(schedule), { items: [{ price: yearly.id }], duration: { interval: "year" } }],
    });
    await jumpTo(periodEnd + 2 * HOUR);
    const after = await local.stripe.subscriptions.retrieve(subscription.id);
    expect(after.items.data[0]?.current_period_end).toBeGreaterThan(periodEnd + 320 * DAY);
  });

  test("after the last phase the subscription is free of its schedule", async () => {
    const { subscription, periodEnd } = await subscribe(pro);
    const schedule = await local.stripe.subscriptionSchedules.create({ from_subscription: subscription.id });
    expect(await eventTypes(schedule.id)).toContain("subscription_schedule.created");
    await jumpTo(periodEnd + 2 * HOUR);
    expect(await local.stripe.subscriptionSchedules.retrieve(schedule.id)).toMatchObject({
      status: "completed",
      subscription: null,
      released_subscription: subscription.id,
    });
    expect(await local.stripe.subscriptions.retrieve(subscription.id)).toMatchObject({
      schedule: null,
      status: "active",
    });
    expect(await eventTypes(schedule.id)).toContain("subscription_schedule.completed");
  });
});

// https://docs.stripe.com/billing/subscriptions/subscription-schedules#create-subscription-schedules
describe("a subscription made by its schedule", () => {
  test("begins when the first phase does, and its first invoice stays a draft for an hour", async () => {
    const customer = await createPayingCustomer(local.stripe);
    const start = (await now()) + 5 * DAY;
    const schedule = await local.stripe.subscriptionSchedules.create({
      customer: customer.id,
      start_date: start,
      end_behavior: "cancel",
      phases: [
        {
          items: [{ price: basic.id, quantity: 2 }],
          duration: { interval: "month", interval_count: 2 },
          metadata: { channel: "self-serve", region: "apac" },
        },
        {
          items: [{ price: pro.id }],
          duration: { interval: "month" },
          metadata: { channel: "sales", region: "" },
        },
      ],
    });
    expect(schedule).toMatchObject({ status: "not_started", subscription: null });
    await jumpTo(start);
    const begun = await local.stripe.subscriptionSchedules.retrieve(schedule.id);
    expect(begun).toMatchObject({ status: "active", current_phase: { start_date: start } });
    const id = String(begun.subscription);
    expect(await local.stripe.subscriptions.retrieve(id)).toMatchObject({
      status: "active",
      schedule: schedule.id,
      metadata: { channel: "self-serve", region: "apac" },
    });
    expect(await latestInvoice(id)).toMatchObject({ status: "draft", total: 2000 });
    await jumpTo(start + 2 * HOUR);
    expect(await latestInvoice(id)).toMatchObject({ status: "paid" });
    // https://docs.stripe.com/billing/subscriptions/subscription-schedules#use-phase-metadata
    await jumpTo((schedule.phases[1]?.start_date ?? 0) + 2 * HOUR);
    const second = await local.stripe.subscriptions.retrieve(id);
    expect(second.metadata).toEqual({ channel: "sales" });
    expect(second.cancel_at).toBe(schedule.phases[1]?.end_date);
    await jumpTo((schedule.phases[1]?.end_date ?? 0) + HOUR);
    expect((await local.stripe.subscriptions.retrieve(id)).status).toBe("canceled");
  });

  test("a coupon of one phase ends with it", async () => {
    const customer = await createPayingCustomer(local.stripe);
    const coupon = await local.stripe.coupons.create({ percent_off: 50, duration: "forever" });
    const schedule = await local.stripe.subscriptionSchedules.create({
      customer: customer.id,
      start_date: "now",
      phases: [
        { items: [{ price: basic.id }], discounts: [{ coupon: coupon.id }], duration: { interval: "month" } },
        { items: [{ price: basic.id }], duration: { interval: "month" } },
      ],
    });
    const id = String(schedule.subscription);
    expect((await latestInvoice(id)).total).toBe(500);
    await jumpTo((schedule.phases[0]?.end_date ?? 0) + 2 * HOUR);
    expect((await latestInvoice(id)).total).toBe(1000);
    expect((await local.stripe.subscriptions.retrieve(id)).discounts).toEqual([]);
  });
});

// https://docs.stripe.com/billing/subscriptions/subscription-schedules#complete-a-schedule
describe("the end of a schedule that cancels", () => {
  test("is announced with the last phase, cuts its period short, and completes the schedule", async () => {
    const customer = await createPayingCustomer(local.stripe);
    const schedule = await local.stripe.subscriptionSchedules.create({
      customer: customer.id,
      start_date: "now",
      end_behavior: "cancel",
      phases: [{ items: [{ price: yearly.id }], duration: { interval: "month", interval_count: 6 } }],
    });
    const id = String(schedule.subscription);
    const end = schedule.phases[0]?.end_date ?? 0;
    const subscription = await local.stripe.subscriptions.retrieve(id);
    expect(subscription).toMatchObject({ cancel_at: end, items: { data: [{ current_period_end: end }] } });
    const { total } = await latestInvoice(id);
    expect(total).toBeGreaterThan(4400);
    expect(total).toBeLessThan(4600);
    await jumpTo(end);
    expect((await local.stripe.subscriptions.retrieve(id)).status).toBe("canceled");
    expect(await local.stripe.subscriptionSchedules.retrieve(schedule.id)).toMatchObject({
      status: "completed",
      completed_at: end,
    });
    expect(await eventTypes(schedule.id)).toContain("subscription_schedule.completed");
  });

  // https://docs.stripe.com/billing/subscriptions/cancel#subscription-schedules
  test("is taken back by another phase, and by releasing the subscription", async () => {
    const { subscription, periodEnd } = await subscribe(basic);
    const schedule = await local.stripe.subscriptionSchedules.create({ from_subscription: subscription.id });
    const canceling = await local.stripe.subscriptionSchedules.update(schedule.id, {
      end_behavior: "cancel",
      phases: [kept(schedule)],
    });
    expect((await local.stripe.subscriptions.retrieve(subscription.id)).cancel_at).toBe(periodEnd);
    await local.stripe.subscriptionSchedules.update(schedule.id, {
      phases: [kept(canceling), { items: [{ price: pro.id }], duration: { interval: "month" } }],
    });
    expect((await local.stripe.subscriptions.retrieve(subscription.id)).cancel_at).toBeNull();
    await local.stripe.subscriptionSchedules.update(schedule.id, { phases: [kept(schedule)] });
    await local.stripe.subscriptionSchedules.release(schedule.id);
    expect(await local.stripe.subscriptions.retrieve(subscription.id)).toMatchObject({
      cancel_at: null,
      schedule: null,
    });
  });
});

// https://docs.stripe.com/billing/subscriptions/subscription-schedules#change-tax-rates
test("a phase may tax the same price otherwise than the one before", async () => {
  const rates = [];
  for (const percentage of [10, 20]) {
    rates.push(await local.stripe.taxRates.create({ display_name: "VAT", percentage, inclusive: false }));
  }
  const customer = await createPayingCustomer(local.stripe);
  const schedule = await local.stripe.subscriptionSchedules.create({
    customer: customer.id,
    start_date: "now",
    phases: rates.map(({ id }) => ({
      items: [{ price: basic.id, tax_rates: [id] }],
      duration: { interval: "month" },
    })),
  });
  const id = String(schedule.subscription);
  expect((await latestInvoice(id)).total).toBe(1100);
  await jumpTo((schedule.phases[0]?.end_date ?? 0) + 2 * HOUR);
  expect((await latestInvoice(id)).total).toBe(1200);
});

test("a phase that is updated keeps the coupon it had, counting from when it was given", async () => {
  const coupon = await local.stripe.coupons.create({
    percent_off: 50,
    duration: "repeating",
    duration_in_months: 2,
  });
  const customer = await createPayingCustomer(local.stripe);
  const phase = { items: [{ price: basic.id }], discounts: [{ coupon: coupon.id }] };
  const schedule = await local.stripe.subscriptionSchedules.create({
    customer: customer.id,
    start_date: "now",
    phases: [{ ...phase, duration: { interval: "month", interval_count: 3 } }],
  });
  const id = String(schedule.subscription);
  const given = (await local.stripe.subscriptions.retrieve(id)).discounts;
  await jumpTo((await now()) + 40 * DAY);
  const [start_date, end_date] = [schedule.phases[0]?.start_date, schedule.phases[0]?.end_date];
  await local.stripe.subscriptionSchedules.update(schedule.id, {
    phases: [{ ...phase, start_date, end_date, description: "Half price" }],
  });
  expect((await local.stripe.subscriptions.retrieve(id)).discounts).toEqual(given);
});

test("a phase begins with what it was promised, archived meanwhile or not", async () => {
  const rate = await local.stripe.taxRates.create({ display_name: "VAT", percentage: 10, inclusive: false });
  const old = await createPlan(local.stripe, { unit_amount: 2000, recurring: { interval: "month" } });
  const customer = await createPayingCustomer(local.stripe);
  const promised = [{ price: old.id, tax_rates: [rate.id] }];
  const later = await local.stripe.subscriptionSchedules.create({
    customer: customer.id,
    start_date: (await now()) + DAY,
    phases: [{ items: promised, duration: { interval: "month" } }],
  });
  const { subscription, periodEnd } = await subscribe(basic);
  const schedule = await local.stripe.subscriptionSchedules.create({ from_subscription: subscription.id });
  await local.stripe.subscriptionSchedules.update(schedule.id, {
    phases: [kept(schedule), { items: promised, duration: { interval: "month" } }],
  });
  await local.stripe.prices.update(old.id, { active: false });
  await local.stripe.taxRates.update(rate.id, { active: false });
  await jumpTo(periodEnd + 2 * HOUR);
  expect(await latestInvoice(subscription.id)).toMatchObject({ total: 2200, status: "paid" });
  const begun = await local.stripe.subscriptionSchedules.retrieve(later.id);
  expect((await local.stripe.subscriptions.retrieve(String(begun.subscription))).status).toBe("active");
});

describe("changing a schedule", () => {
  // https://docs.stripe.com/billing/subscriptions/subscription-schedules#update-subscription-schedules
  test("of the current phase changes the subscription at once, prorated as asked", async () => {
    const { customer, subscription } = await subscribe(basic);
    const schedule = await local.stripe.subscriptionSchedules.create({ from_subscription: subscription.id });
    await jumpTo((await now()) + DAY);
    await local.stripe.subscriptionSchedules.update(schedule.id, {
      phases: [{ ...kept(schedule), items: [{ price: basic.id, quantity: 2 }] }],
      proration_behavior: "create_prorations",
    });
    expect((await local.stripe.subscriptions.retrieve(subscription.id)).items.data[0]?.quantity).toBe(2);
    expect(
      (await local.stripe.invoiceItems.list({ customer: customer.id, pending: true })).data,
    ).toHaveLength(2);
  });

  test("a current phase that ends now makes room for the next", async () => {
    const { subscription } = await subscribe(basic);
    const schedule = await local.stripe.subscriptionSchedules.create({ from_subscription: subscription.id });
    await jumpTo((await now()) + DAY);
    const updated = await local.stripe.subscriptionSchedules.update(schedule.id, {
      phases: [
        { ...kept(schedule), end_date: "now" },
        { items: [{ price: pro.id }], start_date: "now", duration: { interval: "month" } },
      ],
      proration_behavior: "none",
    });
    expect(updated.phases).toHaveLength(2);
    expect((await local.stripe.subscriptions.retrieve(subscription.id)).items.data).toMatchObject([
      { price: { id: pro.id } },
    ]);
  });

  test("a gap between phases and an end before the start are refused by name", async () => {
    const { subscription, periodEnd } = await subscribe(basic);
    const schedule = await local.stripe.subscriptionSchedules.create({ from_subscription: subscription.id });
    const gap = await refusalOf(
      local.stripe.subscriptionSchedules.update(schedule.id, {
        phases: [
          kept(schedule),
          { items: [{ price: pro.id }], start_date: periodEnd + DAY, duration: { interval: "month" } },
        ],
      }),
    );
    expect(gap.param).toBe("phases[1][start_date]");
    const backwards = await refusalOf(
      local.stripe.subscriptionSchedules.update(schedule.id, {
        phases: [kept(schedule), { items: [{ price: pro.id }], end_date: periodEnd - DAY }],
      }),
    );
    expect(backwards.param).toBe("phases[1][end_date]");
  });

  test("a subscription takes no second schedule, and its end is the schedule's to announce", async () => {
    const { subscription } = await subscribe(basic);
    await local.stripe.subscriptionSchedules.create({ from_subscription: subscription.id });
    const twice = await refusalOf(
      local.stripe.subscriptionSchedules.create({ from_subscription: subscription.id }),
    );
    expect(twice.param).toBe("from_subscription");
    const end = await refusalOf(
      local.stripe.subscriptions.update(subscription.id, { cancel_at_period_end: true }),
    );
    expect(end.message).toContain("managed by the subscription schedule");
    expect((await refusalOf(local.stripe.subscriptions.pause(subscription.id))).message).toContain(
      "schedule",
    );
  });
});

describe("ending a schedule", () => {
  // https://docs.stripe.com/api/subscription_schedules/release
  test("released, the subscription goes on as it is", async () => {
    const { subscription, periodEnd } = await subscribe(basic);
    const schedule = await local.stripe.subscriptionSchedules.create({ from_subscription: subscription.id });
    await local.stripe.subscriptionSchedules.update(schedule.id, {
      phases: [kept(schedule), { items: [{ price: pro.id }], duration: { interval: "month" } }],
    });
    const released = await local.stripe.subscriptionSchedules.release(schedule.id);
    expect(released).toMatchObject({ status: "released", released_subscription: subscription.id });
    await jumpTo(periodEnd + 2 * HOUR);
    expect((await local.stripe.subscriptions.retrieve(subscription.id)).items.data).toMatchObject([
      { price: { id: basic.id } },
    ]);
    const again = await refusalOf(local.stripe.subscriptionSchedules.release(schedule.id));
    expect(again.message).toContain("`released` status");
  });

  // https://docs.stripe.com/api/subscription_schedules/cancel
  test("canceled, the subscription ends with it", async () => {
    const { subscription } = await subscribe(basic);
    const schedule = await local.stripe.subscriptionSchedules.create({ from_subscription: subscription.id });
    const canceled = await local.stripe.subscriptionSchedules.cancel(schedule.id, {
      prorate: false,
      invoice_now: false,
    });
    expect(canceled).toMatchObject({ status: "canceled" });
    expect((await local.stripe.subscriptions.retrieve(subscription.id)).status).toBe("canceled");
    expect(await eventTypes(schedule.id)).toContain("subscription_schedule.canceled");
  });
});

test("schedules are listed by customer, those not begun apart", async () => {
  const customer = await createPayingCustomer(local.stripe);
  const phases = [{ items: [{ price: basic.id }], duration: { interval: "month" as const } }];
  const later = await local.stripe.subscriptionSchedules.create({
    customer: customer.id,
    start_date: (await now()) + DAY,
    phases,
  });
  const begun = await local.stripe.subscriptionSchedules.create({
    customer: customer.id,
    start_date: "now",
    phases,
  });
  const list = async (params: Stripe.SubscriptionScheduleListParams) =>
    (await local.stripe.subscriptionSchedules.list({ customer: customer.id, ...params })).data.map(
      ({ id }) => id,
    );
  expect(await list({})).toEqual([begun.id, later.id]);
  expect(await list({ scheduled: true })).toEqual([later.id]);
});
