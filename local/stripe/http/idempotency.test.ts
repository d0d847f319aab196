import { afterAll, beforeAll, expect, test } from "vitest";
import { refusalOf, startTestStripe, type TestStripe } from "@/local/stripe/testing/start-test-stripe";

let local: TestStripe;
beforeAll(async () => {
  local = await startTestStripe();
});
afterAll(() => local.server.close());

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
  await new Promise((resolve) => setTimeout(resolve, 100));
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
