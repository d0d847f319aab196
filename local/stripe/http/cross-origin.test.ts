import { afterAll, beforeAll, expect, test } from "vitest";
import { LOCAL_CREDENTIALS } from "@/local/credentials";
import { startTestStripe, type TestStripe } from "@/local/stripe/testing/start-test-stripe";

let local: TestStripe;
beforeAll(async () => {
  local = await startTestStripe();
});
afterAll(() => local.server.close());

const PAGE = { Authorization: `Bearer ${LOCAL_CREDENTIALS.stripePublishableKey}` };

async function allowedOrigin(init: RequestInit, path = "/v1/payment_intents/pi_1"): Promise<string | null> {
  const response = await fetch(`${local.server.url}${path}`, init);
  return response.headers.get("access-control-allow-origin");
}

// Stripe.js calls the API from the shop's page with the publishable key: https://docs.stripe.com/keys
test("a page of this machine reads what it asked for with a publishable key, refusals too", async () => {
  for (const origin of [
    "http://localhost:3000",
    "https://shop.localhost",
    "http://127.0.0.1:8080",
    "http://[::1]:1",
  ]) {
    expect(await allowedOrigin({ headers: { ...PAGE, Origin: origin } })).toBe(origin);
    const wrong = { Authorization: "Bearer pk_test_another", Origin: origin };
    expect(await allowedOrigin({ headers: wrong })).toBe(origin);
  }
});

test("no other page does, and none with a secret key", async () => {
  for (const origin of [
    "https://example.com",
    "http://localhost.example.com",
    "http://evil-localhost:1",
    "null",
  ]) {
    expect(await allowedOrigin({ headers: { ...PAGE, Origin: origin } })).toBeNull();
    expect(await allowedOrigin({ method: "OPTIONS", headers: { Origin: origin } })).toBeNull();
  }
  const secret = {
    Authorization: `Bearer ${LOCAL_CREDENTIALS.stripeSecretKey}`,
    Origin: "http://localhost:1",
  };
  expect(await allowedOrigin({ headers: secret })).toBeNull();
});

test("what a browser asks first is answered for the API and Stripe.js, not for the lab's controls", async () => {
  const ask = { method: "OPTIONS", headers: { Origin: "http://localhost:3000" } };
  expect(await allowedOrigin(ask)).toBe("http://localhost:3000");
  expect(await allowedOrigin(ask, "/js/checkout")).toBe("http://localhost:3000");
  expect(await allowedOrigin(ask, "/lab/clock")).toBeNull();
});

test("headers that tracing and testing tools add to a page's calls are let through", async () => {
  const wanted = "authorization,traceparent";
  const headers = { Origin: "http://localhost:3000", "Access-Control-Request-Headers": wanted };
  const response = await fetch(`${local.server.url}/v1/tokens`, { method: "OPTIONS", headers });
  expect(response.headers.get("access-control-allow-headers")).toBe(wanted);
});
