import type Stripe from "stripe";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { amountOfPrice } from "@/local/stripe/prices/price-amount";
import { refusalOf, startTestStripe, type TestStripe } from "@/local/stripe/testing/start-test-stripe";

let local: TestStripe;
let now: number;
let names = 0;
beforeAll(async () => {
  local = await startTestStripe();
  await local.lab("POST", "/clock", { start_at: Date.UTC(2026, 8, 1, 12) / 1000 });
});
afterAll(() => local.server.close());
beforeEach(async () => {
  now = Number((await local.lab("GET", "/clock")).json.now);
});

async function createMeter(
  formula: "sum" | "count" | "last" = "sum",
  params: Partial<Stripe.Billing.MeterCreateParams> = {},
): Promise<Stripe.Billing.Meter> {
  names += 1;
  return local.stripe.billing.meters.create({
    display_name: "Tokens",
    event_name: `tokens_${names}`,
    default_aggregation: { formula },
    ...params,
  });
}

function report(
  meter: Stripe.Billing.Meter,
  customer: string,
  value: string,
  params: Partial<Stripe.Billing.MeterEventCreateParams> = {},
): Promise<Stripe.Billing.MeterEvent> {
  const payload = { stripe_customer_id: customer, value };
  return local.stripe.billing.meterEvents.create({ event_name: meter.event_name, payload, ...params });
}

async function usage(meter: Stripe.Billing.Meter, customer: string): Promise<number | undefined> {
  const start_time = Math.floor(now / 86_400) * 86_400 - 40 * 86_400;
  const span = { customer, start_time, end_time: start_time + 50 * 86_400 };
  return (await local.stripe.billing.meters.listEventSummaries(meter.id, span)).data[0]?.aggregated_value;
}

// https://docs.stripe.com/api/billing/meter
describe("a meter", () => {
  test("knows by default where the customer and the value stand", async () => {
    const meter = await createMeter();
    expect(meter).toMatchObject({
      customer_mapping: { type: "by_id", event_payload_key: "stripe_customer_id" },
      value_settings: { event_payload_key: "value" },
      event_time_window: null,
      status: "active",
    });
    const renamed = await local.stripe.billing.meters.update(meter.id, { display_name: "Output tokens" });
    expect(await local.stripe.billing.meters.retrieve(meter.id)).toEqual(renamed);
  });

  test("has its event name to itself while it is active", async () => {
    const meter = await createMeter();
    const again = () => createMeter("sum", { event_name: meter.event_name });
    expect((await refusalOf(again())).param).toBe("event_name");
    await local.stripe.billing.meters.deactivate(meter.id);
    const other = await again();
    expect((await refusalOf(local.stripe.billing.meters.reactivate(meter.id))).param).toBe("event_name");
    await local.stripe.billing.meters.deactivate(other.id);
    const back = await local.stripe.billing.meters.reactivate(meter.id);
    expect(back).toMatchObject({ status: "active", status_transitions: { deactivated_at: null } });
    const active = await local.stripe.billing.meters.list({ status: "active", limit: 100 });
    expect(active.data.map(({ id }) => id)).not.toContain(other.id);
  });

  test("takes no events and no prices once it is deactivated", async () => {
    const customer = await local.stripe.customers.create({});
    const meter = await createMeter();
    await local.stripe.billing.meters.deactivate(meter.id);
    expect((await refusalOf(report(meter, customer.id, "1"))).statusCode).toBe(400);
    const price = local.stripe.prices.create({
      currency: "usd",
      unit_amount: 1,
      product_data: { name: "Tokens" },
      recurring: { interval: "month", usage_type: "metered", meter: meter.id },
    });
    expect((await refusalOf(price)).param).toBe("recurring[meter]");
  });
});

// https://docs.stripe.com/billing/subscriptions/usage-based/recording-usage-api
describe("reporting usage", () => {
  test.each([
    ["sum", 6.5],
    ["count", 3],
    ["last", 3.5],
  ] as const)("a meter by %s makes %s of 1, 2 and 3.5", async (formula, expected) => {
    const customer = await local.stripe.customers.create({});
    const meter = await createMeter(formula);
    // The newest by its own time, not by its arrival.
    await report(meter, customer.id, "3.5", { timestamp: now });
    await report(meter, customer.id, "1", { timestamp: now - 20 });
    await report(meter, customer.id, "2", { timestamp: now - 10 });
    expect(await usage(meter, customer.id)).toBe(expected);
  });

  test("an identifier is taken once, whoever used it", async () => {
    const customer = await local.stripe.customers.create({});
    const meter = await createMeter();
    const event = await report(meter, customer.id, "5", { identifier: "usage-1" });
    expect(event).toMatchObject({ identifier: "usage-1", created: now, timestamp: now });
    const error = await refusalOf(report(meter, customer.id, "5", { identifier: "usage-1" }));
    expect([error.statusCode, error.message]).toEqual([
      400,
      "An event already exists with identifier usage-1.",
    ]);
    expect(await usage(meter, customer.id)).toBe(5);
  });

  test("times from 35 days ago to 5 minutes ahead are taken, and none beyond", async () => {
    const customer = await local.stripe.customers.create({});
    const meter = await createMeter();
    const oldest = now - 35 * 86_400;
    // A second may pass between two calls.
    await report(meter, customer.id, "1", { timestamp: oldest + 5 });
    await report(meter, customer.id, "1", { timestamp: now + 300 });
    const early = await refusalOf(report(meter, customer.id, "1", { timestamp: oldest - 1 }));
    expect([early.code, early.param]).toEqual(["timestamp_too_far_in_past", "timestamp"]);
    const late = await refusalOf(report(meter, customer.id, "1", { timestamp: now + 400 }));
    expect([late.code, late.param]).toEqual(["timestamp_in_future", "timestamp"]);
    expect(await usage(meter, customer.id)).toBe(2);
  });

  test("what is wrong with a report is said in Stripe's words", async () => {
    const customer = await local.stripe.customers.create({});
    const meter = await createMeter();
    const send = (payload: Record<string, string>, event_name = meter.event_name) =>
      refusalOf(local.stripe.billing.meterEvents.create({ event_name, payload }));
    expect((await send({ value: "1" })).message).toBe(
      "Customer mapping key stripe_customer_id not found in payload.",
    );
    expect((await send({ stripe_customer_id: customer.id })).code).toBe("meter_event_value_not_found");
    const word = { stripe_customer_id: customer.id, value: "many" };
    expect((await send(word)).code).toBe("meter_event_invalid_value");
    expect((await send({ stripe_customer_id: "cus_nope", value: "1" })).code).toBe("resource_missing");
    expect((await send({ ...word, value: "1" }, "unknown")).param).toBe("event_name");
  });

  test("keys of one's own are followed", async () => {
    const customer = await local.stripe.customers.create({});
    const meter = await createMeter("sum", {
      customer_mapping: { type: "by_id", event_payload_key: "who" },
      value_settings: { event_payload_key: "bytes" },
    });
    const payload = { who: customer.id, bytes: "12" };
    await local.stripe.billing.meterEvents.create({ event_name: meter.event_name, payload });
    expect(await usage(meter, customer.id)).toBe(12);
  });

  test("of hourly reports only the newest of each hour counts", async () => {
    const customer = await local.stripe.customers.create({});
    const meter = await createMeter("sum", { event_time_window: "hour" });
    const hour = Math.floor(now / 3600) * 3600;
    await report(meter, customer.id, "10", { timestamp: hour - 3600 });
    await report(meter, customer.id, "15", { timestamp: hour - 3600 });
    await report(meter, customer.id, "1", { timestamp: hour });
    expect(await usage(meter, customer.id)).toBe(16);
  });
});

// https://docs.stripe.com/api/billing/meter-event-adjustment/create
test("a report is taken back within 24 hours, and its identifier stays taken", async () => {
  const customer = await local.stripe.customers.create({});
  const meter = await createMeter();
  await report(meter, customer.id, "5", { identifier: "mistake" });
  await report(meter, customer.id, "7", { identifier: "late-mistake" });
  const cancel = (identifier: string) =>
    local.stripe.billing.meterEventAdjustments.create({
      event_name: meter.event_name,
      type: "cancel",
      cancel: { identifier },
    });
  expect(await cancel("mistake")).toMatchObject({ status: "complete", cancel: { identifier: "mistake" } });
  expect(await usage(meter, customer.id)).toBe(7);
  expect((await refusalOf(cancel("mistake"))).code).toBe("resource_missing");
  await refusalOf(report(meter, customer.id, "5", { identifier: "mistake" }));
  await local.lab("POST", "/clock", { advance_ms: 25 * 3600 * 1000 });
  expect((await refusalOf(cancel("late-mistake"))).param).toBe("cancel[identifier]");
});

// https://docs.stripe.com/api/billing/meter-event-summary/list
describe("summaries", () => {
  test("come by day, newest first, the end not included", async () => {
    const customer = await local.stripe.customers.create({});
    const meter = await createMeter();
    const today = Math.floor(now / 86_400) * 86_400;
    await report(meter, customer.id, "1", { timestamp: today - 86_400 });
    await report(meter, customer.id, "2", { timestamp: today - 1 });
    await report(meter, customer.id, "4", { timestamp: today });
    const span = { customer: customer.id, start_time: today - 86_400, end_time: today + 86_400 };
    const list = async (params: object) =>
      (await local.stripe.billing.meters.listEventSummaries(meter.id, { ...span, ...params })).data.map(
        ({ start_time, end_time, aggregated_value }) => [
          start_time - today,
          end_time - today,
          aggregated_value,
        ],
      );
    expect(await list({ value_grouping_window: "day" })).toEqual([
      [0, 86_400, 4],
      [-86_400, 0, 3],
    ]);
    expect(await list({ end_time: today })).toEqual([[-86_400, 0, 3]]);
    expect(await list({ value_grouping_window: "hour" })).toHaveLength(3);
  });

  test("keep to the boundaries of their windows", async () => {
    const customer = await local.stripe.customers.create({});
    const meter = await createMeter();
    const midnight = Math.floor(now / 86_400) * 86_400;
    const refused = (params: { start_time: number; end_time: number; value_grouping_window?: "day" }) =>
      refusalOf(
        local.stripe.billing.meters.listEventSummaries(meter.id, { customer: customer.id, ...params }),
      );
    expect((await refused({ start_time: midnight + 1, end_time: midnight + 60 })).param).toBe("start_time");
    const noon = { start_time: midnight, end_time: midnight + 43_200, value_grouping_window: "day" } as const;
    expect((await refused(noon)).param).toBe("end_time");
    expect((await refused({ start_time: midnight, end_time: midnight })).param).toBe("end_time");
  });
});

test("a metered price names its meter, and a tiered one charges the usage", async () => {
  const meter = await createMeter();
  const price = await local.stripe.prices.create({
    currency: "usd",
    product_data: { name: "Tokens" },
    recurring: { interval: "month", usage_type: "metered", meter: meter.id },
    billing_scheme: "tiered",
    tiers_mode: "graduated",
    tiers: [
      { up_to: 1000, unit_amount: 0 },
      { up_to: "inf", unit_amount: 2 },
    ],
    expand: ["tiers"],
  });
  expect(price.recurring).toMatchObject({ usage_type: "metered", meter: meter.id });
  const found = await local.stripe.prices.list({ recurring: { meter: meter.id } });
  expect(found.data.map(({ id }) => id)).toEqual([price.id]);
  expect(amountOfPrice(price, "1500.5")).toBe(1001);
});
