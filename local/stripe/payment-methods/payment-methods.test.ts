import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { refusalOf, startTestStripe, type TestStripe } from "@/local/stripe/testing/start-test-stripe";

let local: TestStripe;
beforeAll(async () => {
  local = await startTestStripe();
});
afterAll(() => local.server.close());

function createCard(number: string, overrides: { exp_month?: number; exp_year?: number; cvc?: string } = {}) {
  const card = { number, exp_month: 12, exp_year: 2040, cvc: "123", ...overrides };
  return local.stripe.paymentMethods.create({ type: "card", card });
}

function lastYear(): number {
  return new Date().getUTCFullYear() - 1;
}

// https://docs.stripe.com/testing#invalid-data
describe("creating", () => {
  test("only what Stripe shows of a card is kept", async () => {
    const method = await createCard("5555 5555 5555 4444");
    expect(method.card).toMatchObject({
      brand: "mastercard",
      last4: "4444",
      funding: "credit",
      exp_year: 2040,
    });
    expect(JSON.stringify(method)).not.toContain("5555555555554444");
  });

  test("the same number has the same fingerprint, another number another", async () => {
    const [a, b, c] = [
      await createCard("4242424242424242"),
      await createCard("4242424242424242"),
      await createCard("4000056655665556"),
    ];
    expect(a.card?.fingerprint).toMatch(/^\w{16}$/);
    expect(a.card?.fingerprint).toBe(b.card?.fingerprint);
    expect(a.card?.fingerprint).not.toBe(c.card?.fingerprint);
  });

  test.each([
    ["a wrong check digit", "4242424242424241", {}, "incorrect_number", "number"],
    ["a month that is none", "4242424242424242", { exp_month: 13 }, "invalid_expiry_month", "exp_month"],
    ["a year gone by", "4242424242424242", { exp_year: 2020 }, "invalid_expiry_year", "exp_year"],
    [
      "a month gone by",
      "4242424242424242",
      { exp_month: 1, exp_year: lastYear() },
      "invalid_expiry_year",
      "exp_year",
    ],
    ["a short security code", "4242424242424242", { cvc: "12" }, "invalid_cvc", "cvc"],
    ["a word", "not-a-number", {}, "invalid_number", "number"],
  ])("%s is refused before any bank is asked", async (_name, number, overrides, code, param) => {
    const error = await refusalOf(createCard(number, overrides));
    expect([error.statusCode, error.rawType, error.code, error.param]).toEqual([
      402,
      "card_error",
      code,
      param,
    ]);
  });

  test("other kinds of payment method are refused by name", async () => {
    const error = await refusalOf(local.stripe.paymentMethods.create({ type: "sepa_debit" }));
    expect(error.message).toContain(
      "Not simulated yet by the local Stripe: the payment method type 'sepa_debit'",
    );
  });
});

describe("attaching", () => {
  // https://docs.stripe.com/testing#declined-payments
  test.each([
    ["4000000000000002", "card_declined", "generic_decline", "Your card was declined."],
    ["4000000000009995", "card_declined", "insufficient_funds", "Your card has insufficient funds."],
    ["4000000000009987", "card_declined", "lost_card", "Your card was declined."],
    ["4000000000009979", "card_declined", "stolen_card", "Your card was declined."],
    ["4000000000000069", "expired_card", "expired_card", "Your card has expired."],
    ["4000000000000127", "incorrect_cvc", "incorrect_cvc", "Your card's security code is incorrect."],
    [
      "4000000000000119",
      "processing_error",
      "processing_error",
      "An error occurred while processing your card. Try again in a little bit.",
    ],
    [
      "4000000000006975",
      "card_declined",
      "card_velocity_exceeded",
      expect.stringContaining("too frequently"),
    ],
    ["4012888888881881", null, null, null],
    // Attaching asks nobody to authenticate.
    ["4000002500003155", null, null, null],
    [
      "4111111111111111",
      "card_declined",
      "test_mode_live_card",
      expect.stringContaining("used a non test (live) card"),
    ],
  ])("%s is answered as its test card says", async (number, code, declineCode, message) => {
    const customer = await local.stripe.customers.create({});
    const method = await createCard(number);
    const attach = local.stripe.paymentMethods.attach(method.id, { customer: customer.id });
    if (code === null) {
      expect((await attach).customer).toBe(customer.id);
      return;
    }
    const error = await refusalOf(attach);
    expect([error.statusCode, error.code, error.decline_code]).toEqual([402, code, declineCode]);
    expect(error.message).toEqual(message);
    expect((await local.stripe.customers.listPaymentMethods(customer.id)).data).toEqual([]);
  });

  test.each(["pm_card_visa", "pm_card_mastercard", "pm_card_chargeCustomerFail"])(
    "the shared id %s makes a payment method of its own each time",
    async (shared) => {
      const customer = await local.stripe.customers.create({});
      const a = await local.stripe.paymentMethods.attach(shared, { customer: customer.id });
      const b = await local.stripe.paymentMethods.attach(shared, { customer: customer.id });
      expect(a.id).not.toBe(b.id);
      const listed = await local.stripe.customers.listPaymentMethods(customer.id);
      expect(listed.data.map(({ id }) => id)).toEqual([b.id, a.id]);
    },
  );

  test.each(["pm_card_chargeDeclined", "pm_card_visa_chargeDeclined"])(
    "%s cannot be attached",
    async (shared) => {
      const customer = await local.stripe.customers.create({});
      const error = await refusalOf(local.stripe.paymentMethods.attach(shared, { customer: customer.id }));
      expect(error.decline_code).toBe("generic_decline");
    },
  );
});

describe("shared test ids", () => {
  // https://docs.stripe.com/testing
  test("make a customer with a default card in one call", async () => {
    const customer = await local.stripe.customers.create({
      payment_method: "pm_card_mastercard",
      invoice_settings: { default_payment_method: "pm_card_mastercard" },
      expand: ["invoice_settings.default_payment_method"],
    });
    expect(customer.invoice_settings.default_payment_method).toMatchObject({
      id: expect.stringMatching(/^pm_\w{24}$/),
      customer: customer.id,
      card: { brand: "mastercard", checks: { cvc_check: "pass" } },
    });
  });

  test("one that does not exist is unknown", async () => {
    const customer = await local.stripe.customers.create({});
    const error = await refusalOf(
      local.stripe.paymentMethods.attach("pm_card_nonsense", { customer: customer.id }),
    );
    expect([error.statusCode, error.code]).toEqual([404, "resource_missing"]);
  });
});

describe("listing and retrieving", () => {
  // https://docs.stripe.com/api/payment_methods/customer_list
  test("a customer's cards are listed by type and redisplay, newest first, and nobody else's", async () => {
    const customer = await local.stripe.customers.create({});
    const other = await local.stripe.customers.create({});
    const created = await local.stripe.paymentMethods.create({
      type: "card",
      card: { token: "tok_visa" },
      allow_redisplay: "always",
      metadata: { a: "1" },
    });
    const first = await local.stripe.paymentMethods.attach(created.id, { customer: customer.id });
    expect(first).toMatchObject({ allow_redisplay: "always", metadata: { a: "1" } });
    const second = await local.stripe.paymentMethods.attach("pm_card_visa", { customer: customer.id });
    const list = async (params: object) =>
      (await local.stripe.customers.listPaymentMethods(customer.id, params)).data.map(({ id }) => id);
    expect(await list({})).toEqual([second.id, first.id]);
    expect(await list({ allow_redisplay: "always" })).toEqual([first.id]);
    expect(await list({ type: "sepa_debit" })).toEqual([]);
    const all = await local.stripe.paymentMethods.list({ customer: customer.id, type: "card" });
    expect(all.data.map(({ id }) => id)).toEqual([second.id, first.id]);
    expect((await local.stripe.customers.retrievePaymentMethod(customer.id, first.id)).id).toBe(first.id);
    const foreign = await refusalOf(local.stripe.customers.retrievePaymentMethod(other.id, first.id));
    expect([foreign.statusCode, foreign.code]).toEqual([404, "resource_missing"]);
  });

  test("the same card has the same fingerprint with every customer", async () => {
    const fingerprints = [];
    for (let count = 0; count < 2; count += 1) {
      const customer = await local.stripe.customers.create({ payment_method: "pm_card_visa" });
      const [method] = (await local.stripe.customers.listPaymentMethods(customer.id)).data;
      fingerprints.push(method?.card?.fingerprint);
    }
    expect(fingerprints[0]).toMatch(/^\w{16}$/);
    expect(fingerprints[0]).toBe(fingerprints[1]);
  });

  test("a card that is nobody's cannot be changed, one that is another's not attached", async () => {
    const loose = await createCard("4242424242424242");
    expect((await refusalOf(local.stripe.paymentMethods.update(loose.id, { metadata: {} }))).message).toBe(
      "You must save this PaymentMethod to a customer before you can update it.",
    );
    const owner = await local.stripe.customers.create({});
    const other = await local.stripe.customers.create({});
    await local.stripe.paymentMethods.attach(loose.id, { customer: owner.id });
    const error = await refusalOf(local.stripe.paymentMethods.attach(loose.id, { customer: other.id }));
    expect(error.message).toBe("The payment method you provided has already been attached to a customer.");
  });
});

describe("detaching", () => {
  test("a detached card leaves the customer's default and can never be used again", async () => {
    const customer = await local.stripe.customers.create({});
    const method = await local.stripe.paymentMethods.attach("pm_card_visa", { customer: customer.id });
    await local.stripe.customers.update(customer.id, {
      invoice_settings: { default_payment_method: method.id },
    });
    expect((await local.stripe.paymentMethods.detach(method.id)).customer).toBeNull();
    expect(await local.stripe.customers.retrieve(customer.id)).toMatchObject({
      invoice_settings: { default_payment_method: null },
    });
    const error = await refusalOf(local.stripe.paymentMethods.attach(method.id, { customer: customer.id }));
    expect(error.message).toContain("may not be used again");
  });
});

test("expiry and billing details can be changed, the number cannot", async () => {
  const customer = await local.stripe.customers.create({});
  const method = await local.stripe.paymentMethods.attach("pm_card_visa", { customer: customer.id });
  const updated = await local.stripe.paymentMethods.update(method.id, {
    card: { exp_month: 1, exp_year: 2045 },
    billing_details: { name: "Ada" },
  });
  expect(updated).toMatchObject({
    card: { exp_month: 1, exp_year: 2045, last4: "4242" },
    billing_details: { name: "Ada" },
  });
  const body = new URLSearchParams({ "card[number]": "4242424242424242" });
  const response = await local.raw(`/v1/payment_methods/${method.id}`, { method: "POST", body });
  expect((await response.json()).error.param).toBe("card[number]");
});
