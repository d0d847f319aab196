import type Stripe from "stripe";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createPayingCustomer, createPlan } from "@/local/stripe/testing/catalogue";
import { startTestStripe, type TestStripe } from "@/local/stripe/testing/start-test-stripe";

const HOUR_SECONDS = 60 * 60;

let local: TestStripe;
beforeEach(async () => {
  local = await startTestStripe();
});
afterEach(() => local.server.close());

async function intentOf(invoiceId: string): Promise<Stripe.PaymentIntent> {
  const invoice = await local.stripe.invoices.retrieve(invoiceId, { expand: ["payments"] });
  return local.stripe.paymentIntents.retrieve(String(invoice.payments?.data[0]?.payment.payment_intent));
}

/** An active subscription whose renewals are charged to the card from now on. */
async function renewingWith(
  method: string,
): Promise<{ subscription: Stripe.Subscription; renewsAt: number }> {
  const price = await createPlan(local.stripe);
  const customer = await createPayingCustomer(local.stripe);
  const subscription = await local.stripe.subscriptions.create({
    customer: customer.id,
    items: [{ price: price.id }],
  });
  const attached = await local.stripe.paymentMethods.attach(method, { customer: customer.id });
  await local.stripe.customers.update(customer.id, {
    invoice_settings: { default_payment_method: attached.id },
  });
  return { subscription, renewsAt: Number(subscription.items.data[0]?.current_period_end) };
}

// https://docs.stripe.com/billing/subscriptions/overview#requires-action
describe("a renewal whose card needs authentication", () => {
  test("waits for the customer, who makes the subscription active again", async () => {
    const { subscription, renewsAt } = await renewingWith("pm_card_authenticationRequired");
    await local.lab("POST", "/clock", { to: renewsAt + HOUR_SECONDS });
    const owing = await local.stripe.subscriptions.retrieve(subscription.id);
    expect(owing.status).toBe("past_due");
    const invoiceId = String(owing.latest_invoice);
    const intent = await intentOf(invoiceId);
    expect(intent).toMatchObject({ status: "requires_action", next_action: { type: "use_stripe_sdk" } });
    await local.lab("POST", `/intents/${intent.id}/authenticate`, { outcome: "succeeded" });
    expect(await local.stripe.invoices.retrieve(invoiceId)).toMatchObject({
      status: "paid",
      amount_remaining: 0,
    });
    expect((await local.stripe.subscriptions.retrieve(subscription.id)).status).toBe("active");
  });

  test("a card that was set up renews by itself", async () => {
    const { subscription, renewsAt } = await renewingWith("pm_card_authenticationRequiredSetupForOffSession");
    await local.lab("POST", "/clock", { to: renewsAt + HOUR_SECONDS });
    const renewed = await local.stripe.subscriptions.retrieve(subscription.id);
    expect(renewed.status).toBe("active");
    expect((await intentOf(String(renewed.latest_invoice))).status).toBe("succeeded");
  });
});

test("a declined renewal leaves the intent open for another card, which pays the invoice", async () => {
  const { subscription, renewsAt } = await renewingWith("pm_card_chargeCustomerFail");
  await local.lab("POST", "/clock", { to: renewsAt + HOUR_SECONDS });
  const owing = await local.stripe.subscriptions.retrieve(subscription.id);
  const intent = await intentOf(String(owing.latest_invoice));
  expect(intent).toMatchObject({
    status: "requires_payment_method",
    last_payment_error: { decline_code: "generic_decline" },
  });
  const paid = await local.stripe.paymentIntents.confirm(intent.id, { payment_method: "pm_card_visa" });
  expect(paid.status).toBe("succeeded");
  expect((await local.stripe.subscriptions.retrieve(subscription.id)).status).toBe("active");
});

// https://docs.stripe.com/api/subscriptions/object#subscription_object-pending_setup_intent
test("a trial's pending setup is over once a card was set up, which the subscription keeps if it is to", async () => {
  const price = await createPlan(local.stripe);
  const customer = await local.stripe.customers.create({ email: "ada@example.test" });
  const subscription = await local.stripe.subscriptions.create({
    customer: customer.id,
    items: [{ price: price.id }],
    trial_period_days: 7,
    payment_settings: { save_default_payment_method: "on_subscription" },
  });
  const setup = String(subscription.pending_setup_intent);
  expect(setup).toMatch(/^seti_/);
  const done = await local.stripe.setupIntents.confirm(setup, { payment_method: "pm_card_visa" });
  expect(await local.stripe.subscriptions.retrieve(subscription.id)).toMatchObject({
    pending_setup_intent: null,
    default_payment_method: done.payment_method,
  });
});
