import type Stripe from "stripe";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { refusalOf, startTestStripe, type TestStripe } from "@/local/stripe/testing/start-test-stripe";

let local: TestStripe;
beforeAll(async () => {
  local = await startTestStripe();
});
afterAll(() => local.server.close());

function pay(method: string, overrides: Partial<Stripe.PaymentIntentCreateParams> = {}) {
  return local.stripe.paymentIntents.create({
    amount: 2000,
    currency: "usd",
    payment_method: method,
    automatic_payment_methods: { enabled: true, allow_redirects: "never" },
    confirm: true,
    expand: ["latest_charge"],
    ...overrides,
  });
}

function authenticate(id: string, outcome: "succeeded" | "failed") {
  return local.lab("POST", `/intents/${id}/authenticate`, { outcome });
}

async function lastEvents(count: number): Promise<string[]> {
  const events = await local.stripe.events.list({ limit: count });
  return events.data.map(({ type }) => type).reverse();
}

/** A customer with the card, saved through a setup intent that its holder authenticated. */
async function savedCard(shared: string): Promise<{ customer: string; method: string }> {
  const { id: customer } = await local.stripe.customers.create({});
  const setup = await local.stripe.setupIntents.create({
    customer,
    payment_method: shared,
    confirm: true,
    automatic_payment_methods: { enabled: true, allow_redirects: "never" },
  });
  if (setup.status === "requires_action") await authenticate(setup.id, "succeeded");
  const done = await local.stripe.setupIntents.retrieve(setup.id);
  expect(done.status).toBe("succeeded");
  return { customer, method: String(done.payment_method) };
}

/** The same card merely attached, which asks nobody. */
async function attachedCard(shared: string): Promise<{ customer: string; method: string }> {
  const { id: customer } = await local.stripe.customers.create({});
  const { id: method } = await local.stripe.paymentMethods.attach(shared, { customer });
  return { customer, method };
}

// https://docs.stripe.com/payments/3d-secure/authentication-flow
describe("a payment that needs authentication", () => {
  test("waits for Stripe.js, and is charged once the customer authenticated", async () => {
    const waiting = await pay("pm_card_threeDSecure2Required");
    expect(waiting).toMatchObject({
      status: "requires_action",
      amount_received: 0,
      latest_charge: null,
      payment_method: expect.stringMatching(/^pm_/),
      next_action: {
        type: "use_stripe_sdk",
        use_stripe_sdk: { stripe_js: `${local.server.url}/3ds/${waiting.id}` },
      },
    });
    expect(await authenticate(waiting.id, "succeeded")).toEqual({
      status: 200,
      json: { id: waiting.id, status: "succeeded" },
    });
    const paid = await local.stripe.paymentIntents.retrieve(waiting.id, { expand: ["latest_charge"] });
    expect(paid).toMatchObject({ status: "succeeded", next_action: null, amount_received: 2000 });
    expect(paid.latest_charge).toMatchObject({
      payment_method_details: {
        card: { three_d_secure: { authentication_flow: "challenge", result: "authenticated" } },
      },
    });
    expect(await lastEvents(4)).toEqual([
      "payment_intent.created",
      "payment_intent.requires_action",
      "charge.succeeded",
      "payment_intent.succeeded",
    ]);
  });

  test("sends the customer to a page where there is a way back", async () => {
    const waiting = await pay("pm_card_authenticationRequired", {
      return_url: "http://localhost:3000/back",
    });
    expect(waiting.next_action).toEqual({
      type: "redirect_to_url",
      redirect_to_url: {
        return_url: "http://localhost:3000/back",
        url: `${local.server.url}/3ds/${waiting.id}`,
      },
    });
  });

  test("fails when authentication fails, without asking the bank, and can be tried again", async () => {
    const waiting = await pay("pm_card_authenticationRequired");
    await authenticate(waiting.id, "failed");
    const failed = await local.stripe.paymentIntents.retrieve(waiting.id);
    expect(failed).toMatchObject({
      status: "requires_payment_method",
      payment_method: null,
      next_action: null,
      latest_charge: null,
      last_payment_error: {
        type: "invalid_request_error",
        code: "payment_intent_authentication_failure",
        payment_method: { id: waiting.payment_method },
      },
    });
    expect(await lastEvents(2)).toEqual(["payment_intent.requires_action", "payment_intent.payment_failed"]);
    const again = await local.stripe.paymentIntents.confirm(waiting.id, { payment_method: "pm_card_visa" });
    expect(again.status).toBe("succeeded");
  });

  test("is held, not captured, when capture is manual", async () => {
    const waiting = await pay("pm_card_authenticationRequired", { capture_method: "manual" });
    await authenticate(waiting.id, "succeeded");
    expect(await local.stripe.paymentIntents.retrieve(waiting.id)).toMatchObject({
      status: "requires_capture",
      amount_capturable: 2000,
    });
  });

  // https://docs.stripe.com/payments/finalize-payments-on-the-server
  test("waits for the server once more when confirmation is manual", async () => {
    const waiting = await pay("pm_card_authenticationRequired", {
      automatic_payment_methods: undefined,
      confirmation_method: "manual",
    });
    expect(waiting.status).toBe("requires_action");
    await authenticate(waiting.id, "succeeded");
    expect((await local.stripe.paymentIntents.retrieve(waiting.id)).status).toBe("requires_confirmation");
    expect((await local.stripe.paymentIntents.confirm(waiting.id)).status).toBe("succeeded");
  });

  test("is refused at once where nobody can handle it", async () => {
    const error = await refusalOf(pay("pm_card_authenticationRequired", { error_on_requires_action: true }));
    expect([error.statusCode, error.rawType, error.code]).toEqual([
      402,
      "card_error",
      "authentication_required",
    ]);
    const intent = await local.stripe.paymentIntents.retrieve(String(error.payment_intent?.id));
    expect(intent).toMatchObject({ status: "requires_payment_method", latest_charge: null });
  });

  test("can be canceled instead; what waits for nothing cannot be authenticated", async () => {
    const waiting = await pay("pm_card_authenticationRequired");
    expect((await local.stripe.paymentIntents.cancel(waiting.id)).status).toBe("canceled");
    const { status, json } = await authenticate(waiting.id, "succeeded");
    expect([status, json.error?.code]).toEqual([400, "payment_intent_unexpected_state"]);
    expect((await authenticate("pi_none", "succeeded")).status).toBe(404);
    expect((await local.lab("POST", `/intents/${waiting.id}/authenticate`, {})).status).toBe(400);
  });

  test("saves the card for later only once it is paid", async () => {
    const { id: customer } = await local.stripe.customers.create({});
    const waiting = await pay("pm_card_authenticationRequiredOnSetup", {
      customer,
      setup_future_usage: "off_session",
    });
    expect((await local.stripe.customers.listPaymentMethods(customer)).data).toEqual([]);
    await authenticate(waiting.id, "succeeded");
    const [method] = (await local.stripe.customers.listPaymentMethods(customer)).data;
    expect(method?.id).toBe(waiting.payment_method);
    const later = await pay(String(method?.id), { customer, off_session: true });
    expect(later.status).toBe("succeeded");
  });
});

// https://docs.stripe.com/testing#authentication-and-setup
describe("cards by how they were saved", () => {
  test("3155 needs authentication off session until it is set up, and on session always", async () => {
    const attached = await attachedCard("pm_card_authenticationRequiredOnSetup");
    const error = await refusalOf(pay(attached.method, { customer: attached.customer, off_session: true }));
    expect([error.statusCode, error.code, error.decline_code, error.message]).toEqual([
      402,
      "authentication_required",
      "authentication_required",
      "Your card was declined. This transaction requires authentication.",
    ]);
    expect(error.payment_intent).toMatchObject({ status: "requires_payment_method" });
    expect((await local.stripe.charges.retrieve(String(error.charge))).failure_code).toBe(
      "authentication_required",
    );

    const saved = await savedCard("pm_card_authenticationRequiredOnSetup");
    const renewal = await pay(saved.method, { customer: saved.customer, off_session: true });
    expect(renewal.status).toBe("succeeded");
    const present = await pay(saved.method, { customer: saved.customer });
    expect(present.status).toBe("requires_action");
  });

  test("3184 needs it always, however it was saved", async () => {
    const saved = await savedCard("pm_card_authenticationRequired");
    const error = await refusalOf(pay(saved.method, { customer: saved.customer, off_session: true }));
    expect(error.code).toBe("authentication_required");
  });

  test("0446 counts as set up: off session it just pays", async () => {
    const attached = await attachedCard("pm_card_authenticationRequiredSetupForOffSession");
    const options = { customer: attached.customer };
    expect((await pay(attached.method, { ...options, off_session: true })).status).toBe("succeeded");
    expect((await pay(attached.method, options)).status).toBe("requires_action");
  });

  test("3178 has insufficient funds after authentication, and when set up", async () => {
    const shared = "pm_card_authenticationRequiredChargeDeclinedInsufficientFunds";
    const waiting = await pay(shared);
    expect(waiting.status).toBe("requires_action");
    await authenticate(waiting.id, "succeeded");
    expect(await local.stripe.paymentIntents.retrieve(waiting.id)).toMatchObject({
      status: "requires_payment_method",
      last_payment_error: { code: "card_declined", decline_code: "insufficient_funds" },
    });
    const saved = await savedCard(shared);
    const error = await refusalOf(pay(saved.method, { customer: saved.customer, off_session: true }));
    expect(error.decline_code).toBe("insufficient_funds");
  });
});

// https://docs.stripe.com/testing#three-ds-cards
describe("cards by whether 3D Secure is required", () => {
  const asking = {
    payment_method_options: { card: { request_three_d_secure: "any" } },
  } as const satisfies Partial<Stripe.PaymentIntentCreateParams>;

  test("1629 is declined after authentication", async () => {
    const waiting = await pay("pm_card_threeDSecureRequiredChargeDeclined");
    await authenticate(waiting.id, "succeeded");
    expect(await local.stripe.paymentIntents.retrieve(waiting.id)).toMatchObject({
      status: "requires_payment_method",
      last_payment_error: { code: "card_declined" },
    });
  });

  test("1280 is declined because the lookup fails", async () => {
    const error = await refusalOf(pay("pm_card_threeDSecureRequiredProcessingError"));
    expect(error.code).toBe("card_declined");
  });

  test("3055 is challenged only when the payment asks for it", async () => {
    expect((await pay("pm_card_threeDSecureOptional")).status).toBe("succeeded");
    expect((await pay("pm_card_threeDSecureOptional", asking)).status).toBe("requires_action");
  });

  test("3097 pays, but not when the payment asks for 3D Secure", async () => {
    expect((await pay("pm_card_threeDSecureOptionalProcessingError")).status).toBe("succeeded");
    const error = await refusalOf(pay("pm_card_threeDSecureOptionalProcessingError", asking));
    expect(error.code).toBe("card_declined");
  });

  test.each([
    ["pm_card_visa", "attempt_acknowledged"],
    ["pm_card_amex", "not_supported"],
  ])("%s is never challenged: %s", async (method, result) => {
    const paid = await pay(method, asking);
    expect(paid).toMatchObject({
      status: "succeeded",
      latest_charge: { payment_method_details: { card: { three_d_secure: { result } } } },
    });
    expect((await pay(method)).latest_charge).toMatchObject({
      payment_method_details: { card: { three_d_secure: null } },
    });
  });
});
