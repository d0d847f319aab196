import type Stripe from "stripe";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startTestStripe, type TestStripe } from "@/local/stripe/testing/start-test-stripe";

let local: TestStripe;
beforeAll(async () => {
  local = await startTestStripe();
});
afterAll(() => local.server.close());

function confirmWith(return_url?: string): Promise<Stripe.PaymentIntent> {
  return local.stripe.paymentIntents.create({
    amount: 2000,
    currency: "usd",
    confirm: true,
    payment_method: "pm_card_threeDSecure2Required",
    ...(return_url === undefined
      ? { automatic_payment_methods: { enabled: true, allow_redirects: "never" as const } }
      : { return_url }),
  });
}

function post(path: string, outcome: string): Promise<Response> {
  return fetch(`${local.server.url}${path}`, {
    method: "POST",
    body: new URLSearchParams({ outcome }),
    redirect: "manual",
  });
}

// https://docs.stripe.com/payments/3d-secure/authentication-flow
test.each([
  ["approved", "succeeded", "succeeded"],
  ["failed", "failed", "requires_payment_method"],
])("a challenge that is %s leads back with the result", async (_what, outcome, status) => {
  const intent = await confirmWith("http://localhost:3000/return?order=7");
  const { url } = intent.next_action?.redirect_to_url ?? {};
  const path = new URL(url ?? "").pathname;
  const page = await (await fetch(String(url))).text();
  expect(page).toContain("$20.00");
  expect(page).toContain("simulation");
  const answer = await post(path, outcome);
  expect(answer.status).toBe(303);
  const back = new URL(answer.headers.get("location") ?? "");
  expect(Object.fromEntries(back.searchParams)).toEqual({
    order: "7",
    payment_intent: intent.id,
    payment_intent_client_secret: intent.client_secret,
    redirect_status: outcome,
  });
  expect((await local.stripe.paymentIntents.retrieve(intent.id)).status).toBe(status);
  // A second click changes nothing.
  expect((await post(path, "succeeded")).status).toBe(200);
  expect((await local.stripe.paymentIntents.retrieve(intent.id)).status).toBe(status);
});

test("without a way back the page says that it is done, and may stand in a frame of this machine's pages", async () => {
  const intent = await confirmWith();
  const answer = await post(`/3ds/${intent.id}`, "succeeded");
  expect(await answer.text()).toContain("Authentication complete");
  expect(answer.headers.get("content-security-policy")).toContain("frame-ancestors http://localhost:*");
});

test("an unknown intent is told as such", async () => {
  const answer = await fetch(`${local.server.url}/3ds/pi_none`);
  expect(answer.status).toBe(404);
  expect(await answer.text()).toContain("Nothing to confirm");
});
