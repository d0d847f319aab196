import type Stripe from "stripe";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createPayingCustomer, createPlan } from "@/local/stripe/testing/catalogue";
import { refusalOf, startTestStripe, type TestStripe } from "@/local/stripe/testing/start-test-stripe";

let local: TestStripe;
let price: Stripe.Price;
beforeAll(async () => {
  local = await startTestStripe();
  price = await createPlan(local.stripe);
});
afterAll(() => local.server.close());

// https://docs.stripe.com/api/customer_portal/configurations
describe("configurations", () => {
  test("what is not named is off, and an update changes only what it names", async () => {
    const { configurations } = local.stripe.billingPortal;
    const made = await configurations.create({
      features: { subscription_cancel: { enabled: true, mode: "immediately" } },
      default_return_url: "http://localhost:3000/account",
    });
    expect(made).toMatchObject({
      active: true,
      is_default: false,
      features: {
        invoice_history: { enabled: false },
        subscription_cancel: { enabled: true, mode: "immediately", proration_behavior: "none" },
      },
    });
    const updated = await configurations.update(made.id, {
      features: { invoice_history: { enabled: true } },
    });
    expect(updated.features).toMatchObject({
      invoice_history: { enabled: true },
      subscription_cancel: { enabled: true, mode: "immediately" },
    });
    expect(await configurations.retrieve(made.id)).toEqual(updated);
    const events = await local.stripe.events.list({ limit: 2 });
    expect(events.data.map(({ type }) => type)).toEqual([
      "billing_portal.configuration.updated",
      "billing_portal.configuration.created",
    ]);
  });

  test("there is one default, which cannot be turned off", async () => {
    const { data } = await local.stripe.billingPortal.configurations.list({ is_default: true });
    expect(data).toHaveLength(1);
    const error = await refusalOf(
      local.stripe.billingPortal.configurations.update(data[0]?.id ?? "", { active: false }),
    );
    expect([error.statusCode, error.param]).toEqual([400, "active"]);
  });

  test.each<[string, Stripe.BillingPortal.ConfigurationCreateParams.Features, string]>([
    [
      "updates without products",
      { subscription_update: { enabled: true, default_allowed_updates: ["price"] } },
      "features[subscription_update][products]",
    ],
    [
      "customer updates of nothing",
      { customer_update: { enabled: true } },
      "features[customer_update][allowed_updates]",
    ],
  ])("%s: refused and the parameter named", async (_name, features, param) => {
    const error = await refusalOf(local.stripe.billingPortal.configurations.create({ features }));
    expect([error.statusCode, error.param]).toEqual([400, param]);
  });
});

// https://docs.stripe.com/api/customer_portal/sessions
describe("sessions", () => {
  test("a session has a page of its own and the default configuration", async () => {
    const customer = await createPayingCustomer(local.stripe);
    const session = await local.stripe.billingPortal.sessions.create({
      customer: customer.id,
      return_url: "http://localhost:3000/account",
    });
    expect(session).toMatchObject({
      customer: customer.id,
      flow: null,
      return_url: "http://localhost:3000/account",
    });
    expect(session.url).toBe(`${local.server.url}/p/session/${session.id}`);
  });

  test("a flow names a subscription of the customer's own", async () => {
    const [customer, other] = [
      await createPayingCustomer(local.stripe),
      await createPayingCustomer(local.stripe),
    ];
    const subscription = await local.stripe.subscriptions.create({
      customer: customer.id,
      items: [{ price: price.id }],
    });
    const flowOf = (of: Stripe.Customer) =>
      local.stripe.billingPortal.sessions.create({
        customer: of.id,
        flow_data: {
          type: "subscription_cancel",
          subscription_cancel: { subscription: subscription.id },
          after_completion: { type: "redirect", redirect: { return_url: "http://localhost:3000/bye" } },
        },
      });
    expect((await flowOf(customer)).flow).toMatchObject({
      type: "subscription_cancel",
      subscription_cancel: { subscription: subscription.id, retention: null },
      after_completion: { type: "redirect" },
    });
    const error = await refusalOf(flowOf(other));
    expect([error.statusCode, error.param]).toEqual([400, "flow_data[subscription_cancel][subscription]"]);
  });

  test("a flow whose feature is off is refused", async () => {
    const customer = await createPayingCustomer(local.stripe);
    const configuration = await local.stripe.billingPortal.configurations.create({
      features: { invoice_history: { enabled: true } },
    });
    const error = await refusalOf(
      local.stripe.billingPortal.sessions.create({
        customer: customer.id,
        configuration: configuration.id,
        flow_data: { type: "payment_method_update" },
      }),
    );
    expect([error.statusCode, error.param]).toEqual([400, "flow_data[type]"]);
  });
});
