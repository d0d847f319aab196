import type Stripe from "stripe";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createPayingCustomer, createPlan } from "@/local/stripe/testing/catalogue";
import { toldOf } from "@/local/stripe/testing/invoicing";
import { refusalOf, startTestStripe, type TestStripe } from "@/local/stripe/testing/start-test-stripe";

const DAY_MS = 24 * 60 * 60 * 1000;

let local: TestStripe;
let stripe: Stripe;
beforeEach(async () => {
  local = await startTestStripe();
  stripe = local.stripe;
});
afterEach(() => local.server.close());

async function pay(
  method: string,
  params: Partial<Stripe.PaymentIntentCreateParams> = {},
): Promise<Stripe.PaymentIntent> {
  return stripe.paymentIntents.create({
    amount: 2000,
    currency: "usd",
    payment_method: method,
    automatic_payment_methods: { enabled: true, allow_redirects: "never" },
    confirm: true,
    ...params,
  });
}

async function disputeOf(intent: Stripe.PaymentIntent): Promise<Stripe.Dispute> {
  const [dispute] = (await stripe.disputes.list({ payment_intent: intent.id })).data;
  if (!dispute) throw new Error("There is no dispute.");
  return dispute;
}

async function dispute(method = "pm_card_createDispute"): Promise<Stripe.Dispute> {
  return disputeOf(await pay(method));
}

function answer(id: string, text: string): Promise<Stripe.Dispute> {
  return stripe.disputes.update(id, { evidence: { uncategorized_text: text } });
}

async function pass(ms: number): Promise<void> {
  expect((await local.lab("POST", "/clock", { advance_ms: ms })).status).toBe(200);
}

async function net(): Promise<number> {
  const transactions = await stripe.balanceTransactions.list({ limit: 100 });
  return transactions.data.reduce((sum, transaction) => sum + transaction.net, 0);
}

// https://docs.stripe.com/testing#disputes
describe("the test cards", () => {
  test("a fraudulent dispute takes the amount and a fee, and leaves the payment as it was", async () => {
    const intent = await pay("pm_card_createDispute");
    const opened = await disputeOf(intent);
    expect(opened).toMatchObject({
      id: expect.stringMatching(/^du_\w{24}$/),
      amount: 2000,
      charge: intent.latest_charge,
      reason: "fraudulent",
      status: "needs_response",
      is_charge_refundable: false,
      evidence_details: { has_evidence: false, submission_count: 0 },
      payment_method_details: { card: { case_type: "chargeback", network_reason_code: "10.4" } },
      balance_transactions: [
        { amount: -2000, fee: 1500, net: -3500, type: "adjustment", reporting_category: "dispute" },
      ],
    });
    expect((opened.evidence_details.due_by ?? 0) % (24 * 3600)).toBe(24 * 3600 - 1);
    expect(intent.status).toBe("succeeded");
    const charge = await stripe.charges.retrieve(String(intent.latest_charge));
    expect([charge.disputed, charge.status, charge.paid]).toEqual([true, "succeeded", true]);
    // The charge itself reaches the balance a moment later.
    await pass(60_000);
    expect(await net()).toBe(2000 - 88 - 3500);
  });

  test("events tell of the charge, the dispute, the money and then the payment", async () => {
    await pay("pm_card_createDispute");
    const types = (await stripe.events.list({})).data.map(({ type }) => type).reverse();
    expect(types.slice(types.indexOf("charge.succeeded"))).toEqual([
      "charge.succeeded",
      "charge.dispute.created",
      "charge.dispute.funds_withdrawn",
      "payment_intent.succeeded",
    ]);
  });

  test("one disputes what did not arrive, one only makes the bank ask, one warns of fraud", async () => {
    expect(await dispute("pm_card_createDisputeProductNotReceived")).toMatchObject({
      reason: "product_not_received",
      network_reason_code: "13.1",
    });
    expect(await dispute("pm_card_createDisputeInquiry")).toMatchObject({
      status: "warning_needs_response",
      is_charge_refundable: true,
      balance_transactions: [],
      payment_method_details: { card: { case_type: "inquiry" } },
    });
    const warned = await pay("pm_card_createIssuerFraudRecord");
    expect((await stripe.disputes.list({ payment_intent: warned.id })).data).toEqual([]);
    const [warning] = (await stripe.radar.earlyFraudWarnings.list({ payment_intent: warned.id })).data;
    expect(warning).toMatchObject({ actionable: true, charge: warned.latest_charge });
    await stripe.refunds.create({ payment_intent: warned.id });
    const retired = await stripe.radar.earlyFraudWarnings.retrieve(String(warning?.id));
    expect(retired.actionable).toBe(false);
    expect(await toldOf(stripe, retired.id)).toEqual([
      "radar.early_fraud_warning.created",
      "radar.early_fraud_warning.updated",
    ]);
  });

  test("an authorized payment is disputed once it is captured", async () => {
    const intent = await pay("pm_card_createDispute", { capture_method: "manual" });
    expect((await stripe.disputes.list({})).data).toEqual([]);
    await stripe.paymentIntents.capture(intent.id, { amount_to_capture: 1500 });
    expect((await disputeOf(intent)).amount).toBe(1500);
  });

  test("a subscription whose payment is disputed stays active, its invoice paid", async () => {
    const customer = await createPayingCustomer(stripe, "pm_card_createDispute");
    const price = await createPlan(stripe);
    const subscription = await stripe.subscriptions.create({
      customer: customer.id,
      items: [{ price: price.id }],
      expand: ["latest_invoice"],
    });
    expect((await stripe.disputes.list({})).data).toHaveLength(1);
    expect(subscription.status).toBe("active");
    // Expanded above.
    expect((subscription.latest_invoice as Stripe.Invoice).status).toBe("paid");
  });
});

// https://docs.stripe.com/testing#disputes and https://docs.stripe.com/api/disputes/update
describe("evidence", () => {
  test("that wins gives the amount back and keeps the fee; the charge can be refunded again", async () => {
    const { id, charge } = await dispute();
    expect(await answer(id, "winning_evidence")).toMatchObject({
      status: "under_review",
      evidence_details: { has_evidence: true, submission_count: 1, submission_method: "manual" },
    });
    await pass(5000);
    expect(await stripe.disputes.retrieve(id)).toMatchObject({
      status: "won",
      is_charge_refundable: true,
      balance_transactions: [
        { amount: -2000, fee: 1500 },
        { amount: 2000, fee: 0, reporting_category: "dispute_reversal" },
      ],
    });
    expect(await toldOf(stripe, id)).toEqual([
      "charge.dispute.created",
      "charge.dispute.funds_withdrawn",
      "charge.dispute.updated",
      "charge.dispute.funds_reinstated",
      "charge.dispute.closed",
    ]);
    expect((await stripe.refunds.create({ charge: String(charge) })).status).toBe("succeeded");
    expect((await stripe.charges.retrieve(String(charge))).disputed).toBe(true);
  });

  test("that loses leaves the money with the cardholder", async () => {
    const { id } = await dispute();
    await answer(id, "losing_evidence");
    await pass(5000);
    const lost = await stripe.disputes.retrieve(id);
    expect([lost.status, lost.balance_transactions.length]).toEqual(["lost", 1]);
    expect((await toldOf(stripe, id)).at(-1)).toBe("charge.dispute.closed");
  });

  test("is staged, then submitted as a whole, and only once", async () => {
    const { id } = await dispute();
    const staged = await stripe.disputes.update(id, {
      evidence: { product_description: "Credits", customer_name: "Ada" },
      submit: false,
    });
    expect([staged.status, staged.evidence_details.has_evidence]).toEqual(["needs_response", true]);
    const submitted = await stripe.disputes.update(id, { submit: true });
    expect([submitted.status, submitted.evidence.customer_name]).toEqual(["under_review", "Ada"]);
    expect((await refusalOf(answer(id, "winning_evidence"))).statusCode).toBe(400);
    const noted = await stripe.disputes.update(id, { metadata: { note: "sent" } });
    expect([noted.status, noted.metadata]).toEqual(["under_review", { note: "sent" }]);
  });

  test("that says nothing decisive, or none, is lost when it is due", async () => {
    const [said, silent] = [await dispute(), await dispute()];
    await answer(said.id, "They used it every day.");
    await pass(7 * DAY_MS);
    expect((await stripe.disputes.retrieve(silent.id)).status).toBe("needs_response");
    await pass(2 * DAY_MS);
    expect((await stripe.disputes.retrieve(silent.id)).status).toBe("lost");
    expect((await stripe.disputes.retrieve(said.id)).status).toBe("lost");
  });

  test("is limited in length, and files cannot be given", async () => {
    const { id } = await dispute();
    const tooLong = await refusalOf(answer(id, "x".repeat(20_001)));
    expect(tooLong.param).toBe("evidence[uncategorized_text]");
    const file = await refusalOf(stripe.disputes.update(id, { evidence: { receipt: "file_1" } }));
    expect([file.code, file.param]).toEqual(["not_simulated", "evidence[receipt]"]);
  });
});

// https://docs.stripe.com/disputes/how-disputes-work#inquiries
describe("an inquiry", () => {
  test("that escalates takes the money then, and asks for evidence anew", async () => {
    const { id, charge } = await dispute("pm_card_createDisputeInquiry");
    expect((await answer(id, "escalate_inquiry_evidence")).status).toBe("warning_under_review");
    await pass(5000);
    expect(await stripe.disputes.retrieve(id)).toMatchObject({
      status: "needs_response",
      is_charge_refundable: false,
      balance_transactions: [{ amount: -2000 }],
      payment_method_details: { card: { case_type: "chargeback", network_reason_code: "10.4" } },
    });
    expect((await refusalOf(stripe.refunds.create({ charge: String(charge) }))).code).toBe("charge_disputed");
    await answer(id, "winning_evidence");
    await pass(5000);
    expect((await stripe.disputes.retrieve(id)).status).toBe("won");
  });

  test("is closed by a full refund, by an answer, or after 120 days", async () => {
    const [refunded, answered, silent] = [
      await dispute("pm_card_createDisputeInquiry"),
      await dispute("pm_card_createDisputeInquiry"),
      await dispute("pm_card_createDisputeInquiry"),
    ];
    await stripe.refunds.create({ charge: String(refunded.charge), amount: 500 });
    expect((await stripe.disputes.retrieve(refunded.id)).status).toBe("warning_needs_response");
    await stripe.refunds.create({ charge: String(refunded.charge) });
    await answer(answered.id, "losing_evidence");
    await pass(5000);
    const statusOf = async ({ id }: Stripe.Dispute) => (await stripe.disputes.retrieve(id)).status;
    expect([await statusOf(refunded), await statusOf(answered), await statusOf(silent)]).toEqual([
      "warning_closed",
      "warning_closed",
      "warning_needs_response",
    ]);
    await pass(120 * DAY_MS);
    expect(await statusOf(silent)).toBe("warning_closed");
  });
});

describe("the API", () => {
  // https://docs.stripe.com/api/disputes/close
  test("closing accepts the dispute for good", async () => {
    const { id } = await dispute();
    expect((await stripe.disputes.close(id)).status).toBe("lost");
    const messages = [
      (await refusalOf(stripe.disputes.close(id))).message,
      (await refusalOf(answer(id, "winning_evidence"))).message,
    ];
    expect(messages).toEqual(["This dispute is already closed", "This dispute is already closed"]);
  });

  // https://docs.stripe.com/api/disputes/list
  test("disputes are listed by charge, intent and time, and expanded", async () => {
    const [first, second] = [await dispute(), await dispute()];
    const ids = async (params: Stripe.DisputeListParams) =>
      (await stripe.disputes.list(params)).data.map(({ id }) => id);
    expect(await ids({})).toEqual([second.id, first.id]);
    expect(await ids({ charge: String(first.charge) })).toEqual([first.id]);
    expect(await ids({ created: { lt: first.created } })).toEqual([]);
    const expanded = await stripe.disputes.retrieve(first.id, { expand: ["charge", "payment_intent"] });
    expect(expanded.charge).toMatchObject({ object: "charge", disputed: true });
    const missing = await refusalOf(stripe.disputes.retrieve("du_none"));
    expect([missing.statusCode, missing.code, missing.message]).toEqual([
      404,
      "resource_missing",
      "No such dispute: 'du_none'",
    ]);
  });

  // https://docs.stripe.com/error-codes#charge-disputed
  test("a charge that was charged back cannot be refunded", async () => {
    const { charge } = await dispute();
    const refusal = await refusalOf(stripe.refunds.create({ charge: String(charge) }));
    expect([refusal.statusCode, refusal.code, refusal.message]).toEqual([
      400,
      "charge_disputed",
      `Charge ${charge} has been charged back; cannot issue a refund.`,
    ]);
  });
});

describe("the lab", () => {
  test("disputes any paid charge, wholly or in part", async () => {
    const intent = await pay("pm_card_mastercard");
    const path = `/charges/${intent.latest_charge}/dispute`;
    const { status, json } = await local.lab("POST", path, { reason: "duplicate", amount: 1200 });
    expect([status, json.reason, json.amount, json.network_reason_code]).toEqual([
      200,
      "duplicate",
      1200,
      "4834",
    ]);
    expect((await disputeOf(intent)).id).toBe(json.id);
  });

  test("says why it cannot", async () => {
    const paid = await pay("pm_card_visa");
    const held = await pay("pm_card_visa", { capture_method: "manual" });
    const refuse = async (charge: unknown, body: object = {}) =>
      (await local.lab("POST", `/charges/${charge}/dispute`, body)).json.error;
    expect(await refuse(paid.latest_charge, { reason: "boredom" })).toMatchObject({ param: "reason" });
    expect(await refuse(paid.latest_charge, { amount: 2001 })).toMatchObject({ param: "amount" });
    expect(await refuse(paid.latest_charge, { sum: 1 })).toMatchObject({ code: "parameter_unknown" });
    expect(await refuse(held.latest_charge)).toMatchObject({ message: expect.stringContaining("not paid") });
    expect(await refuse("ch_none")).toMatchObject({ code: "resource_missing" });
    await local.lab("POST", `/charges/${paid.latest_charge}/dispute`, {});
    expect(await refuse(paid.latest_charge)).toMatchObject({
      message: expect.stringContaining("disputed already"),
    });
  });
});
