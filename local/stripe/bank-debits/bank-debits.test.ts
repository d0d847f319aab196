import type Stripe from "stripe";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createPayingCustomer } from "@/local/stripe/testing/catalogue";
import { toldOf } from "@/local/stripe/testing/invoicing";
import { refusalOf, startTestStripe, type TestStripe } from "@/local/stripe/testing/start-test-stripe";
import { TEST_BANK_ACCOUNTS } from "./test-bank-accounts";

const DAY_MS = 24 * 60 * 60 * 1000;
/** A Thursday, so that four days on which banks work end on a Wednesday. */
const THURSDAY = Date.UTC(2027, 0, 7, 10) / 1000;
const WEDNESDAY = Date.UTC(2027, 0, 13, 10) / 1000;
const AGREED = {
  customer_acceptance: { type: "online", online: { ip_address: "203.0.113.7", user_agent: "Browser/1" } },
} as const;

let local: TestStripe;
let stripe: Stripe;
beforeEach(async () => {
  local = await startTestStripe();
  stripe = local.stripe;
  expect((await local.lab("POST", "/clock", { start_at: THURSDAY })).status).toBe(200);
});
afterEach(() => local.server.close());

function debit(
  account = "success",
  params: Partial<Stripe.PaymentIntentCreateParams> = {},
): Promise<Stripe.PaymentIntent> {
  return stripe.paymentIntents.create({
    amount: 10_000,
    currency: "usd",
    allowed_payment_method_types: ["us_bank_account"],
    payment_method: `pm_usBankAccount_${account}`,
    mandate_data: AGREED,
    confirm: true,
    ...params,
  });
}

function chargeOf(intent: Stripe.PaymentIntent): Promise<Stripe.Charge> {
  return stripe.charges.retrieve(String(intent.latest_charge));
}

async function moveTo(seconds: number): Promise<void> {
  expect((await local.lab("POST", "/clock", { to: seconds })).status).toBe(200);
}

/** Far enough for any debit to have ended. */
async function pass(days = 7): Promise<void> {
  expect((await local.lab("POST", "/clock", { advance_ms: days * DAY_MS })).status).toBe(200);
}

async function tellAll(): Promise<string[]> {
  const events = await stripe.events.list({ limit: 100 });
  return events.data.map(({ type }) => type).reverse();
}

// https://docs.stripe.com/payments/ach-direct-debit and https://docs.stripe.com/payments/payment-methods#payment-notification
describe("a debit", () => {
  test("is in processing, its charge pending, and nothing has reached the balance", async () => {
    const intent = await debit();
    expect(intent).toMatchObject({
      status: "processing",
      amount_received: 0,
      last_payment_error: null,
      payment_method_types: ["us_bank_account"],
    });
    expect(await chargeOf(intent)).toMatchObject({
      id: expect.stringMatching(/^py_/),
      status: "pending",
      paid: false,
      balance_transaction: null,
      receipt_url: null,
      payment_method_details: {
        type: "us_bank_account",
        us_bank_account: {
          bank_name: "STRIPE TEST BANK",
          expected_debit_date: "2027-01-08",
          last4: "6789",
          mandate: expect.stringMatching(/^mandate_/),
          routing_number: "110000000",
        },
      },
    });
    expect((await stripe.balanceTransactions.list()).data).toEqual([]);
  });

  test("succeeds after four days on which banks work, not a second before", async () => {
    const intent = await debit();
    await moveTo(WEDNESDAY - 1);
    expect((await stripe.paymentIntents.retrieve(intent.id)).status).toBe("processing");
    await moveTo(WEDNESDAY);
    const paid = await stripe.paymentIntents.retrieve(intent.id);
    expect(paid).toMatchObject({ status: "succeeded", amount_received: 10_000 });
    const charge = await chargeOf(paid);
    expect(charge).toMatchObject({ status: "succeeded", paid: true, receipt_url: expect.any(String) });
    // 0.8 %: https://stripe.com/pricing/local-payment-methods
    const transaction = await stripe.balanceTransactions.retrieve(String(charge.balance_transaction));
    expect(transaction).toMatchObject({ type: "payment", amount: 10_000, fee: 80, net: 9920 });
    const receipt = await (await fetch(String(charge.receipt_url))).text();
    expect(receipt).toContain("STRIPE TEST BANK ···· 6789");
    expect(receipt).toContain("Jan 13, 2027");
  });

  test("costs no more than five dollars", async () => {
    const intent = await debit("success", { amount: 1_000_000 });
    await pass();
    const charge = await chargeOf(intent);
    const transaction = await stripe.balanceTransactions.retrieve(String(charge.balance_transaction));
    expect(transaction.fee).toBe(500);
  });

  test("tells of each step in order", async () => {
    await debit();
    await pass();
    const told = (await tellAll()).filter((type) => /^(charge|payment_intent)\./.test(type));
    expect(told).toEqual([
      "payment_intent.created",
      "charge.pending",
      "payment_intent.processing",
      "charge.succeeded",
      "payment_intent.succeeded",
    ]);
  });

  test.each(
    TEST_BANK_ACCOUNTS.flatMap(({ alias, outcome }) =>
      outcome.kind === "fails" ? [[alias, outcome] as const] : [],
    ),
  )(
    "of the account %s fails with its code, and the intent takes another method",
    async (alias, { code, message }) => {
      const intent = await debit(alias);
      expect(intent.status).toBe("processing");
      await pass();
      const failed = await stripe.paymentIntents.retrieve(intent.id);
      expect(failed).toMatchObject({
        status: "requires_payment_method",
        payment_method: null,
        last_payment_error: { code, message, payment_method: { type: "us_bank_account" } },
      });
      expect(await chargeOf(failed)).toMatchObject({
        status: "failed",
        failure_code: code,
        paid: false,
        balance_transaction: null,
      });
      const told = (await tellAll()).filter((type) => /failed|succeeded/.test(type));
      expect(told).toEqual(["charge.failed", "payment_intent.payment_failed"]);
      const again = await stripe.paymentIntents.confirm(intent.id, {
        payment_method: "pm_usBankAccount_success",
        mandate_data: AGREED,
      });
      expect(again.status).toBe("processing");
    },
  );

  test("is followed by a refund that takes its time, once it has succeeded and not before", async () => {
    const intent = await debit();
    const early = await refusalOf(stripe.refunds.create({ payment_intent: intent.id }));
    expect(early.statusCode).toBe(400);
    await pass();
    const refund = await stripe.refunds.create({ payment_intent: intent.id, amount: 4000 });
    expect(refund).toMatchObject({ status: "pending", destination_details: { type: "us_bank_transfer" } });
    await pass();
    expect((await stripe.refunds.retrieve(refund.id)).status).toBe("succeeded");
    expect((await chargeOf(intent)).amount_refunded).toBe(4000);
  });
});

// https://docs.stripe.com/api/payment_intents/cancel and the account that stays in processing
describe("while it is under way", () => {
  test("one that its bank never answers stays so until it is canceled", async () => {
    const intent = await debit("processing");
    await pass(60);
    expect((await stripe.paymentIntents.retrieve(intent.id)).status).toBe("processing");
    const canceled = await stripe.paymentIntents.cancel(intent.id);
    expect(canceled.status).toBe("canceled");
    expect((await chargeOf(canceled)).status).toBe("failed");
  });

  test("a canceled one never succeeds", async () => {
    const intent = await debit();
    await stripe.paymentIntents.cancel(intent.id, { cancellation_reason: "requested_by_customer" });
    await pass();
    expect(await stripe.paymentIntents.retrieve(intent.id)).toMatchObject({
      status: "canceled",
      amount_received: 0,
    });
    expect(await toldOf(stripe, intent.id)).toEqual([
      "payment_intent.created",
      "payment_intent.processing",
      "payment_intent.canceled",
    ]);
    expect((await stripe.balanceTransactions.list()).data).toEqual([]);
  });

  test("neither a second confirmation nor a capture is taken", async () => {
    const intent = await debit();
    for (const call of [
      stripe.paymentIntents.confirm(intent.id, { payment_method: "pm_card_visa" }),
      stripe.paymentIntents.capture(intent.id),
    ]) {
      expect((await refusalOf(call)).code).toBe("payment_intent_unexpected_state");
    }
    expect((await stripe.charges.list()).data).toHaveLength(1);
  });
});

describe("what cannot be debited is refused, and nobody is charged", () => {
  afterEach(async () => {
    expect((await stripe.charges.list()).data).toEqual([]);
  });

  test("another currency", async () => {
    const error = await refusalOf(debit("success", { currency: "eur" }));
    expect(error).toMatchObject({ statusCode: 400, param: "currency" });
  });

  test("manual capture", async () => {
    const error = await refusalOf(debit("success", { capture_method: "manual" }));
    expect(error).toMatchObject({ statusCode: 400, param: "capture_method" });
  });

  test("no mandate", async () => {
    const intent = await stripe.paymentIntents.create({
      amount: 10_000,
      currency: "usd",
      allowed_payment_method_types: ["us_bank_account"],
      payment_method: "pm_usBankAccount_success",
    });
    const error = await refusalOf(stripe.paymentIntents.confirm(intent.id));
    expect(error).toMatchObject({ statusCode: 400, param: "mandate_data" });
    expect((await stripe.paymentIntents.retrieve(intent.id)).status).toBe("requires_confirmation");
  });

  test("a mandate without a confirmation", async () => {
    const error = await refusalOf(debit("success", { confirm: false }));
    expect(error).toMatchObject({ statusCode: 400, param: "mandate_data" });
  });

  test("an intent that allows cards alone", async () => {
    const error = await refusalOf(debit("success", { allowed_payment_method_types: ["card"] }));
    expect(error).toMatchObject({ statusCode: 400, param: "payment_method" });
  });

  test.each([
    [
      "an account nobody knows",
      { account_number: "000999999999", routing_number: "110000000" },
      "account_number",
    ],
    ["another bank", { account_number: "000123456789", routing_number: "021000021" }, "routing_number"],
  ])("%s", async (_, account, field) => {
    const error = await refusalOf(
      stripe.paymentMethods.create({
        type: "us_bank_account",
        billing_details: { name: "Ada" },
        us_bank_account: account,
      }),
    );
    expect(error).toMatchObject({ statusCode: 400, param: `us_bank_account[${field}]` });
  });

  test("a holder without a name", async () => {
    const error = await refusalOf(
      stripe.paymentMethods.create({
        type: "us_bank_account",
        us_bank_account: { account_number: "000123456789", routing_number: "110000000" },
      }),
    );
    expect(error).toMatchObject({ code: "parameter_missing", param: "billing_details[name]" });
  });

  test.each(["dispute", "failMicrodeposits", "riskLevelHighest", "weeklyLimitExceeded"])(
    "the account %s, which is Stripe's and not played here",
    async (account) => {
      expect((await refusalOf(debit(account))).code).toBe("not_simulated");
    },
  );

  test("a shared id that is not Stripe's", async () => {
    expect((await refusalOf(debit("toString"))).code).toBe("resource_missing");
  });
});

// https://docs.stripe.com/api/mandates
describe("mandates", () => {
  test("are made of what the customer agreed to, and can be looked up", async () => {
    const intent = await debit();
    const id = (await chargeOf(intent)).payment_method_details?.us_bank_account?.mandate;
    const mandate = await stripe.mandates.retrieve(String(id));
    expect(mandate).toMatchObject({
      status: "active",
      type: "multi_use",
      payment_method: intent.payment_method,
      payment_method_details: { type: "us_bank_account" },
      customer_acceptance: {
        type: "online",
        accepted_at: THURSDAY,
        online: { ip_address: "203.0.113.7", user_agent: "Browser/1" },
      },
    });
    const error = await refusalOf(stripe.mandates.retrieve("mandate_unknown"));
    expect(error).toMatchObject({ statusCode: 404, code: "resource_missing" });
  });

  test("one that was agreed to when the account was set up does for payments to come", async () => {
    const customer = await stripe.customers.create();
    const setup = await stripe.setupIntents.create({
      customer: customer.id,
      allowed_payment_method_types: ["us_bank_account"],
      payment_method: "pm_usBankAccount_success",
      mandate_data: AGREED,
      confirm: true,
    });
    expect(setup).toMatchObject({ status: "succeeded", mandate: expect.stringMatching(/^mandate_/) });
    const intent = await debit("success", {
      customer: customer.id,
      payment_method: String(setup.payment_method),
      mandate_data: undefined,
      off_session: true,
    });
    expect(intent.status).toBe("processing");
    const charge = await chargeOf(intent);
    expect(charge.payment_method_details?.us_bank_account?.mandate).toBe(setup.mandate);
  });

  test("a setup intent needs one as well", async () => {
    const error = await refusalOf(
      stripe.setupIntents.create({
        allowed_payment_method_types: ["us_bank_account"],
        payment_method: "pm_usBankAccount_success",
        confirm: true,
      }),
    );
    expect(error).toMatchObject({ statusCode: 400, param: "mandate_data" });
  });

  test("detaching the account ends them, and says so", async () => {
    const customer = await createPayingCustomer(stripe, "pm_usBankAccount_success");
    const method = String(customer.invoice_settings.default_payment_method);
    await debit("success", { customer: customer.id, payment_method: method });
    await stripe.paymentMethods.detach(method);
    const [event] = (await stripe.events.list({ type: "mandate.updated" })).data;
    expect(event?.data.object).toMatchObject({
      object: "mandate",
      status: "inactive",
      payment_method: method,
    });
    expect(event?.data.previous_attributes).toEqual({ status: "active" });
  });
});
