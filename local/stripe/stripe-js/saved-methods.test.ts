import type Stripe from "stripe";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { LOCAL_CREDENTIALS } from "@/local/credentials";
import { startTestStripe, type TestStripe } from "@/local/stripe/testing/start-test-stripe";

type Features = Stripe.CustomerSessionCreateParams.Components.PaymentElement.Features;

let local: TestStripe;
beforeAll(async () => {
  local = await startTestStripe();
});
afterAll(() => local.server.close());

const PAGE = { Authorization: `Bearer ${LOCAL_CREDENTIALS.stripePublishableKey}` };

async function createCustomer(shown: readonly Stripe.PaymentMethod.AllowRedisplay[]) {
  const { id: customer } = await local.stripe.customers.create({});
  const ids: string[] = [];
  for (const allow_redisplay of shown) {
    const { id } = await local.stripe.paymentMethods.attach("pm_card_visa", { customer });
    await local.stripe.paymentMethods.update(id, { allow_redisplay });
    ids.unshift(id);
  }
  return { customer, ids };
}

async function secretFor(customer: string, features: Features): Promise<string> {
  const components = { payment_element: { enabled: true, features } };
  return (await local.stripe.customerSessions.create({ customer, components })).client_secret;
}

async function see(secret: string, headers: Record<string, string> = PAGE) {
  const url = `${local.server.url}/js/saved_payment_methods?client_secret=${secret}`;
  const response = await fetch(url, { headers });
  return { status: response.status, json: await response.json() };
}

async function remove(secret: string, id: string) {
  const body = new URLSearchParams({ client_secret: secret, payment_method: id });
  const url = `${local.server.url}/js/saved_payment_methods`;
  const response = await fetch(url, { method: "POST", headers: PAGE, body });
  return { status: response.status, json: await response.json() };
}

const idsIn = ({ json }: { json: { payment_methods: { id: string }[] } }) =>
  json.payment_methods.map(({ id }) => id);

// https://docs.stripe.com/api/customer_sessions/create#create_customer_session-components-payment_element-features
describe("the cards a customer session shows", () => {
  test("are those that may be shown again, the newest first, up to its limit, and none unless it says so", async () => {
    const { customer, ids } = await createCustomer([
      "always",
      "always",
      "always",
      "always",
      "limited",
      "unspecified",
    ]);
    expect(idsIn(await see(await secretFor(customer, {})))).toEqual([]);
    const redisplay = { payment_method_redisplay: "enabled" } as const;
    expect(idsIn(await see(await secretFor(customer, redisplay)))).toEqual(ids.slice(2, 5));
    const all: Features = {
      ...redisplay,
      payment_method_allow_redisplay_filters: ["always", "limited", "unspecified"],
      payment_method_redisplay_limit: 10,
    };
    expect(idsIn(await see(await secretFor(customer, all)))).toEqual(ids);
  });

  test("are shown for its secret alone, with a key, for half an hour of the customer's time", async () => {
    const clock = await local.stripe.testHelpers.testClocks.create({ frozen_time: 1_800_000_000 });
    const { id: customer } = await local.stripe.customers.create({ test_clock: clock.id });
    const secret = await secretFor(customer, { payment_method_redisplay: "enabled" });
    expect((await see(secret)).status).toBe(200);
    expect((await see(secret, {})).status).toBe(401);
    const wrong = await see(`${secret}x`);
    expect([wrong.status, wrong.json.error.param]).toEqual([400, "customer_session_client_secret"]);
    await local.stripe.testHelpers.testClocks.advance(clock.id, { frozen_time: 1_800_001_800 });
    expect((await see(secret)).status).toBe(400);
    const table = { pricing_table: { enabled: true } };
    const other = await local.stripe.customerSessions.create({ customer, components: table });
    expect((await see(other.client_secret)).json.error.message).toContain("payment_element");
  });

  test("are removed where it allows that, and only those it shows", async () => {
    const { customer, ids } = await createCustomer(["limited", "always"]);
    const [shown = "", hidden = ""] = ids;
    const redisplay = { payment_method_redisplay: "enabled" } as const;
    expect((await remove(await secretFor(customer, redisplay), shown)).status).toBe(400);
    const secret = await secretFor(customer, { ...redisplay, payment_method_remove: "enabled" });
    expect((await remove(secret, hidden)).json.error.code).toBe("resource_missing");
    expect(await remove(secret, shown)).toMatchObject({ status: 200, json: { id: shown, customer: null } });
    expect((await remove(secret, shown)).status).toBe(400);
    const { data } = await local.stripe.customers.listPaymentMethods(customer);
    expect(data.map(({ id }) => id)).toEqual([hidden]);
    const { data: events } = await local.stripe.events.list({ type: "payment_method.detached" });
    expect(events).toHaveLength(1);
  });
});
