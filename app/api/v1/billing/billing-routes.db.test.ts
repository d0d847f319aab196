import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { setConnections } from "@/lib/context";
import { openDb } from "@/lib/db/client";
import type { RouteHandler } from "@/lib/http/handle-route";
import { syncCustomer } from "@/lib/services/subscriptions/sync-customer";
import { setFault } from "@/local/testing/lab-driver";
import { openTestWorld, type TestWorld } from "@/local/testing/test-context";
import { POST as postCheckout } from "./checkout/route";
import { GET as getPlans } from "./plans/route";
import { GET as getSubscription, POST as postSubscription } from "./subscriptions/route";
import { POST as postRecord } from "./usage/record/route";
import { GET as getUsage } from "./usage/route";

let world: TestWorld;
let customerId: string;
let key: string;

beforeAll(async () => {
  world = await openTestWorld();
});
beforeEach(async () => {
  ({ customerId } = await world.createPerson());
  key = await world.createKey(customerId);
  setConnections(world.ctx);
});
afterEach(() => setConnections(world.ctx));
afterAll(() => world.close());

type Call = {
  body?: unknown;
  text?: string;
  headers?: Record<string, string>;
  authorization?: string | null;
};

async function call(
  handler: RouteHandler,
  { body, text, headers = {}, authorization = `Bearer ${key}` }: Call = {},
) {
  const payload = text ?? (body === undefined ? undefined : JSON.stringify(body));
  const request = new Request("http://localhost:3000/api/v1/billing", {
    method: payload === undefined ? "GET" : "POST",
    headers: { host: "localhost:3000", ...(authorization ? { authorization } : {}), ...headers },
    ...(payload === undefined ? {} : { body: payload }),
  });
  const response = await handler(request, { params: Promise.resolve({}) });
  return {
    status: response.status,
    headers: response.headers,
    json: (await response.json()) as Record<string, unknown>,
  };
}

const record = (quantity: unknown = 1, meter: unknown = "ai_requests") => ({ meter, quantity });

describe("GET /plans (S1-66, S2-29)", () => {
  test("200 for anybody: the four tiers with the seed's prices, and the month equivalent (S1-05, S1-08, S1-12, K-04)", async () => {
    const { status, json } = await call(getPlans, { authorization: null });
    expect(status).toBe(200);
    const plans = json.data as { slug: string; prices: object[] }[];
    expect(plans.map((plan) => plan.slug)).toEqual(["explorer", "community-pro", "pro-learn", "creator"]);
    expect(plans[1]).toMatchObject({
      trial: { days: 7 },
      prices: [
        {
          amount_minor: 5400,
          currency: "usd",
          interval: "month",
          interval_count: 3,
          month_equivalent_minor: 1800,
        },
      ],
    });
    expect(plans[2]).toMatchObject({
      trial: null,
      prices: [{ amount_minor: 10500, month_equivalent_minor: 3500 }],
    });
  });

  test("503 with a retry hint while Postgres is away, and nothing of the reason", async () => {
    setConnections({ ...world.ctx, db: openDb("postgresql://u:secret@127.0.0.1:1/none") });
    const { status, headers, json } = await call(getPlans, { authorization: null });
    expect(status).toBe(503);
    expect(headers.get("retry-after")).toBe("5");
    expect(json.code).toBe("database_unavailable");
    expect(JSON.stringify(json)).not.toMatch(/secret|127\.0\.0\.1|prisma/i);
  });
});

describe("who may call (S1-71, S2-26)", () => {
  test.each([
    ["no key", null],
    ["an unknown key", "Bearer tk_unknown"],
    ["another scheme", "Basic abc"],
    ["a demo key of nobody", "Bearer tk_local_nobody"],
  ])("401 with %s, as a problem with a request id", async (_name, authorization) => {
    // Without a key the session is asked for, which needs a request of Next's own: the header says there is none.
    const { status, headers, json } = await call(getSubscription, {
      authorization: authorization ?? "Bearer",
    });
    expect(status).toBe(401);
    expect(headers.get("content-type")).toBe("application/problem+json");
    expect(headers.get("www-authenticate")).toBe("Bearer");
    expect(json).toMatchObject({ status: 401, code: "unauthenticated" });
    expect(json.request_id).toBe(headers.get("request-id"));
  });

  test("401 for a key that was revoked or has expired", async () => {
    await world.ctx.db.apiKey.updateMany({ where: { customerId }, data: { revokedAt: new Date() } });
    expect((await call(getSubscription)).status).toBe(401);
    await world.ctx.db.apiKey.updateMany({
      where: { customerId },
      data: { revokedAt: null, expiresAt: new Date() },
    });
    expect((await call(getSubscription)).status).toBe(401);
  });

  test("401 for a demo key outside local mode, even when the demo account is there", async () => {
    await world.createPerson("free@demo.test");
    const authorization = "Bearer tk_local_free";
    expect((await call(getSubscription, { authorization })).status).toBe(200);
    setConnections({ ...world.ctx, env: { ...world.ctx.env, local: false } });
    expect((await call(getSubscription, { authorization })).status).toBe(401);
  });

  test("403 for a foreign Host in local mode: a name pointed at this machine is not this machine", async () => {
    const { status, json } = await call(getSubscription, { headers: { host: "evil.example" } });
    expect({ status, code: json.code }).toEqual({ status: 403, code: "forbidden" });
  });

  test("200 says the plan and is kept by no cache (V9)", async () => {
    const { status, headers, json } = await call(getSubscription);
    expect(status).toBe(200);
    expect(headers.get("cache-control")).toBe("private, no-store");
    expect(json).toMatchObject({ access: "full", plan: { slug: "explorer" }, subscription: null });
  });
});

describe("POST /checkout and POST /subscriptions (S2-25, S2-30)", () => {
  test("200 with a page for exactly the plan", async () => {
    const { status, json } = await call(postCheckout, { body: { plan: "community-pro" } });
    expect(status).toBe(200);
    expect(json.url).toContain("/c/pay/cs_test_");
    const again = await call(postSubscription, {
      body: { plan: "community-pro", interval: "month", interval_count: 3 },
    });
    expect(again.json.checkout_url).toBe(json.url);
  });

  test.each([
    ["an unknown plan", { plan: "platinum" }, "plan"],
    ["no plan", {}, "plan"],
    ["an amount", { plan: "community-pro", amount: 1 }, "amount"],
    ["a price id", { plan: "community-pro", price: "price_foreign" }, "price"],
    ["a trial", { plan: "community-pro", trial_days: 365 }, "trial_days"],
    ["a customer", { plan: "community-pro", customer: "cus_other" }, "customer"],
    ["an interval of its own", { plan: "community-pro", interval: "year" }, "interval"],
  ])("422 for %s, naming the field; Stripe is never called (V6)", async (_name, body, field) => {
    const { status, json } = await call(postCheckout, { body });
    expect(status).toBe(422);
    expect(json.errors).toMatchObject([{ field }]);
    expect(await world.ctx.db.stripeCommand.count({ where: { customerId } })).toBe(0);
  });

  test("503 with a retry hint while Stripe does not answer", async () => {
    await setFault(world.stripe.url, { route: "POST /v1/customers", status: 500, count: 2 });
    const { status, headers, json } = await call(postCheckout, { body: { plan: "community-pro" } });
    expect({ status, code: json.code }).toEqual({ status: 503, code: "stripe_unavailable" });
    expect(headers.get("retry-after")).toBe("5");
    expect((await call(postCheckout, { body: { plan: "community-pro" } })).status).toBe(200);
  });
});

describe("POST /usage/record (S2-33)", () => {
  test("200 with what is left and the subscription context (S0-53)", async () => {
    const { status, json } = await call(postRecord, { body: record(2) });
    expect(status).toBe(200);
    expect(json).toMatchObject({
      meter: "ai_requests",
      quantity: 2,
      subscription: {
        plan: "explorer",
        usage_today: 2,
        limit_today: 3,
        usage_this_month: 2,
        limit_this_month: null,
      },
    });
    expect((json.windows as object[])[0]).toMatchObject({ window: "day", limit: 3, used: 2, remaining: 1 });
  });

  test("403 at the limit, with the stable body (S1-87, S1-94, S2-54, K-11)", async () => {
    await call(postRecord, { body: record(3) });
    const { status, json } = await call(postRecord, { body: record(1) });
    expect(status).toBe(403);
    expect(json).toMatchObject({
      title: "Upgrade or buy tokens",
      code: "limit_reached",
      meter: "ai_requests",
      limit: 3,
      used: 3,
      suggestion: { kind: "upgrade", plan: "community-pro" },
    });
    expect(json.reset_at).toMatch(/T00:00:00\.000Z$/);
  });

  test("50 in parallel against a limit of three: three 200 and 47 403 (S1-97, S2-89)", async () => {
    const answers = await Promise.all(Array.from({ length: 50 }, () => call(postRecord, { body: record() })));
    const statuses = answers.map((answer) => answer.status).sort();
    expect(statuses).toEqual([...Array(3).fill(200), ...Array(47).fill(403)]);
  });

  test("a repeated Idempotency-Key counts once; for another quantity it is 422", async () => {
    const headers = { "idempotency-key": "order-1" };
    const first = await call(postRecord, { body: record(), headers });
    const second = await call(postRecord, { body: record(), headers });
    expect(second.json.id).toBe(first.json.id);
    expect((await call(postRecord, { body: record(2), headers })).json.code).toBe("idempotency_mismatch");
    const { json } = await call(getUsage);
    expect(json.meters).toMatchObject([
      {
        meter: "ai_requests",
        windows: [
          { window: "day", used: 1 },
          { window: "month", used: 1 },
        ],
      },
    ]);
  });

  test.each([
    ["a negative quantity", record(-1), "quantity"],
    ["zero", record(0), "quantity"],
    ["a fraction", record(1.5), "quantity"],
    ["more than any use", record(2 ** 53), "quantity"],
    ["infinity", record(Number.POSITIVE_INFINITY), "quantity"],
    ["a text", record("1"), "quantity"],
    ["an unknown meter", record(1, "coffee"), "meter"],
    ["no meter", { quantity: 1 }, "meter"],
    ["a customer of its own choice", { ...record(), customer: "x" }, "customer"],
  ])("422 for %s, naming the field, and nothing is counted", async (_name, body, field) => {
    const { status, json } = await call(postRecord, { body });
    expect({ status, code: json.code }).toEqual({ status: 422, code: "invalid_request" });
    expect(json.errors).toMatchObject([{ field }]);
    expect(await world.ctx.db.usageEvent.count({ where: { customerId } })).toBe(0);
  });

  test.each([
    ["an empty", ""],
    ["a blank", "   "],
    ["too long an", "x".repeat(201)],
  ])("422 for %s Idempotency-Key: it would be the same for every call, or is none", async (_name, key) => {
    const { status, json } = await call(postRecord, { body: record(), headers: { "idempotency-key": key } });
    expect(status).toBe(422);
    expect(json.errors).toMatchObject([{ field: "Idempotency-Key" }]);
    expect(await world.ctx.db.usageEvent.count({ where: { customerId } })).toBe(0);
  });

  test.each([["{"], [""], ["undefined"]])("400 for %j, which is no JSON", async (text) => {
    const { status, json } = await call(postRecord, { text });
    expect({ status, code: json.code }).toEqual({ status: 400, code: "malformed_request" });
  });

  test("413 for a body larger than any request needs", async () => {
    expect((await call(postRecord, { text: "x".repeat(300_000) })).status).toBe(413);
  });

  test("works with Redis away: in this world nothing listens on its port", async () => {
    expect(world.ctx.env.redis?.url).toBe("http://127.0.0.1:1");
    expect((await call(postRecord, { body: record() })).status).toBe(200);
  });
});

test("a Community Pro customer records 100 requests and the statistics show 100 (S1-91, S1-92, S1-96)", async () => {
  const customer = await world.ctx.stripe.customers.create({ email: "pro@person.test" });
  await world.ctx.db.customer.update({ where: { id: customerId }, data: { stripeCustomerId: customer.id } });
  const card = await world.ctx.stripe.paymentMethods.attach("pm_card_visa", { customer: customer.id });
  const [price] = await world.ctx.db.price.findMany({ where: { amountMinor: 5400 } });
  await world.ctx.stripe.subscriptions.create({
    customer: customer.id,
    items: [{ price: price?.stripePriceId ?? "" }],
    default_payment_method: card.id,
  });
  await syncCustomer({ ...world.ctx, now: new Date() }, { customerId });

  const answers = await Promise.all(Array.from({ length: 100 }, () => call(postRecord, { body: record() })));
  expect(new Set(answers.map((answer) => answer.status))).toEqual(new Set([200]));
  const { json } = await call(getUsage);
  expect(json.meters).toMatchObject([
    {
      windows: [
        { window: "day", used: 100, limit: 200 },
        { window: "month", used: 100 },
      ],
    },
  ]);
});
