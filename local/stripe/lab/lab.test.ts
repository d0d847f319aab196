import { createServer } from "node:http";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { closeServer, listenLocally } from "@/local/http-server";
import { createPayingCustomer, createPlan, openCheckout } from "@/local/stripe/testing/catalogue";
import { postCheckout } from "@/local/stripe/testing/pay";
import { refusalOf, startTestStripe, type TestStripe } from "@/local/stripe/testing/start-test-stripe";
import { startWebhookReceiver } from "@/local/stripe/testing/start-webhook-receiver";

const DAY_MS = 24 * 60 * 60 * 1000;

let local: TestStripe;
beforeEach(async () => {
  local = await startTestStripe();
});
afterEach(() => local.server.close());

test("without the secret key the lab does nothing", async () => {
  const response = await fetch(`${local.server.url}/lab/reset`, { method: "POST" });
  expect(response.status).toBe(401);
});

describe("the clock", () => {
  test("moves forward, and everything made after it bears its time", async () => {
    const { json } = await local.lab("POST", "/clock", { advance_ms: 10 * DAY_MS });
    expect(json.offset_ms).toBe(10 * DAY_MS);
    const customer = await local.stripe.customers.create({});
    expect(customer.created).toBeGreaterThanOrEqual(Math.floor((Date.now() + 10 * DAY_MS) / 1000) - 2);
    const { json: state } = await local.lab("GET", "/clock");
    expect(state.now).toBeGreaterThanOrEqual(customer.created);
  });

  test("goes to a moment, but never back", async () => {
    const now = Math.floor(Date.now() / 1000);
    const { json } = await local.lab("POST", "/clock", { to: now + 3600 });
    expect(json.now).toBeGreaterThanOrEqual(now + 3600);
    const back = await local.lab("POST", "/clock", { to: now });
    expect([back.status, back.json.error?.message]).toEqual([
      400,
      expect.stringContaining("only moves forward"),
    ]);
    expect((await local.lab("POST", "/clock", { advance_ms: -1 })).status).toBe(400);
  });

  test("tells three days before a trial ends, at that very moment", async () => {
    const customer = await createPayingCustomer(local.stripe);
    const price = await createPlan(local.stripe);
    const params = { customer: customer.id, items: [{ price: price.id }], trial_period_days: 7 };
    const { trial_end: trialEnd } = await local.stripe.subscriptions.create(params);
    await local.lab("POST", "/clock", { to: (trialEnd ?? 0) - 60 });
    const told = await local.stripe.events.list({ type: "customer.subscription.trial_will_end" });
    expect(told.data.map(({ created, request }) => [created, request?.id])).toEqual([
      [(trialEnd ?? 0) - 259_200, null],
    ]);
  });

  test("ends a subscription whose end was announced, at its own moment", async () => {
    const customer = await createPayingCustomer(local.stripe);
    const price = await createPlan(local.stripe);
    const { id, items } = await local.stripe.subscriptions.create({
      customer: customer.id,
      items: [{ price: price.id }],
      cancel_at_period_end: true,
    });
    const end = items.data[0]?.current_period_end ?? 0;
    expect((await local.lab("POST", "/clock", { to: end + 3600 })).status).toBe(200);
    expect(await local.stripe.subscriptions.retrieve(id)).toMatchObject({
      status: "canceled",
      ended_at: end,
    });
    const [event] = (await local.stripe.events.list({ type: "customer.subscription.deleted" })).data;
    expect(event?.created).toBe(end);
  });

  test("expires open sessions on the way", async () => {
    const session = await openCheckout(local.stripe, await createPlan(local.stripe));
    await local.lab("POST", "/clock", { to: session.expires_at - 60 });
    expect((await local.stripe.checkout.sessions.retrieve(session.id)).status).toBe("open");
    await local.lab("POST", "/clock", { to: session.expires_at });
    expect((await local.stripe.checkout.sessions.retrieve(session.id)).status).toBe("expired");
    const [event] = (await local.stripe.events.list({ type: "checkout.session.expired" })).data;
    expect(event?.created).toBe(session.expires_at);
  });

  test("leaves a paid session complete", async () => {
    const session = await openCheckout(local.stripe, await createPlan(local.stripe));
    await postCheckout(session);
    await local.lab("POST", "/clock", { to: session.expires_at + 60 });
    expect((await local.stripe.checkout.sessions.retrieve(session.id)).status).toBe("complete");
  });

  test("gives an unpaid first invoice up after 23 hours", async () => {
    const customer = await local.stripe.customers.create({});
    const price = await createPlan(local.stripe);
    const { id, created, latest_invoice } = await local.stripe.subscriptions.create({
      customer: customer.id,
      items: [{ price: price.id }],
      payment_behavior: "default_incomplete",
    });
    await local.lab("POST", "/clock", { to: created + 23 * 3600 - 60 });
    expect((await local.stripe.subscriptions.retrieve(id)).status).toBe("incomplete");
    await local.lab("POST", "/clock", { to: created + 23 * 3600 });
    expect((await local.stripe.subscriptions.retrieve(id)).status).toBe("incomplete_expired");
    expect((await local.stripe.invoices.retrieve(String(latest_invoice))).status).toBe("void");
    await local.lab("POST", "/clock", { advance_ms: 100 * DAY_MS });
    expect((await local.stripe.invoices.list({ customer: customer.id })).data).toHaveLength(1);
  });

  test("starts in the past where nothing lives yet, and comes back to the present exactly", async () => {
    const past = Math.floor(Date.UTC(2026, 0, 31, 10) / 1000);
    await createPlan(local.stripe);
    const { json } = await local.lab("POST", "/clock", { start_at: past });
    expect(json.now).toBe(past);
    expect((await local.stripe.customers.create({})).created - past).toBeLessThanOrEqual(2);
    const late = await local.lab("POST", "/clock", { start_at: past });
    expect([late.status, late.json.error?.message]).toEqual([
      400,
      expect.stringContaining("there is a customer"),
    ]);
    await local.lab("POST", "/clock", { to: past + 3600 });
    expect((await local.lab("POST", "/clock", { to: "present" })).json.offset_ms).toBe(0);
    await local.lab("POST", "/clock", { advance_ms: DAY_MS });
    expect((await local.lab("POST", "/clock", { to: "present" })).status).toBe(400);
  });

  test("a move returns only when every follower has answered", async () => {
    const heard: { body: string; authorization: string | undefined }[] = [];
    const follower = createServer((request, response) => {
      let body = "";
      request.on("data", (chunk) => {
        body += chunk;
      });
      request.on("end", () => {
        setTimeout(() => {
          heard.push({ body, authorization: request.headers.authorization });
          response.end();
        }, 50);
      });
    });
    const port = await listenLocally(follower, 0);
    const url = `http://127.0.0.1:${port}/clock`;
    const followed = await startTestStripe({ clockFollowers: [url, "http://127.0.0.1:1/nobody"] });
    // Told at the start, too: it may have been up before and with another time.
    expect(heard).toEqual([{ body: `{"offset_ms":0}`, authorization: "Bearer sk_test_local" }]);
    const { status, json } = await followed.lab("POST", "/clock", { advance_ms: 5000 });
    expect(heard.slice(1)).toEqual([{ body: `{"offset_ms":5000}`, authorization: "Bearer sk_test_local" }]);
    expect(status).toBe(200);
    expect(json.followers).toMatchObject([
      { url, status: 200, error: null },
      { status: null, error: expect.any(String) },
    ]);
    await followed.lab("POST", "/reset");
    expect(heard[2]?.body).toBe(`{"offset_ms":0}`);
    await followed.server.close();
    await closeServer(follower);
  });
});

describe("faults", () => {
  test.each([
    [500, "StripeAPIError"],
    [429, "StripeRateLimitError"],
  ] as const)("the next calls of a kind answer %i and do nothing", async (status, type) => {
    await local.lab("POST", "/faults", { route: "POST /v1/customers", status, count: 2 });
    const options = { idempotencyKey: `fault-${status}` };
    for (let call = 0; call < 2; call += 1) {
      const error = await refusalOf(local.stripe.customers.create({}, options));
      expect([error.statusCode, error.type]).toEqual([status, type]);
    }
    expect((await local.stripe.customers.list()).data).toEqual([]);
    const retried = await local.stripe.customers.create({}, options);
    expect(retried.lastResponse.headers["idempotent-replayed"]).toBeUndefined();
  });

  test("a call can lose its answer after the work is done; the SDK's own retry gets it", async () => {
    await local.lab("POST", "/faults", { route: "POST /v1/customers", drop_after: true });
    const customer = await local.stripe.customers.create({ email: "lost@example.test" });
    expect(customer.lastResponse.headers["idempotent-replayed"]).toBe("true");
    expect((await local.stripe.customers.list()).data).toHaveLength(1);
  });

  test("a call can be slow, and other routes are not touched", async () => {
    await local.lab("POST", "/faults", { route: "GET /v1/customers/:id", delay_ms: 400 });
    const { id } = await local.stripe.customers.create({});
    const start = performance.now();
    await local.stripe.customers.retrieve(id);
    expect(performance.now() - start).toBeGreaterThan(390);
    const again = performance.now();
    await local.stripe.customers.retrieve(id);
    expect(performance.now() - again).toBeLessThan(390);
  });
});

test("a reset forgets everything, keys and time included", async () => {
  await local.lab("POST", "/clock", { advance_ms: DAY_MS });
  const first = await local.stripe.customers.create({}, { idempotencyKey: "again" });
  await local.lab("POST", "/reset");
  expect((await local.lab("GET", "/clock")).json.offset_ms).toBe(0);
  expect((await local.stripe.customers.list()).data).toEqual([]);
  expect((await local.stripe.events.list()).data).toEqual([]);
  const second = await local.stripe.customers.create({}, { idempotencyKey: "again" });
  expect(second.id).not.toBe(first.id);
});

test("an event is delivered again as often as asked", async () => {
  const receiver = await startWebhookReceiver();
  const noisy = await startTestStripe({ webhookEndpoints: [receiver.endpoint] });
  await noisy.stripe.customers.create({});
  const [event] = (await noisy.stripe.events.list()).data;
  expect((await noisy.lab("POST", `/events/${event?.id}/redeliver`, { times: 20 })).json).toEqual({
    event: event?.id,
    queued: 20,
  });
  await noisy.server.deliveriesSettled();
  expect(receiver.deliveries).toHaveLength(21);
  expect((await noisy.lab("POST", "/events/evt_none/redeliver")).status).toBe(404);
  await noisy.server.close();
  await receiver.close();
});

test("bad JSON and unknown fields are refused with what is wrong", async () => {
  expect((await local.lab("POST", "/clock", { sideways: 1 })).status).toBe(400);
  expect((await local.lab("POST", "/clock", { to: 1, advance_ms: 1 })).status).toBe(400);
  expect((await local.lab("POST", "/faults", { status: 404 })).json.error?.message).toContain("status");
  const notJson = await local.raw("/lab/clock", { method: "POST", body: "{" });
  expect(notJson.status).toBe(400);
});

test("the front page tells what there is", async () => {
  await local.stripe.customers.create({});
  const page = await (await fetch(local.server.url)).text();
  expect(page).toContain("Local Stripe");
  expect(page).toMatch(/customer<\/a><\/th><td>1/);
  expect(page).toContain("customer.created");
  expect((await fetch(`${local.server.url}/favicon.ico`)).status).toBe(204);
  expect((await local.lab("GET", "/health")).json).toMatchObject({ status: "ok" });
});
