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

async function numbered(number: string): Promise<string> {
  const card = { number, exp_month: 12, exp_year: 2040, cvc: number.startsWith("37") ? "1234" : "123" };
  return (await local.stripe.paymentMethods.create({ type: "card", card })).id;
}

// https://docs.stripe.com/testing#cards and #international-cards
describe("good cards", () => {
  test.each([
    ["pm_card_visa", "visa", "credit", "US", "4242"],
    ["pm_card_visa_debit", "visa", "debit", "US", "5556"],
    ["pm_card_mastercard", "mastercard", "credit", "US", "4444"],
    ["pm_card_mastercard_debit", "mastercard", "debit", "US", "8210"],
    ["pm_card_mastercard_prepaid", "mastercard", "prepaid", "US", "5100"],
    ["pm_card_amex", "amex", "credit", "US", "0005"],
    ["pm_card_discover", "discover", "credit", "US", "1117"],
    ["pm_card_diners", "diners", "credit", "US", "0004"],
    ["pm_card_jcb", "jcb", "credit", "US", "0505"],
    ["pm_card_unionpay", "unionpay", "credit", "US", "0005"],
    ["pm_card_br", "visa", "credit", "BR", "0002"],
    ["pm_card_de", "visa", "credit", "DE", "0016"],
    ["pm_card_gb_debit", "visa", "debit", "GB", "0005"],
    ["pm_card_jp", "visa", "credit", "JP", "0003"],
  ])("%s pays as a %s %s card from %s", async (method, brand, funding, country, last4) => {
    const paid = await pay(method);
    expect(paid.status).toBe("succeeded");
    expect(paid.latest_charge).toMatchObject({
      paid: true,
      outcome: {
        network_status: "approved_by_network",
        reason: null,
        risk_level: "normal",
        seller_message: "Payment complete.",
        type: "authorized",
      },
      payment_method_details: {
        type: "card",
        card: { brand, funding, country, last4, network: brand, checks: { cvc_check: "pass" } },
      },
    });
  });
});

// https://docs.stripe.com/testing#declined-payments and https://docs.stripe.com/declines#retrying-issuer-declines
describe("declined cards", () => {
  test.each([
    ["4000000000000002", "pm_card_chargeDeclined", "card_declined", "generic_decline", "try_again_later"],
    [
      "4000000000009995",
      "pm_card_chargeDeclinedInsufficientFunds",
      "card_declined",
      "insufficient_funds",
      "try_again_later",
    ],
    ["4000000000009987", "pm_card_chargeDeclinedLostCard", "card_declined", "lost_card", "do_not_try_again"],
    [
      "4000000000009979",
      "pm_card_chargeDeclinedStolenCard",
      "card_declined",
      "stolen_card",
      "do_not_try_again",
    ],
    [
      "4000000000000069",
      "pm_card_chargeDeclinedExpiredCard",
      "expired_card",
      "expired_card",
      "do_not_try_again",
    ],
    [
      "4000000000000127",
      "pm_card_chargeDeclinedIncorrectCvc",
      "incorrect_cvc",
      "incorrect_cvc",
      "confirm_card_data",
    ],
    [
      "4000000000000119",
      "pm_card_chargeDeclinedProcessingError",
      "processing_error",
      "processing_error",
      "try_again_later",
    ],
    [
      "4000000000006975",
      "pm_card_chargeDeclinedVelocityLimitExceeded",
      "card_declined",
      "card_velocity_exceeded",
      "try_again_later",
    ],
  ])("%s and %s are declined with %s, %s", async (number, shared, code, declineCode, advice) => {
    for (const method of [await numbered(number), shared]) {
      const error = await refusalOf(pay(method));
      expect([error.statusCode, error.rawType, error.code, error.decline_code]).toEqual([
        402,
        "card_error",
        code,
        declineCode,
      ]);
      expect(error.advice_code).toBe(advice);
      const intent = await local.stripe.paymentIntents.retrieve(String(error.payment_intent?.id), {
        expand: ["latest_charge"],
      });
      expect(intent).toMatchObject({
        status: "requires_payment_method",
        payment_method: null,
        last_payment_error: {
          type: "card_error",
          code,
          decline_code: declineCode,
          message: error.message,
          charge: error.charge,
          payment_method: { card: { last4: number.slice(-4) } },
        },
        latest_charge: {
          id: error.charge,
          status: "failed",
          paid: false,
          amount_captured: 0,
          balance_transaction: null,
          failure_code: code,
          failure_message: error.message,
          outcome: {
            advice_code: advice,
            network_status: "declined_by_network",
            reason: declineCode,
            type: "issuer_declined",
          },
        },
      });
    }
  });

  test("the customer can try again with another card, and both attempts remain", async () => {
    const error = await refusalOf(pay("pm_card_chargeDeclined"));
    const id = String(error.payment_intent?.id);
    const paid = await local.stripe.paymentIntents.confirm(id, { payment_method: "pm_card_visa" });
    expect(paid).toMatchObject({ status: "succeeded", last_payment_error: null });
    const charges = await local.stripe.charges.list({ payment_intent: id });
    expect(charges.data.map(({ status }) => status)).toEqual(["succeeded", "failed"]);
    const events = await local.stripe.events.list({ limit: 5 });
    expect(events.data.map(({ type }) => type).reverse()).toEqual([
      "payment_intent.created",
      "charge.failed",
      "payment_intent.payment_failed",
      "charge.succeeded",
      "payment_intent.succeeded",
    ]);
  });

  test("0341 is saved and then declined", async () => {
    const customer = await local.stripe.customers.create({});
    const method = await local.stripe.paymentMethods.attach("pm_card_chargeCustomerFail", {
      customer: customer.id,
    });
    const error = await refusalOf(pay(method.id, { customer: customer.id, off_session: true }));
    expect([error.code, error.decline_code]).toEqual(["card_declined", "generic_decline"]);
  });

  test("a card whose month went by is declined as expired", async () => {
    const server = await startTestStripe();
    const { stripe } = server;
    const now = new Date();
    const customer = await stripe.customers.create({});
    const card = {
      number: "4242424242424242",
      exp_month: now.getUTCMonth() + 1,
      exp_year: now.getUTCFullYear(),
    };
    const created = await stripe.paymentMethods.create({ type: "card", card });
    const method = await stripe.paymentMethods.attach(created.id, { customer: customer.id });
    await server.lab("POST", "/clock", { advance_ms: 32 * 24 * 60 * 60 * 1000 });
    const error = await refusalOf(
      stripe.paymentIntents.create({
        amount: 2000,
        currency: "usd",
        customer: customer.id,
        payment_method: method.id,
        off_session: true,
        confirm: true,
      }),
    );
    expect(error.code).toBe("expired_card");
    await server.server.close();
  });
});

// https://docs.stripe.com/testing#fraud-prevention
describe("cards for Radar and checks", () => {
  test.each(["pm_card_radarBlock", "pm_card_riskLevelHighest"])("%s is blocked", async (method) => {
    const error = await refusalOf(pay(method));
    expect([error.code, error.decline_code]).toEqual(["card_declined", "fraudulent"]);
    const charge = await local.stripe.charges.retrieve(String(error.charge));
    expect(charge.outcome).toMatchObject({
      network_status: "not_sent_to_network",
      reason: "highest_risk_level",
      risk_level: "highest",
      seller_message: "Stripe blocked this payment as too risky.",
      type: "blocked",
    });
  });

  test("an elevated risk is told and paid", async () => {
    const paid = await pay("pm_card_riskLevelElevated");
    expect(paid.latest_charge).toMatchObject({ paid: true, outcome: { risk_level: "elevated" } });
  });

  test("a failing check of the security code does not stop the payment; without a code there is none", async () => {
    expect((await pay("pm_card_cvcCheckFail")).latest_charge).toMatchObject({
      paid: true,
      payment_method_details: { card: { checks: { cvc_check: "fail" } } },
    });
    const { id } = await local.stripe.paymentMethods.create({
      type: "card",
      card: { number: "4000000000000101", exp_month: 12, exp_year: 2040 },
    });
    expect((await pay(id)).latest_charge).toMatchObject({
      payment_method_details: { card: { checks: { cvc_check: null } } },
    });
  });

  test.each([
    ["4242424242424242", "pass", "pass"],
    ["4000000000000010", "fail", "fail"],
    ["4000000000000028", "fail", "pass"],
    ["4000000000000036", "pass", "fail"],
    ["4000000000000044", "unavailable", "unavailable"],
  ])("%s checks the address line as %s and the postal code as %s", async (number, line1, postalCode) => {
    const method = await local.stripe.paymentMethods.create({
      type: "card",
      card: { number, exp_month: 12, exp_year: 2040 },
      billing_details: { address: { line1: "1 Main St", postal_code: "12345" } },
    });
    expect(method.card?.checks).toEqual({
      address_line1_check: "unchecked",
      address_postal_code_check: "unchecked",
      cvc_check: null,
    });
    expect((await pay(method.id)).latest_charge).toMatchObject({
      payment_method_details: {
        card: { checks: { address_line1_check: line1, address_postal_code_check: postalCode } },
      },
    });
  });
});

// https://docs.stripe.com/testing#disputes
test.each([
  "pm_card_createDispute",
  "pm_card_createDisputeProductNotReceived",
  "pm_card_createDisputeInquiry",
])("%s pays, and the charge is disputed", async (method) => {
  expect((await pay(method)).latest_charge).toMatchObject({ paid: true, disputed: true });
});
