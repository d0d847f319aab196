import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Stripe from "stripe";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createPayingCustomer, createPlan } from "@/local/stripe/testing/catalogue";
import { refusalOf, startTestStripe, type TestStripe } from "@/local/stripe/testing/start-test-stripe";
import {
  RECEIVER_SECRET,
  readDelivery,
  startWebhookReceiver,
  type WebhookReceiver,
} from "@/local/stripe/testing/start-webhook-receiver";

let receiver: WebhookReceiver;
let local: TestStripe;
beforeEach(async () => {
  receiver = await startWebhookReceiver();
  local = await startTestStripe({ webhookEndpoints: [receiver.endpoint], retryDelaysMs: [20, 20] });
});
afterEach(async () => {
  await local.server.close();
  await receiver.close();
});

async function attemptsOf(eventType: string): Promise<{ status: string; answers: (number | null)[] }> {
  const [event] = (await local.stripe.events.list({ type: eventType })).data;
  const { json } = await local.lab("GET", `/deliveries?event=${event?.id}`);
  const [delivery] = json.data as { status: string; attempts: { response_status: number | null }[] }[];
  return {
    status: delivery?.status ?? "none",
    answers: delivery?.attempts.map((attempt) => attempt.response_status) ?? [],
  };
}

/** Waits for something that happens on its own time; fails loudly after five seconds. */
async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  const end = Date.now() + 5000;
  while (!(await condition())) {
    if (Date.now() > end) throw new Error("It did not happen within five seconds.");
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

describe("a delivery", () => {
  test("is signed so that the SDK accepts it and a changed one is refused", async () => {
    const customer = await local.stripe.customers.create(
      { email: "ada@example.test" },
      { idempotencyKey: "key-1" },
    );
    await local.server.deliveriesSettled();
    const [delivery] = receiver.deliveries;
    if (!delivery) throw new Error("Nothing was delivered.");
    const event = readDelivery(delivery);
    expect(event).toMatchObject({
      object: "event",
      type: "customer.created",
      api_version: "2026-10-28.endive",
      livemode: false,
      pending_webhooks: 1,
      request: { id: customer.lastResponse.requestId, idempotency_key: "key-1" },
      data: { object: { id: customer.id, email: "ada@example.test" } },
    });
    const forged = delivery.payload.replace("ada@", "eve@");
    expect(() => readDelivery({ ...delivery, payload: forged })).toThrow(
      Stripe.errors.StripeSignatureVerificationError,
    );
    expect(() => readDelivery(delivery, "whsec_other")).toThrow(
      Stripe.errors.StripeSignatureVerificationError,
    );
  });

  test("is signed with the wall clock's time even when business time is far ahead", async () => {
    await local.lab("POST", "/clock", { advance_ms: 90 * 24 * 3600 * 1000 });
    await local.stripe.customers.create({});
    await local.server.deliveriesSettled();
    const [delivery] = receiver.deliveries;
    const time = Number(/^t=(\d+),/.exec(delivery?.signature ?? "")?.[1]);
    expect(Math.abs(time - Date.now() / 1000)).toBeLessThan(5);
    expect(JSON.parse(delivery?.payload ?? "{}").created).toBeGreaterThan(Date.now() / 1000 + 89 * 24 * 3600);
  });

  test("carries the object as it was then, not as it is now", async () => {
    let release = () => {};
    receiver.hold = new Promise((resolve) => {
      release = resolve;
    });
    const product = await local.stripe.products.create({ name: "First" });
    await local.stripe.products.update(product.id, { name: "Second" });
    release();
    await local.server.deliveriesSettled();
    const names = receiver.deliveries
      .map((delivery) => readDelivery(delivery).data.object)
      .map((o) => "name" in o && o.name);
    expect(names.sort()).toEqual(["First", "Second"]);
  });

  test("never keeps the API waiting", async () => {
    let release = () => {};
    receiver.hold = new Promise((resolve) => {
      release = resolve;
    });
    const start = performance.now();
    await local.stripe.customers.create({});
    expect(performance.now() - start).toBeLessThan(1000);
    const [event] = (await local.stripe.events.list()).data;
    expect(event?.pending_webhooks).toBe(1);
    release();
    await local.server.deliveriesSettled();
    expect((await local.stripe.events.list()).data[0]?.pending_webhooks).toBe(0);
  });
});

describe("retries", () => {
  test.each([500, 302, 404])("an answer of %i is tried again until it is taken", async (status) => {
    receiver.answers.push(status, status);
    await local.stripe.customers.create({});
    await until(async () => (await attemptsOf("customer.created")).status === "delivered");
    expect((await attemptsOf("customer.created")).answers).toEqual([status, status, 200]);
    expect(new Set(receiver.deliveries.map(({ payload }) => JSON.parse(payload).id)).size).toBe(1);
  });

  test("they end when the back-off is used up", async () => {
    receiver.answers.push(500, 500, 500, 500);
    await local.stripe.customers.create({});
    await until(async () => (await attemptsOf("customer.created")).status === "failed");
    expect((await attemptsOf("customer.created")).answers).toEqual([500, 500, 500]);
  });

  test("an endpoint that is not there is tried again too", async () => {
    await receiver.close();
    await local.stripe.customers.create({});
    await until(async () => (await attemptsOf("customer.created")).status === "failed");
    expect((await attemptsOf("customer.created")).answers).toEqual([null, null, null]);
  });

  test("an endpoint that does not answer in time has failed, and the next attempt counts", async () => {
    const quick = await startTestStripe({
      webhookEndpoints: [receiver.endpoint],
      retryDelaysMs: [20],
      deliveryTimeoutMs: 60,
    });
    receiver.hold = new Promise(() => {});
    await quick.stripe.customers.create({});
    await until(() => receiver.deliveries.length === 1);
    receiver.hold = null;
    await until(() => receiver.deliveries.length === 2);
    await quick.server.deliveriesSettled();
    const { json } = await quick.lab("GET", "/deliveries");
    expect(json.data).toMatchObject([
      {
        status: "delivered",
        attempts: [
          { response_status: null, error: expect.stringContaining("timeout") },
          { response_status: 200, error: null },
        ],
      },
    ]);
    await quick.server.close();
  });

  test("closing does not wait for an endpoint that never answers", async () => {
    receiver.hold = new Promise(() => {});
    await local.stripe.customers.create({});
    await until(() => receiver.deliveries.length === 1);
    const start = performance.now();
    await local.server.close();
    expect(performance.now() - start).toBeLessThan(1000);
  });

  test("what was not delivered survives a restart", async () => {
    const dataDir = await mkdtemp(join(tmpdir(), "local-stripe-"));
    const options = { dataDir, webhookEndpoints: [receiver.endpoint], retryDelaysMs: [300, 300] };
    const first = await startTestStripe(options);
    receiver.answers.push(500);
    const customer = await first.stripe.customers.create({});
    await first.server.deliveriesSettled();
    await first.server.close();
    expect(receiver.deliveries).toHaveLength(1);

    const second = await startTestStripe(options);
    await until(() => receiver.deliveries.length === 2);
    await second.server.deliveriesSettled();
    const [a, b] = receiver.deliveries.map((delivery) => readDelivery(delivery));
    expect(b).toEqual(a);
    expect(b?.data.object).toMatchObject({ id: customer.id });
    expect((await second.stripe.events.list()).data[0]?.pending_webhooks).toBe(0);
    await second.server.close();
    await rm(dataDir, { recursive: true });
  });
});

describe("endpoints", () => {
  test("one made by the API gets the events it asked for, signed with its own secret, shown once", async () => {
    const other = await startWebhookReceiver();
    const endpoint = await local.stripe.webhookEndpoints.create({
      url: other.url,
      enabled_events: ["product.created", "price.created"],
    });
    expect(endpoint.secret).toMatch(/^whsec_\w{32}$/);
    expect(await local.stripe.webhookEndpoints.retrieve(endpoint.id)).not.toHaveProperty("secret");
    const product = await local.stripe.products.create({ name: "Pro" });
    await local.stripe.products.update(product.id, { name: "Pro+" });
    await local.stripe.prices.create({ product: product.id, currency: "usd", unit_amount: 1 });
    await local.server.deliveriesSettled();
    expect(other.types()).toEqual(["product.created", "price.created"]);
    expect(receiver.types()).toEqual(["product.created", "product.updated", "price.created"]);
    for (const delivery of other.deliveries) readDelivery(delivery, endpoint.secret);

    await local.stripe.webhookEndpoints.update(endpoint.id, { disabled: true });
    await local.stripe.products.create({ name: "Unheard" });
    await local.stripe.webhookEndpoints.del(endpoint.id);
    await local.stripe.products.create({ name: "Unheard too" });
    await local.server.deliveriesSettled();
    expect(other.deliveries).toHaveLength(2);
    expect((await refusalOf(local.stripe.webhookEndpoints.retrieve(endpoint.id))).statusCode).toBe(404);
    await other.close();
  });

  test("the configured one is listed like any other, and comes back after a reset", async () => {
    const before = await local.stripe.webhookEndpoints.list();
    expect(before.data).toMatchObject([{ url: receiver.url, enabled_events: ["*"], status: "enabled" }]);
    await local.lab("POST", "/reset");
    expect((await local.stripe.webhookEndpoints.list()).data[0]?.id).toBe(before.data[0]?.id);
    await local.stripe.customers.create({});
    await local.server.deliveriesSettled();
    expect(receiver.deliveries.map((delivery) => readDelivery(delivery, RECEIVER_SECRET).type)).toEqual([
      "customer.created",
    ]);
  });

  test("a URL without a scheme and an empty list of events are refused", async () => {
    const badUrl = await refusalOf(
      local.stripe.webhookEndpoints.create({ url: "x.test", enabled_events: ["*"] }),
    );
    expect(badUrl.param).toBe("url");
    const noEvents = await refusalOf(
      local.stripe.webhookEndpoints.create({ url: "http://x.test", enabled_events: [] }),
    );
    expect(noEvents.param).toBe("enabled_events");
  });
});

// https://docs.stripe.com/webhooks#retries
describe("when the clock leaps", () => {
  const HOUR_MS = 60 * 60 * 1000;
  let leaping: TestStripe;
  beforeEach(async () => {
    leaping = await startTestStripe({
      webhookEndpoints: [receiver.endpoint],
      retryDelaysMs: [HOUR_MS, 24 * HOUR_MS],
    });
  });
  afterEach(() => leaping.server.close());

  test("everything it tells of is delivered before it returns, in order of time", async () => {
    const price = await createPlan(leaping.stripe, { recurring: { interval: "month" } });
    const customer = await createPayingCustomer(leaping.stripe);
    await leaping.stripe.subscriptions.create({ customer: customer.id, items: [{ price: price.id }] });
    await leaping.server.deliveriesSettled();
    const before = receiver.deliveries.length;
    await leaping.lab("POST", "/clock", { advance_ms: 65 * 24 * HOUR_MS });
    const heard = receiver.deliveries.slice(before).map((delivery) => readDelivery(delivery));
    // What happened before is forgotten by now.
    const told = (await leaping.stripe.events.list({ limit: 100 })).data.reverse();
    expect(heard.length).toBeGreaterThan(15);
    expect(heard.map(({ id }) => id)).toEqual(told.map(({ id }) => id));
    const times = heard.map(({ created }) => created);
    expect(times).toEqual(times.toSorted((a, b) => a - b));
  });

  test("an endpoint gets every retry that fell due on the way, and is given up when they are used up", async () => {
    receiver.answers.push(500);
    await leaping.stripe.products.create({ name: "Pro" });
    await leaping.server.deliveriesSettled();
    receiver.answers.push(500, 500);
    await leaping.lab("POST", "/clock", { advance_ms: 2 * HOUR_MS });
    expect(receiver.deliveries).toHaveLength(2);
    const pending = await leaping.lab("GET", "/deliveries?status=pending");
    expect(pending.json.data).toMatchObject([{ attempts: [{}, {}] }]);
    await leaping.lab("POST", "/clock", { advance_ms: 24 * HOUR_MS });
    expect(receiver.deliveries).toHaveLength(3);
    expect((await leaping.lab("GET", "/deliveries?status=failed")).json.data).toHaveLength(1);
    await leaping.lab("POST", "/clock", { advance_ms: 24 * HOUR_MS });
    expect(receiver.deliveries).toHaveLength(3);
  });

  test("one leap makes the same attempts as many small steps", async () => {
    receiver.answers.push(500, 500, 500);
    await leaping.stripe.products.create({ name: "Pro" });
    await leaping.server.deliveriesSettled();
    await leaping.lab("POST", "/clock", { advance_ms: 26 * HOUR_MS });
    expect(receiver.deliveries).toHaveLength(3);
    expect((await leaping.lab("GET", "/deliveries?status=failed")).json.data).toHaveLength(1);
  });

  test("an app that is not up misses nothing: it is tried again from where the leap ended", async () => {
    await receiver.close();
    await leaping.stripe.products.create({ name: "Pro" });
    await leaping.lab("POST", "/clock", { advance_ms: 90 * 24 * HOUR_MS });
    await leaping.server.deliveriesSettled();
    const { json } = await leaping.lab("GET", "/deliveries");
    expect(json.data).toMatchObject([{ status: "pending" }]);
    expect((json.data as { attempts: object[] }[])[0]?.attempts.length).toBeLessThanOrEqual(2);
  });
});

// https://docs.stripe.com/webhooks#disable
describe("a disabled endpoint", () => {
  test("is sent nothing, not even what was waiting for it", async () => {
    const slow = await startTestStripe({ retryDelaysMs: [60_000] });
    const endpoint = await slow.stripe.webhookEndpoints.create({
      url: receiver.url,
      enabled_events: ["*"],
    });
    receiver.answers.push(500);
    await slow.stripe.products.create({ name: "Waits" });
    await slow.server.deliveriesSettled();
    expect(receiver.deliveries).toHaveLength(1);
    const disabled = await slow.stripe.webhookEndpoints.update(endpoint.id, { disabled: true });
    expect(disabled.status).toBe("disabled");
    await slow.stripe.products.create({ name: "Unheard" });
    await slow.lab("POST", "/clock", { advance_ms: 120_000 });
    expect(receiver.deliveries).toHaveLength(1);
    const { json } = await slow.lab("GET", `/deliveries?endpoint=${endpoint.id}`);
    expect(json.data).toMatchObject([
      { status: "failed", attempts: [{ response_status: 500 }, { error: "The endpoint is disabled." }] },
    ]);
    await slow.stripe.webhookEndpoints.update(endpoint.id, { disabled: false });
    await slow.stripe.products.create({ name: "Heard" });
    await slow.server.deliveriesSettled();
    expect(receiver.deliveries).toHaveLength(2);
    await slow.server.close();
  });
});

// https://docs.stripe.com/api/webhook_endpoints/create
describe("an endpoint made by the API", () => {
  test("keeps what it is given and is changed field by field", async () => {
    const endpoint = await local.stripe.webhookEndpoints.create({
      url: "http://127.0.0.1:9/hook",
      enabled_events: ["invoice.paid"],
      description: "Mine",
      metadata: { team: "billing" },
      api_version: "2026-10-28.endive",
    });
    expect(endpoint).toMatchObject({ description: "Mine", metadata: { team: "billing" }, status: "enabled" });
    const updated = await local.stripe.webhookEndpoints.update(endpoint.id, {
      enabled_events: ["invoice.paid", "invoice.voided"],
      metadata: { team: "", owner: "ada" },
      url: "http://127.0.0.1:9/other",
    });
    expect(updated).toMatchObject({
      description: "Mine",
      enabled_events: ["invoice.paid", "invoice.voided"],
      metadata: { owner: "ada" },
      url: "http://127.0.0.1:9/other",
    });
    expect(updated).not.toHaveProperty("secret");
    expect(await local.stripe.webhookEndpoints.del(endpoint.id)).toMatchObject({ deleted: true });
  });

  test("of another API version, with an unknown event or as the seventeenth is refused", async () => {
    const params = { url: "http://127.0.0.1:9/hook", enabled_events: ["*"] } as const;
    const create = (changes: object) =>
      local.stripe.webhookEndpoints.create({ ...params, enabled_events: ["*"], ...changes });
    expect((await refusalOf(create({ api_version: "2020-08-27" }))).param).toBe("api_version");
    const unknown = await refusalOf(create({ enabled_events: ["invoice.eaten"] }));
    expect([unknown.statusCode, unknown.param]).toEqual([400, "enabled_events[0]"]);
    // One is configured.
    for (let count = 1; count < 16; count += 1) await create({});
    expect((await refusalOf(create({}))).message).toContain("maximum of 16");
  });
});
