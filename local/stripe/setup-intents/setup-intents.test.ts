import type Stripe from "stripe";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { refusalOf, startTestStripe, type TestStripe } from "@/local/stripe/testing/start-test-stripe";

const CARDS_ONLY = { enabled: true, allow_redirects: "never" } as const;

let local: TestStripe;
beforeAll(async () => {
  local = await startTestStripe();
});
afterAll(() => local.server.close());

async function setUp(method: string, overrides: Partial<Stripe.SetupIntentCreateParams> = {}) {
  const customer = await local.stripe.customers.create({});
  return local.stripe.setupIntents.create({
    customer: customer.id,
    payment_method: method,
    automatic_payment_methods: CARDS_ONLY,
    confirm: true,
    ...overrides,
  });
}

async function lastEvents(count: number): Promise<string[]> {
  const events = await local.stripe.events.list({ limit: count });
  return events.data.map(({ type }) => type).reverse();
}

// https://docs.stripe.com/payments/setupintents/lifecycle
describe("the life of a setup", () => {
  test("goes from waiting for a method over confirmation to a saved card", async () => {
    const customer = await local.stripe.customers.create({});
    const created = await local.stripe.setupIntents.create({
      customer: customer.id,
      description: "Card on file",
      metadata: { account: "42" },
      automatic_payment_methods: CARDS_ONLY,
    });
    expect(created).toMatchObject({
      status: "requires_payment_method",
      usage: "off_session",
      latest_attempt: null,
      client_secret: expect.stringMatching(new RegExp(`^${created.id}_secret_\\w{25}$`)),
    });
    const updated = await local.stripe.setupIntents.update(created.id, {
      payment_method: "pm_card_visa",
      metadata: { account: "43" },
    });
    expect(updated).toMatchObject({ status: "requires_confirmation", metadata: { account: "43" } });
    const done = await local.stripe.setupIntents.confirm(created.id, { expand: ["latest_attempt"] });
    expect(done).toMatchObject({
      status: "succeeded",
      payment_method: updated.payment_method,
      next_action: null,
      latest_attempt: { status: "succeeded", setup_error: null, payment_method: updated.payment_method },
    });
    const method = await local.stripe.paymentMethods.retrieve(String(done.payment_method));
    expect(method).toMatchObject({ customer: customer.id, card: { checks: { cvc_check: "pass" } } });
    expect(await lastEvents(3)).toEqual([
      "setup_intent.created",
      "payment_method.attached",
      "setup_intent.succeeded",
    ]);
  });

  test("without a customer the card stays nobody's and can be attached afterwards", async () => {
    const done = await setUp("pm_card_visa", { customer: undefined, usage: "on_session" });
    expect(done).toMatchObject({ status: "succeeded", customer: null, usage: "on_session" });
    const customer = await local.stripe.customers.create({});
    const method = await local.stripe.paymentMethods.attach(String(done.payment_method), {
      customer: customer.id,
    });
    expect(method.customer).toBe(customer.id);
  });

  test("what is over can be neither confirmed nor canceled", async () => {
    const done = await setUp("pm_card_visa");
    for (const call of [
      local.stripe.setupIntents.confirm(done.id),
      local.stripe.setupIntents.cancel(done.id),
    ]) {
      const error = await refusalOf(call);
      expect([error.statusCode, error.code]).toEqual([400, "setup_intent_unexpected_state"]);
      expect(error.message).toContain("because it has a status of succeeded");
    }
  });

  test("what waits can be canceled with a reason", async () => {
    const { id } = await local.stripe.setupIntents.create({});
    const canceled = await local.stripe.setupIntents.cancel(id, {
      cancellation_reason: "requested_by_customer",
    });
    expect(canceled).toMatchObject({ status: "canceled", cancellation_reason: "requested_by_customer" });
    expect(await lastEvents(1)).toEqual(["setup_intent.canceled"]);
  });

  test("they are listed by customer and method", async () => {
    const done = await setUp("pm_card_visa");
    const byCustomer = await local.stripe.setupIntents.list({ customer: String(done.customer) });
    expect(byCustomer.data.map(({ id }) => id)).toEqual([done.id]);
    const byMethod = await local.stripe.setupIntents.list({ payment_method: String(done.payment_method) });
    expect(byMethod.data.map(({ id }) => id)).toEqual([done.id]);
  });

  test("a method is needed, and a way back unless redirects are off", async () => {
    const { id } = await local.stripe.setupIntents.create({});
    expect((await refusalOf(local.stripe.setupIntents.confirm(id))).message).toContain(
      "it's missing a payment method",
    );
    const error = await refusalOf(local.stripe.setupIntents.confirm(id, { payment_method: "pm_card_visa" }));
    expect(error.message).toContain("you must provide a `return_url`");
    const early = await refusalOf(local.stripe.setupIntents.create({ return_url: "http://localhost:3000" }));
    expect(early.param).toBe("return_url");
  });

  test("a card of somebody else's cannot be set up", async () => {
    const owner = await local.stripe.customers.create({});
    const method = await local.stripe.paymentMethods.attach("pm_card_visa", { customer: owner.id });
    const error = await refusalOf(setUp(method.id));
    expect([error.statusCode, error.param]).toEqual([400, "payment_method"]);
  });
});

// https://docs.stripe.com/error-codes and https://docs.stripe.com/testing#declined-payments
describe("a setup that fails", () => {
  test("is answered as an error, leaves the reason, and can be tried again", async () => {
    const error = await refusalOf(setUp("pm_card_chargeDeclinedInsufficientFunds"));
    expect([error.statusCode, error.code, error.decline_code]).toEqual([
      402,
      "card_declined",
      "insufficient_funds",
    ]);
    const failed = await local.stripe.setupIntents.retrieve(String(error.setup_intent?.id), {
      expand: ["latest_attempt"],
    });
    expect(failed).toMatchObject({
      status: "requires_payment_method",
      payment_method: null,
      last_setup_error: { code: "card_declined", decline_code: "insufficient_funds" },
      latest_attempt: { status: "failed", setup_error: { code: "card_declined" } },
    });
    expect(await lastEvents(2)).toEqual(["setup_intent.created", "setup_intent.setup_failed"]);
    expect((await local.stripe.customers.listPaymentMethods(String(failed.customer))).data).toEqual([]);

    const done = await local.stripe.setupIntents.confirm(failed.id, { payment_method: "pm_card_visa" });
    expect(done).toMatchObject({ status: "succeeded", last_setup_error: null });
    const attempts = await local.stripe.setupAttempts.list({ setup_intent: failed.id });
    expect(attempts.data.map(({ status }) => status)).toEqual(["succeeded", "failed"]);
  });
});

// https://docs.stripe.com/testing#authentication-and-setup
describe("a setup that needs authentication", () => {
  test("waits for the customer, then saves the card", async () => {
    const waiting = await setUp("pm_card_authenticationRequiredOnSetup", {
      return_url: "http://localhost:3000/back",
    });
    expect(waiting).toMatchObject({
      status: "requires_action",
      next_action: {
        type: "redirect_to_url",
        redirect_to_url: { url: `${local.server.url}/3ds/${waiting.id}` },
      },
    });
    const customer = String(waiting.customer);
    expect((await local.stripe.customers.listPaymentMethods(customer)).data).toEqual([]);
    await local.lab("POST", `/intents/${waiting.id}/authenticate`, { outcome: "succeeded" });
    const done = await local.stripe.setupIntents.retrieve(waiting.id, { expand: ["latest_attempt"] });
    expect(done).toMatchObject({
      status: "succeeded",
      latest_attempt: {
        payment_method_details: { card: { three_d_secure: { result: "authenticated" } } },
      },
    });
    expect((await local.stripe.customers.listPaymentMethods(customer)).data).toHaveLength(1);
    expect(await lastEvents(4)).toEqual([
      "setup_intent.created",
      "setup_intent.requires_action",
      "payment_method.attached",
      "setup_intent.succeeded",
    ]);
  });

  test("fails with authentication, and the card is not saved", async () => {
    const waiting = await setUp("pm_card_authenticationRequired");
    await local.lab("POST", `/intents/${waiting.id}/authenticate`, { outcome: "failed" });
    expect(await local.stripe.setupIntents.retrieve(waiting.id)).toMatchObject({
      status: "requires_payment_method",
      last_setup_error: {
        type: "invalid_request_error",
        code: "setup_intent_authentication_failure",
      },
    });
    const again = await local.lab("POST", `/intents/${waiting.id}/authenticate`, { outcome: "succeeded" });
    expect([again.status, again.json.error?.code]).toEqual([400, "setup_intent_unexpected_state"]);
  });

  test("a card that is not enrolled is asked for nothing, even where the setup asks", async () => {
    const done = await setUp("pm_card_visa", {
      payment_method_options: { card: { request_three_d_secure: "any" } },
    });
    expect(done.status).toBe("succeeded");
  });
});
