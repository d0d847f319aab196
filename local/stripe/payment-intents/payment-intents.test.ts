import type Stripe from "stripe";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { refusalOf, startTestStripe, type TestStripe } from "@/local/stripe/testing/start-test-stripe";

const DAY_MS = 24 * 60 * 60 * 1000;
const CARDS_ONLY = { enabled: true, allow_redirects: "never" } as const;

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
    automatic_payment_methods: CARDS_ONLY,
    confirm: true,
    ...overrides,
  });
}

/** The events about an object and what belongs to it, in order. */
async function eventsAbout(...ids: string[]): Promise<string[]> {
  const events = await local.stripe.events.list({ limit: 100 });
  return events.data
    .filter(({ data }) => {
      const object = data.object as { id?: string; payment_intent?: unknown; charge?: unknown };
      return [object.id, object.payment_intent, object.charge].some((id) => ids.includes(String(id)));
    })
    .map(({ type }) => type)
    .reverse();
}

// https://docs.stripe.com/payments/paymentintents/lifecycle
describe("the life of a payment", () => {
  test("goes from waiting for a method over confirmation to success", async () => {
    const created = await local.stripe.paymentIntents.create({
      amount: 2000,
      currency: "USD",
      description: "Credits",
      metadata: { order: "7" },
      automatic_payment_methods: CARDS_ONLY,
    });
    expect(created).toMatchObject({
      status: "requires_payment_method",
      amount: 2000,
      currency: "usd",
      capture_method: "automatic_async",
      confirmation_method: "automatic",
      automatic_payment_methods: CARDS_ONLY,
      client_secret: expect.stringMatching(new RegExp(`^${created.id}_secret_\\w{25}$`)),
    });
    const updated = await local.stripe.paymentIntents.update(created.id, {
      payment_method: "pm_card_visa",
      amount: 2500,
      metadata: { order: "", item: "8" },
    });
    expect(updated).toMatchObject({
      status: "requires_confirmation",
      amount: 2500,
      payment_method: expect.stringMatching(/^pm_\w{24}$/),
      metadata: { item: "8" },
    });
    const paid = await local.stripe.paymentIntents.confirm(created.id, {
      receipt_email: "ada@example.test",
      expand: ["latest_charge"],
    });
    expect(paid).toMatchObject({ status: "succeeded", amount_received: 2500, amount_capturable: 0 });
    expect(paid.latest_charge).toMatchObject({
      amount: 2500,
      amount_captured: 2500,
      captured: true,
      description: "Credits",
      metadata: { item: "8" },
      receipt_email: "ada@example.test",
      status: "succeeded",
    });
    expect(await eventsAbout(created.id)).toEqual([
      "payment_intent.created",
      "charge.succeeded",
      "payment_intent.succeeded",
    ]);
  });

  test("a payment that succeeded can neither be confirmed, changed nor canceled", async () => {
    const { id } = await pay("pm_card_visa");
    const confirm = await refusalOf(local.stripe.paymentIntents.confirm(id));
    expect([confirm.statusCode, confirm.code]).toEqual([400, "payment_intent_unexpected_state"]);
    expect(confirm.message).toContain("it has already succeeded after being previously confirmed");
    const update = await refusalOf(local.stripe.paymentIntents.update(id, { amount: 3000 }));
    expect(update.message).toContain(
      "This PaymentIntent's amount could not be updated because it has a status of succeeded.",
    );
    const cancel = await refusalOf(local.stripe.paymentIntents.cancel(id));
    expect(cancel.message).toBe(
      "You cannot cancel this PaymentIntent because it has a status of succeeded. Only a PaymentIntent with one of the " +
        "following statuses may be canceled: requires_payment_method, requires_capture, requires_confirmation, " +
        "requires_action, processing.",
    );
    const described = await local.stripe.paymentIntents.update(id, { description: "late" });
    expect(described.description).toBe("late");
  });

  // https://docs.stripe.com/api/payment_intents/cancel
  test("a payment that is not made yet is canceled with its reason, once", async () => {
    const { id } = await local.stripe.paymentIntents.create({ amount: 2000, currency: "usd" });
    const canceled = await local.stripe.paymentIntents.cancel(id, { cancellation_reason: "abandoned" });
    expect(canceled).toMatchObject({
      status: "canceled",
      cancellation_reason: "abandoned",
      canceled_at: expect.any(Number),
    });
    expect(await eventsAbout(id)).toEqual(["payment_intent.created", "payment_intent.canceled"]);
    expect((await refusalOf(local.stripe.paymentIntents.cancel(id))).code).toBe(
      "payment_intent_unexpected_state",
    );
    const confirm = await refusalOf(
      local.stripe.paymentIntents.confirm(id, { payment_method: "pm_card_visa" }),
    );
    expect(confirm.message).toContain("it has a status of canceled");
  });

  test("a method is needed, and a way back unless redirects are off", async () => {
    const { id } = await local.stripe.paymentIntents.create({ amount: 2000, currency: "usd" });
    expect((await local.stripe.paymentIntents.retrieve(id)).automatic_payment_methods).toEqual({
      allow_redirects: "always",
      enabled: true,
    });
    const noMethod = await refusalOf(local.stripe.paymentIntents.confirm(id));
    expect([noMethod.code, noMethod.message.includes("it's missing a payment method")]).toEqual([
      "payment_intent_unexpected_state",
      true,
    ]);
    const noWayBack = await refusalOf(
      local.stripe.paymentIntents.confirm(id, { payment_method: "pm_card_visa" }),
    );
    expect(noWayBack.message).toContain("you must provide a `return_url`");
    const paid = await local.stripe.paymentIntents.confirm(id, {
      payment_method: "pm_card_visa",
      return_url: "http://localhost:3000/back",
    });
    expect(paid.status).toBe("succeeded");
  });

  test("the event of its creation shows it as it was created", async () => {
    const created = await local.stripe.paymentIntents.create({
      amount: 2000,
      currency: "usd",
      payment_method: "pm_card_visa",
      shipping: { name: "Ada", address: { line1: "1 Analytical Way", country: "GB" } },
    });
    expect(created).toMatchObject({
      status: "requires_confirmation",
      shipping: { name: "Ada", address: { line1: "1 Analytical Way", city: null } },
    });
    const [event] = (await local.stripe.events.list({ limit: 1 })).data;
    expect(event).toMatchObject({ type: "payment_intent.created", data: { object: created } });
    const cleared = await local.raw(`/v1/payment_intents/${created.id}`, {
      method: "POST",
      body: new URLSearchParams({ payment_method: "" }),
    });
    expect(await cleared.json()).toMatchObject({
      payment_method: null,
      status: "requires_payment_method",
    });
  });

  test("they are listed by customer and time, newest first", async () => {
    const customer = await local.stripe.customers.create({});
    const first = await pay("pm_card_visa", { customer: customer.id });
    const second = await pay("pm_card_visa", { customer: customer.id });
    const listed = await local.stripe.paymentIntents.list({ customer: customer.id });
    expect(listed.data.map(({ id }) => id)).toEqual([second.id, first.id]);
    const later = await local.stripe.paymentIntents.list({
      customer: customer.id,
      created: { gt: second.created },
    });
    expect(later.data).toEqual([]);
  });
});

// https://docs.stripe.com/currencies#minimum-and-maximum-charge-amounts
describe("amounts", () => {
  test.each([
    [49, "usd", "amount_too_small", "Amount must be at least $0.50 usd"],
    [29, "gbp", "amount_too_small", "Amount must be at least £0.30 gbp"],
    [49, "jpy", "amount_too_small", "Amount must be at least ¥50 jpy"],
    [0, "usd", "parameter_invalid_integer", "This value must be greater than or equal to 1."],
    [5125, "kwd", "parameter_invalid_integer", expect.stringContaining("evenly divisible by 10")],
    [550, "isk", "parameter_invalid_integer", expect.stringContaining("evenly divisible by 100")],
  ])("%i %s is refused with %s", async (amount, currency, code, message) => {
    const error = await refusalOf(local.stripe.paymentIntents.create({ amount, currency }));
    expect([error.statusCode, error.code, error.param]).toEqual([400, code, "amount"]);
    expect(error.message).toEqual(message);
  });

  test.each([
    [50, "usd"],
    [30, "gbp"],
    [50, "jpy"],
    [5120, "kwd"],
    [500, "isk"],
  ])("%i %s can be charged", async (amount, currency) => {
    expect(await pay("pm_card_visa", { amount, currency })).toMatchObject({ status: "succeeded", amount });
  });

  test("too much and unknown currencies are refused", async () => {
    const much = await refusalOf(local.stripe.paymentIntents.create({ amount: 10 ** 13, currency: "usd" }));
    expect([much.code, much.param]).toEqual(["amount_too_large", "amount"]);
    const currency = await refusalOf(local.stripe.paymentIntents.create({ amount: 500, currency: "xxx" }));
    expect([currency.param, currency.message.startsWith("Invalid currency: xxx.")]).toEqual([
      "currency",
      true,
    ]);
  });
});

// https://docs.stripe.com/payments/place-a-hold-on-a-payment-method
describe("authorizing now and capturing later", () => {
  const hold = (overrides: Partial<Stripe.PaymentIntentCreateParams> = {}) =>
    pay("pm_card_visa", { capture_method: "manual", ...overrides });

  test("a hold is captured in full", async () => {
    const held = await hold();
    expect(held).toMatchObject({
      status: "requires_capture",
      amount_capturable: 2000,
      amount_received: 0,
    });
    const captured = await local.stripe.paymentIntents.capture(held.id, {
      expand: ["latest_charge.balance_transaction"],
    });
    expect(captured).toMatchObject({ status: "succeeded", amount_capturable: 0, amount_received: 2000 });
    expect(captured.latest_charge).toMatchObject({
      captured: true,
      balance_transaction: { amount: 2000, type: "charge" },
    });
    expect(await eventsAbout(held.id)).toEqual([
      "payment_intent.created",
      "charge.succeeded",
      "payment_intent.amount_capturable_updated",
      "charge.captured",
      "payment_intent.succeeded",
    ]);
    const again = await refusalOf(local.stripe.paymentIntents.capture(held.id));
    expect([again.code, again.message]).toEqual([
      "payment_intent_unexpected_state",
      "This PaymentIntent could not be captured because it has already been captured.",
    ]);
  });

  test("a part can be captured, which lets go of the rest; more than the hold cannot", async () => {
    const held = await hold();
    const much = await refusalOf(local.stripe.paymentIntents.capture(held.id, { amount_to_capture: 2001 }));
    expect([much.statusCode, much.code, much.param]).toEqual([400, "amount_too_large", "amount_to_capture"]);
    const multi = await refusalOf(
      local.stripe.paymentIntents.capture(held.id, { amount_to_capture: 500, final_capture: false }),
    );
    expect(multi.param).toBe("final_capture");
    const captured = await local.stripe.paymentIntents.capture(held.id, {
      amount_to_capture: 750,
      expand: ["latest_charge.balance_transaction"],
    });
    expect(captured).toMatchObject({ status: "succeeded", amount: 2000, amount_received: 750 });
    expect(captured.latest_charge).toMatchObject({
      amount: 2000,
      amount_captured: 750,
      amount_refunded: 1250,
      refunded: false,
      balance_transaction: { amount: 750, fee: 52, net: 698 },
    });
  });

  test("only a hold can be captured", async () => {
    const { id } = await local.stripe.paymentIntents.create({ amount: 2000, currency: "usd" });
    expect((await refusalOf(local.stripe.paymentIntents.capture(id))).message).toBe(
      "This PaymentIntent could not be captured because it has a status of requires_payment_method. Only a PaymentIntent " +
        "with one of the following statuses may be captured: requires_capture.",
    );
  });

  test("a canceled hold is refunded without moving any balance", async () => {
    const held = await hold();
    const before = await local.stripe.balance.retrieve();
    const canceled = await local.stripe.paymentIntents.cancel(held.id, { expand: ["latest_charge.refunds"] });
    expect(canceled).toMatchObject({
      status: "canceled",
      amount_capturable: 0,
      latest_charge: {
        captured: false,
        refunded: true,
        amount_refunded: 2000,
        refunds: { data: [{ amount: 2000, balance_transaction: null, status: "succeeded" }] },
      },
    });
    expect(await local.stripe.balance.retrieve()).toEqual(before);
    expect((await eventsAbout(held.id)).slice(3)).toEqual([
      "charge.refunded",
      "refund.created",
      "payment_intent.canceled",
    ]);
  });

  test("a hold nobody captures expires after seven days, to the second", async () => {
    const server = await startTestStripe();
    const { stripe } = server;
    const held = await stripe.paymentIntents.create({
      amount: 2000,
      currency: "usd",
      payment_method: "pm_card_visa",
      capture_method: "manual",
      automatic_payment_methods: CARDS_ONLY,
      confirm: true,
    });
    await server.lab("POST", "/clock", { to: held.created + (7 * DAY_MS) / 1000 - 1 });
    expect((await stripe.paymentIntents.retrieve(held.id)).status).toBe("requires_capture");
    await server.lab("POST", "/clock", { to: held.created + (7 * DAY_MS) / 1000 });
    expect(await stripe.paymentIntents.retrieve(held.id)).toMatchObject({
      status: "canceled",
      cancellation_reason: "automatic",
    });
    const types = (await stripe.events.list({ limit: 4 })).data.map(({ type }) => type).reverse();
    expect(types).toEqual(["charge.refunded", "refund.created", "charge.expired", "payment_intent.canceled"]);
    const refunds = await stripe.refunds.list({ payment_intent: held.id });
    expect(refunds.data[0]?.reason).toBe("expired_uncaptured_charge");
    await server.server.close();
  });
});

// https://docs.stripe.com/payments/payment-intents/asynchronous-capture
describe("asynchronous capture", () => {
  test("the balance transaction comes a little later, with charge.updated", async () => {
    const server = await startTestStripe();
    const { stripe } = server;
    const create = (capture: Stripe.PaymentIntentCreateParams.CaptureMethod) =>
      stripe.paymentIntents.create({
        amount: 2000,
        currency: "usd",
        payment_method: "pm_card_visa",
        capture_method: capture,
        automatic_payment_methods: CARDS_ONLY,
        confirm: true,
        expand: ["latest_charge"],
      });
    expect((await create("automatic")).latest_charge).toMatchObject({
      balance_transaction: expect.stringMatching(/^txn_/),
    });
    const paid = await create("automatic_async");
    expect(paid.latest_charge).toMatchObject({ captured: true, balance_transaction: null });
    await server.lab("POST", "/clock", { advance_ms: 60_000 });
    const [told] = (await stripe.events.list({ limit: 1 })).data;
    expect(told).toMatchObject({
      type: "charge.updated",
      data: {
        object: { payment_intent: paid.id, balance_transaction: expect.stringMatching(/^txn_/) },
        previous_attributes: { balance_transaction: null },
      },
    });
    await server.server.close();
  });
});

// https://docs.stripe.com/api/payment_intents/create
describe("parameters that do not go together", () => {
  test.each([
    ["return_url", { return_url: "http://localhost:3000" }],
    ["off_session", { off_session: true }],
    ["error_on_requires_action", { error_on_requires_action: true }],
  ] as const)("%s is refused without confirm", async (param, params) => {
    const error = await refusalOf(
      local.stripe.paymentIntents.create({ amount: 2000, currency: "usd", ...params }),
    );
    expect([error.statusCode, error.param]).toEqual([400, param]);
    expect(error.message).toBe(
      `The parameter \`${param}\` cannot be passed when creating a PaymentIntent unless \`confirm\` is set to true.`,
    );
  });

  test("automatic methods exclude a confirmation method; a card's statement descriptor is the account's", async () => {
    const both = await refusalOf(
      local.stripe.paymentIntents.create({
        amount: 2000,
        currency: "usd",
        automatic_payment_methods: { enabled: true },
        confirmation_method: "manual",
      }),
    );
    expect(both.message).toBe(
      "You may only specify one of these parameters: automatic_payment_methods, confirmation_method.",
    );
    const descriptor = await refusalOf(pay("pm_card_visa", { statement_descriptor: "Custom" }));
    expect(descriptor.param).toBe("statement_descriptor");
    const suffixed = await pay("pm_card_visa", {
      statement_descriptor_suffix: "credits",
      expand: ["latest_charge"],
    });
    expect(suffixed.latest_charge).toMatchObject({
      statement_descriptor_suffix: "credits",
      calculated_statement_descriptor: "TOLLKEEPER* CREDITS",
    });
  });

  test("what is not simulated is refused by name, what Stripe does not know as unknown", async () => {
    const connect = await refusalOf(pay("pm_card_visa", { application_fee_amount: 5 }));
    expect([connect.code, connect.param]).toEqual(["not_simulated", "application_fee_amount"]);
    const body = new URLSearchParams({ amount: "500", currency: "usd", payment_metod: "x" });
    const response = await local.raw("/v1/payment_intents", { method: "POST", body });
    expect((await response.json()).error.code).toBe("parameter_unknown");
    const types = await refusalOf(
      pay("pm_card_visa", {
        automatic_payment_methods: undefined,
        allowed_payment_method_types: ["sepa_debit"],
      }),
    );
    expect(types.param).toBe("allowed_payment_method_types");
  });
});

// https://docs.stripe.com/payments/save-during-payment and https://docs.stripe.com/payments/payment-methods
describe("whose card it is", () => {
  test("a card that is to be used again becomes the customer's by paying", async () => {
    const customer = await local.stripe.customers.create({});
    const paid = await pay("pm_card_visa", { customer: customer.id, setup_future_usage: "off_session" });
    const method = await local.stripe.paymentMethods.retrieve(String(paid.payment_method));
    expect(method.customer).toBe(customer.id);
    expect(await eventsAbout(paid.id, method.id)).toEqual([
      "payment_intent.created",
      "charge.succeeded",
      "payment_method.attached",
      "payment_intent.succeeded",
    ]);
    const renewal = await pay(method.id, { customer: customer.id, off_session: true });
    expect(renewal).toMatchObject({ status: "succeeded", payment_method: method.id });
  });

  test("a card that was declined is not kept", async () => {
    const customer = await local.stripe.customers.create({});
    await refusalOf(
      pay("pm_card_chargeDeclined", { customer: customer.id, setup_future_usage: "off_session" }),
    );
    expect((await local.stripe.customers.listPaymentMethods(customer.id)).data).toEqual([]);
  });

  test("a card that is nobody's can be charged once only", async () => {
    const paid = await pay("pm_card_visa");
    const again = await refusalOf(pay(String(paid.payment_method)));
    expect([again.statusCode, again.message.includes("It may not be used again.")]).toEqual([400, true]);
  });

  test("a customer's card needs its customer", async () => {
    const [ada, bob] = [await local.stripe.customers.create({}), await local.stripe.customers.create({})];
    const method = await local.stripe.paymentMethods.attach("pm_card_visa", { customer: ada.id });
    const nobody = await refusalOf(pay(method.id));
    expect(nobody.message).toBe(
      `The \`payment_method\` parameter supplied ${method.id} belongs to the Customer ${ada.id}. Please include the ` +
        "Customer in the `customer` parameter on the PaymentIntent.",
    );
    const other = await refusalOf(pay(method.id, { customer: bob.id }));
    expect([other.code, other.param]).toEqual(["resource_missing", "payment_method"]);
    expect((await pay(method.id, { customer: ada.id })).status).toBe("succeeded");
  });

  test("an unknown method or customer is told apart by its parameter", async () => {
    const method = await refusalOf(pay("pm_none"));
    expect([method.statusCode, method.code, method.param]).toEqual([
      400,
      "resource_missing",
      "payment_method",
    ]);
    const customer = await refusalOf(pay("pm_card_visa", { customer: "cus_none" }));
    expect([customer.code, customer.param]).toEqual(["resource_missing", "customer"]);
  });
});
