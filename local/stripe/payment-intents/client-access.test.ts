import type Stripe from "stripe";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { LOCAL_CREDENTIALS } from "@/local/credentials";
import { createPlan } from "@/local/stripe/testing/catalogue";
import {
  createClient,
  refusalOf,
  startTestStripe,
  type TestStripe,
} from "@/local/stripe/testing/start-test-stripe";

let local: TestStripe;
/** What a page has: the publishable key. */
let page: Stripe;
beforeAll(async () => {
  local = await startTestStripe();
  page = createClient(local.server, LOCAL_CREDENTIALS.stripePublishableKey);
});
afterAll(() => local.server.close());

/** Confirms as Stripe.js does, which sends more than the SDK's types know. */
async function confirmOnPage(
  intent: { id: string; client_secret: string | null },
  fields: Record<string, string> = {},
) {
  const kind = intent.id.startsWith("seti_") ? "setup_intents" : "payment_intents";
  const response = await fetch(`${local.server.url}/v1/${kind}/${intent.id}/confirm`, {
    method: "POST",
    headers: { Authorization: `Bearer ${LOCAL_CREDENTIALS.stripePublishableKey}` },
    body: new URLSearchParams({
      client_secret: String(intent.client_secret),
      use_stripe_sdk: "true",
      "payment_method_data[type]": "card",
      "payment_method_data[card][number]": "4242424242424242",
      "payment_method_data[card][exp_month]": "12",
      "payment_method_data[card][exp_year]": "2040",
      "payment_method_data[card][cvc]": "123",
      "payment_method_data[billing_details][name]": "Ada",
      ...fields,
    }),
  });
  return { status: response.status, json: await response.json() };
}

// https://docs.stripe.com/api/payment_intents/retrieve
describe("with the publishable key", () => {
  test("an intent is shown in part to whoever has its secret, and to nobody else", async () => {
    const intent = await local.stripe.paymentIntents.create({
      amount: 2000,
      currency: "usd",
      metadata: { internal: "1" },
    });
    const secret = { client_secret: String(intent.client_secret) };
    const shown = await page.paymentIntents.retrieve(intent.id, secret);
    expect(shown).toMatchObject({ id: intent.id, amount: 2000, status: "requires_payment_method" });
    for (const hidden of ["metadata", "customer", "latest_charge", "application_fee_amount"]) {
      expect(shown).not.toHaveProperty(hidden);
    }
    const none = await refusalOf(page.paymentIntents.retrieve(intent.id));
    expect([none.statusCode, none.param]).toEqual([400, "client_secret"]);
    const wrong = await refusalOf(
      page.paymentIntents.retrieve(intent.id, { client_secret: `${intent.id}_secret_x` }),
    );
    expect([wrong.statusCode, wrong.code, wrong.param]).toEqual([
      400,
      "payment_intent_invalid_parameter",
      "client_secret",
    ]);
  });

  test("a card typed on the page pays", async () => {
    const intent = await local.stripe.paymentIntents.create({ amount: 2000, currency: "usd" });
    const { status, json } = await confirmOnPage(intent);
    expect([status, json.status]).toEqual([200, "succeeded"]);
    expect(json).not.toHaveProperty("latest_charge");
    const paid = await local.stripe.paymentIntents.retrieve(intent.id, { expand: ["latest_charge"] });
    expect(paid.latest_charge).toMatchObject({ billing_details: { name: "Ada" }, amount: 2000 });
  });

  test("a decline is told with the part of the intent the page may see", async () => {
    const intent = await local.stripe.paymentIntents.create({ amount: 2000, currency: "usd" });
    const { status, json } = await confirmOnPage(intent, {
      "payment_method_data[card][number]": "4000000000009995",
    });
    expect([status, json.error.decline_code]).toEqual([402, "insufficient_funds"]);
    expect(json.error.payment_intent.status).toBe("requires_payment_method");
    expect(json.error.payment_intent).not.toHaveProperty("metadata");
  });

  test("a number that cannot be a card's leaves the intent as it was", async () => {
    const intent = await local.stripe.paymentIntents.create({ amount: 2000, currency: "usd" });
    const { status, json } = await confirmOnPage(intent, {
      "payment_method_data[card][number]": "4242424242424241",
    });
    expect([status, json.error.code]).toEqual([402, "incorrect_number"]);
    expect(await local.stripe.paymentIntents.retrieve(intent.id)).toEqual(intent);
  });

  test("what the server confirms by hand, the page cannot", async () => {
    const intent = await local.stripe.paymentIntents.create({
      amount: 2000,
      currency: "usd",
      confirmation_method: "manual",
    });
    const { status, json } = await confirmOnPage(intent);
    expect([status, json.error.message.includes("cannot be confirmed using your publishable key")]).toEqual([
      400,
      true,
    ]);
  });

  test("nothing is captured, canceled, refunded or listed", async () => {
    const intent = await local.stripe.paymentIntents.create({ amount: 2000, currency: "usd" });
    for (const call of [
      page.paymentIntents.capture(intent.id),
      page.paymentIntents.cancel(intent.id),
      page.paymentIntents.list(),
      page.paymentIntents.create({ amount: 2000, currency: "usd" }),
      page.refunds.create({ payment_intent: intent.id }),
    ]) {
      expect((await refusalOf(call)).statusCode).toBe(403);
    }
  });

  test("a setup intent is confirmed the same way", async () => {
    const customer = await local.stripe.customers.create({});
    const intent = await local.stripe.setupIntents.create({ customer: customer.id });
    const { status, json } = await confirmOnPage(intent);
    expect([status, json.status]).toEqual([200, "succeeded"]);
    expect(json).not.toHaveProperty("customer");
    const [method] = (await local.stripe.customers.listPaymentMethods(customer.id)).data;
    expect(method?.id).toBe(json.payment_method);
  });
});

// https://docs.stripe.com/billing/subscriptions/build-subscriptions
describe("a subscription whose first payment is left to the page", () => {
  async function startIncomplete(
    settings: Stripe.SubscriptionCreateParams.PaymentSettings = {},
  ): Promise<{ subscription: Stripe.Subscription; intentId: string; secret: string }> {
    const price = await createPlan(local.stripe);
    const customer = await local.stripe.customers.create({ email: "ada@example.test" });
    const subscription = await local.stripe.subscriptions.create({
      customer: customer.id,
      items: [{ price: price.id }],
      payment_behavior: "default_incomplete",
      payment_settings: settings,
      expand: ["latest_invoice.confirmation_secret"],
    });
    const invoice = subscription.latest_invoice as Stripe.Invoice;
    const secret = String(invoice.confirmation_secret?.client_secret);
    return { subscription, intentId: secret.split("_secret_")[0] ?? "", secret };
  }

  test("is active once the page paid, and keeps the card if it is to", async () => {
    const { subscription, intentId, secret } = await startIncomplete({
      save_default_payment_method: "on_subscription",
    });
    expect(subscription.status).toBe("incomplete");
    const { json } = await confirmOnPage({ id: intentId, client_secret: secret });
    expect(json.status).toBe("succeeded");
    const started = await local.stripe.subscriptions.retrieve(subscription.id, {
      expand: ["latest_invoice"],
    });
    expect(started).toMatchObject({
      status: "active",
      default_payment_method: json.payment_method,
      latest_invoice: { status: "paid", amount_paid: 5400, amount_remaining: 0 },
    });
    expect((await local.stripe.paymentMethods.retrieve(json.payment_method)).customer).toBe(
      subscription.customer,
    );
  });

  test("is active once the customer authenticated", async () => {
    const { subscription, intentId, secret } = await startIncomplete();
    const { json } = await confirmOnPage(
      { id: intentId, client_secret: secret },
      { "payment_method_data[card][number]": "4000002500003155" },
    );
    expect(json).toMatchObject({ status: "requires_action", next_action: { type: "use_stripe_sdk" } });
    expect((await local.stripe.subscriptions.retrieve(subscription.id)).status).toBe("incomplete");
    await local.lab("POST", `/intents/${intentId}/authenticate`, { outcome: "succeeded" });
    expect((await local.stripe.subscriptions.retrieve(subscription.id)).status).toBe("active");
  });

  test("stays incomplete after a decline, and the intent cannot be canceled", async () => {
    const { subscription, intentId, secret } = await startIncomplete();
    const { status } = await confirmOnPage(
      { id: intentId, client_secret: secret },
      { "payment_method_data[card][number]": "4000000000000002" },
    );
    expect(status).toBe(402);
    expect((await local.stripe.subscriptions.retrieve(subscription.id)).status).toBe("incomplete");
    expect((await refusalOf(local.stripe.paymentIntents.cancel(intentId))).message).toContain(
      "it was created by an Invoice",
    );
  });
});
