import { afterAll, beforeAll, expect, test } from "vitest";
import { refusalOf, startTestStripe, type TestStripe } from "@/local/stripe/testing/start-test-stripe";

let local: TestStripe;
beforeAll(async () => {
  local = await startTestStripe();
});
afterAll(() => local.server.close());

/** Waits until a fault holds a call up: by then it is on its way under its key. */
async function hasBegun({ lab }: TestStripe): Promise<void> {
  await expect.poll(async () => (await lab("GET", "/faults")).json.faults).toEqual([]);
}

async function countCustomers(email: string): Promise<number> {
  return (await local.stripe.customers.list({ email })).data.length;
}

test("the same key gives the same answer and does nothing twice", async () => {
  const options = { idempotencyKey: "replay" };
  const first = await local.stripe.customers.create({ email: "once@example.test" }, options);
  const second = await local.stripe.customers.create({ email: "once@example.test" }, options);
  expect(second.id).toBe(first.id);
  expect(second.lastResponse.headers["idempotent-replayed"]).toBe("true");
  expect(first.lastResponse.headers["idempotent-replayed"]).toBeUndefined();
  expect(await countCustomers("once@example.test")).toBe(1);
});

test("a key used with other parameters, or for another endpoint, is refused", async () => {
  const options = { idempotencyKey: "mixed" };
  await local.stripe.customers.create({ email: "mixed@example.test" }, options);
  const otherParams = await refusalOf(local.stripe.customers.create({ email: "x@example.test" }, options));
  expect([otherParams.statusCode, otherParams.rawType]).toEqual([400, "idempotency_error"]);
  expect(otherParams.message).toContain("can only be used with the same parameters");
  const otherEndpoint = await refusalOf(local.stripe.products.create({ name: "x" }, options));
  expect(otherEndpoint.message).toContain("('/v1/products' vs '/v1/customers')");
});

test("a stored error is replayed even when the call would succeed now", async () => {
  const options = { idempotencyKey: "stored-error" };
  const body = { currency: "usd", unit_amount: 100, product: "prod_later" };
  const first = await refusalOf(local.stripe.prices.create(body, options));
  await local.stripe.products.create({ id: "prod_later", name: "Later" });
  const second = await refusalOf(local.stripe.prices.create(body, options));
  expect(second.message).toBe(first.message);
  expect(second.headers?.["idempotent-replayed"]).toBe("true");
});

test("a request that fails its checks leaves the key free", async () => {
  const init = { method: "POST", headers: { "Idempotency-Key": "free-again" } };
  const bad = await local.raw("/v1/products", { ...init, body: "nonsense=1" });
  expect(bad.status).toBe(400);
  const good = await local.raw("/v1/products", { ...init, body: "name=Good" });
  expect(good.status).toBe(200);
});

test("a second request under a key whose first is still running is answered 409", async () => {
  await local.lab("POST", "/faults", { route: "POST /v1/customers", delay_ms: 800 });
  const options = { idempotencyKey: "in-flight" };
  const slow = local.stripe.customers.create({ email: "slow@example.test" }, options);
  await hasBegun(local);
  const error = await refusalOf(local.stripe.customers.create({ email: "slow@example.test" }, options));
  expect([error.statusCode, error.code]).toEqual([409, "idempotency_key_in_use"]);
  await slow;
  expect(await countCustomers("slow@example.test")).toBe(1);
});

test("twenty parallel calls with one key make one customer", async () => {
  const options = { idempotencyKey: "parallel" };
  const calls = Array.from({ length: 20 }, () =>
    local.stripe.customers.create({ email: "parallel@example.test" }, options),
  );
  const ids = new Set((await Promise.all(calls)).map((customer) => customer.id));
  expect(ids.size).toBe(1);
  expect(await countCustomers("parallel@example.test")).toBe(1);
});

// https://docs.stripe.com/api/idempotent_requests
test("a failure of the server is kept and replayed too, with a word that trying again is no use", async () => {
  const own = await startTestStripe();
  await own.lab("POST", "/faults", { route: "POST /v1/customers", status: 500, keep: true });
  const options = { idempotencyKey: "broken" };
  const first = await refusalOf(own.stripe.customers.create({}, options));
  const second = await refusalOf(own.stripe.customers.create({}, options));
  expect([first.statusCode, second.statusCode]).toEqual([500, 500]);
  expect(second.message).toBe(first.message);
  expect(second.headers).toMatchObject({ "idempotent-replayed": "true", "stripe-should-retry": "false" });
  expect((await own.stripe.customers.list()).data).toEqual([]);
  await own.server.close();
});

test("a failure before the work began leaves the key free", async () => {
  const own = await startTestStripe();
  await own.lab("POST", "/faults", { route: "POST /v1/customers", status: 500 });
  const options = { idempotencyKey: "free" };
  expect((await refusalOf(own.stripe.customers.create({}, options))).statusCode).toBe(500);
  expect((await own.stripe.customers.create({}, options)).id).toMatch(/^cus_/);
  await own.server.close();
});

test("what is in flight is answered that it may be tried again, and the SDK does so by itself", async () => {
  const own = await startTestStripe();
  await own.lab("POST", "/faults", { route: "POST /v1/customers", delay_ms: 300 });
  const options = { idempotencyKey: "twice" };
  const slow = own.stripe.customers.create({}, options);
  await hasBegun(own);
  const again = await own.stripe.customers.create({}, { ...options, maxNetworkRetries: 5 });
  expect(again.id).toBe((await slow).id);
  await own.server.close();
});

test("a key means nothing to a call that deletes", async () => {
  const { id } = await local.stripe.customers.create({});
  const options = { idempotencyKey: "deleting" };
  await local.stripe.customers.del(id, {}, options);
  expect((await refusalOf(local.stripe.customers.del(id, {}, options))).statusCode).toBe(404);
  // It is as new for another call.
  expect((await local.stripe.customers.create({}, options)).id).toMatch(/^cus_/);
});

test("a key has up to 255 characters", async () => {
  const long = { idempotencyKey: "k".repeat(255) };
  expect((await local.stripe.customers.create({}, long)).id).toMatch(/^cus_/);
  const tooLong = await refusalOf(local.stripe.customers.create({}, { idempotencyKey: "k".repeat(256) }));
  expect([tooLong.statusCode, tooLong.type]).toEqual([400, "StripeInvalidRequestError"]);
});

test("a key is forgotten after a day", async () => {
  const own = await startTestStripe();
  const options = { idempotencyKey: "daily" };
  const first = await own.stripe.customers.create({}, options);
  await own.lab("POST", "/clock", { advance_ms: 24 * 60 * 60 * 1000 - 60_000 });
  expect((await own.stripe.customers.create({}, options)).id).toBe(first.id);
  await own.lab("POST", "/clock", { advance_ms: 61_000 });
  expect((await own.stripe.customers.create({}, options)).id).not.toBe(first.id);
  await own.server.close();
});
