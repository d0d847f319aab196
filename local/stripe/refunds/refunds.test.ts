import type Stripe from "stripe";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { refusalOf, startTestStripe, type TestStripe } from "@/local/stripe/testing/start-test-stripe";

let local: TestStripe;
beforeAll(async () => {
  local = await startTestStripe();
});
afterAll(() => local.server.close());

function pay(
  stripe: Stripe,
  method = "pm_card_visa",
  overrides: Partial<Stripe.PaymentIntentCreateParams> = {},
) {
  return stripe.paymentIntents.create({
    amount: 2000,
    currency: "usd",
    payment_method: method,
    capture_method: "automatic",
    automatic_payment_methods: { enabled: true, allow_redirects: "never" },
    confirm: true,
    ...overrides,
  });
}

async function lastEvents(stripe: Stripe, count: number): Promise<string[]> {
  const events = await stripe.events.list({ limit: count });
  return events.data.map(({ type }) => type).reverse();
}

// https://docs.stripe.com/refunds and https://docs.stripe.com/api/refunds/create
describe("refunding", () => {
  test("the whole payment is given back by its intent", async () => {
    const { stripe } = local;
    const intent = await pay(stripe);
    const refund = await stripe.refunds.create({
      payment_intent: intent.id,
      reason: "requested_by_customer",
      metadata: { ticket: "9" },
      expand: ["balance_transaction"],
    });
    expect(refund).toMatchObject({
      id: expect.stringMatching(/^re_\w{24}$/),
      amount: 2000,
      charge: intent.latest_charge,
      currency: "usd",
      payment_intent: intent.id,
      reason: "requested_by_customer",
      metadata: { ticket: "9" },
      status: "succeeded",
      destination_details: { type: "card", card: { type: "refund" } },
      balance_transaction: {
        amount: -2000,
        fee: 0,
        net: -2000,
        type: "refund",
        reporting_category: "refund",
        source: refund.id,
      },
    });
    const charge = await stripe.charges.retrieve(String(intent.latest_charge), { expand: ["refunds"] });
    expect(charge).toMatchObject({
      refunded: true,
      amount_refunded: 2000,
      refunds: { data: [{ id: refund.id }] },
    });
    expect((await stripe.paymentIntents.retrieve(intent.id)).status).toBe("succeeded");
    expect(await lastEvents(stripe, 2)).toEqual(["charge.refunded", "refund.created"]);
  });

  test("parts are given back until nothing is left", async () => {
    const { stripe } = local;
    const { latest_charge: reference } = await pay(stripe);
    const charge = String(reference);
    const much = await refusalOf(stripe.refunds.create({ charge, amount: 2001 }));
    expect([much.statusCode, much.param, much.message]).toEqual([
      400,
      "amount",
      "Refund amount ($20.01) is greater than charge amount ($20.00)",
    ]);
    await stripe.refunds.create({ charge, amount: 500 });
    expect(await stripe.charges.retrieve(charge)).toMatchObject({ refunded: false, amount_refunded: 500 });
    const more = await refusalOf(stripe.refunds.create({ charge, amount: 1501 }));
    expect(more.message).toBe("Refund amount ($15.01) is greater than unrefunded amount on charge ($15.00)");
    const rest = await stripe.refunds.create({ charge });
    expect(rest.amount).toBe(1500);
    const over = await refusalOf(stripe.refunds.create({ charge, amount: 1 }));
    expect([over.code, over.message]).toEqual([
      "charge_already_refunded",
      `Charge ${charge} has already been refunded.`,
    ]);
    const listed = await stripe.refunds.list({ charge });
    expect(listed.data.map(({ amount }) => amount)).toEqual([1500, 500]);
  });

  test("a payment that did not happen cannot be refunded", async () => {
    const { stripe } = local;
    const open = await stripe.paymentIntents.create({ amount: 2000, currency: "usd" });
    expect((await refusalOf(stripe.refunds.create({ payment_intent: open.id }))).message).toBe(
      `This PaymentIntent (${open.id}) does not have a successful charge to refund.`,
    );
    const declined = await refusalOf(pay(stripe, "pm_card_chargeDeclined"));
    expect((await refusalOf(stripe.refunds.create({ charge: String(declined.charge) }))).statusCode).toBe(
      400,
    );
    expect((await refusalOf(stripe.refunds.create({}))).message).toContain("payment_intent or charge");
    const unknown = await refusalOf(stripe.refunds.create({ charge: "ch_none" }));
    expect([unknown.code, unknown.param]).toEqual(["resource_missing", "charge"]);
    expect((await refusalOf(stripe.refunds.create({ payment_intent: open.id, amount: 0 }))).param).toBe(
      "amount",
    );
  });

  test("a hold is let go of as a whole, not in part", async () => {
    const { stripe } = local;
    const held = await pay(stripe, "pm_card_visa", { capture_method: "manual" });
    const part = await refusalOf(stripe.refunds.create({ payment_intent: held.id, amount: 100 }));
    expect(part.message).toContain("You cannot partially refund an uncaptured charge.");
    const refund = await stripe.refunds.create({ payment_intent: held.id });
    expect(refund).toMatchObject({ amount: 2000, balance_transaction: null });
    expect((await stripe.paymentIntents.retrieve(held.id)).status).toBe("canceled");
  });

  test("what was captured in part is refunded in part", async () => {
    const { stripe } = local;
    const held = await pay(stripe, "pm_card_visa", { capture_method: "manual" });
    await stripe.paymentIntents.capture(held.id, { amount_to_capture: 750 });
    const refund = await stripe.refunds.create({ payment_intent: held.id });
    expect(refund.amount).toBe(750);
  });

  test("a fraudulent payment is reported on its charge", async () => {
    const { stripe } = local;
    const intent = await pay(stripe);
    await stripe.refunds.create({ payment_intent: intent.id, reason: "fraudulent" });
    const charge = await stripe.charges.retrieve(String(intent.latest_charge));
    expect(charge.fraud_details).toEqual({ user_report: "fraudulent" });
  });

  test("an asynchronously captured payment can be refunded at once", async () => {
    const { stripe } = local;
    const intent = await pay(stripe, "pm_card_visa", { capture_method: "automatic_async" });
    await stripe.refunds.create({ payment_intent: intent.id });
    const charge = await stripe.charges.retrieve(String(intent.latest_charge));
    expect(charge).toMatchObject({ balance_transaction: expect.any(String), refunded: true });
  });

  // https://docs.stripe.com/api/refunds/update and /cancel
  test("only the metadata of a refund can be changed, and a card's refund cannot be canceled", async () => {
    const { stripe } = local;
    const intent = await pay(stripe);
    const { id } = await stripe.refunds.create({ payment_intent: intent.id, metadata: { a: "1" } });
    const updated = await stripe.refunds.update(id, { metadata: { b: "2" } });
    expect(updated.metadata).toEqual({ a: "1", b: "2" });
    expect(await lastEvents(stripe, 2)).toEqual(["refund.updated", "charge.refund.updated"]);
    expect((await refusalOf(stripe.refunds.cancel(id))).statusCode).toBe(400);
    expect(await stripe.refunds.retrieve(id)).toEqual(updated);
  });
});

// https://docs.stripe.com/testing#refunds
describe("refunds that end otherwise than they began", () => {
  test("one waits and succeeds later", async () => {
    const server = await startTestStripe();
    const { stripe } = server;
    const intent = await pay(stripe, "pm_card_pendingRefund");
    const refund = await stripe.refunds.create({ payment_intent: intent.id });
    expect(refund.status).toBe("pending");
    await server.lab("POST", "/clock", { advance_ms: 60 * 60 * 1000 });
    expect((await stripe.refunds.retrieve(refund.id)).status).toBe("succeeded");
    expect(await lastEvents(stripe, 2)).toEqual(["refund.updated", "charge.refund.updated"]);
    await server.server.close();
  });

  test("one seems to have succeeded and fails later, and the money is back", async () => {
    const server = await startTestStripe();
    const { stripe } = server;
    const intent = await pay(stripe, "pm_card_refundFail");
    const refund = await stripe.refunds.create({ payment_intent: intent.id });
    expect(refund.status).toBe("succeeded");
    await server.lab("POST", "/clock", { advance_ms: 60 * 60 * 1000 });
    expect(
      await stripe.refunds.retrieve(refund.id, { expand: ["failure_balance_transaction"] }),
    ).toMatchObject({
      status: "failed",
      failure_reason: "expired_or_canceled_card",
      failure_balance_transaction: { amount: 2000, type: "refund_failure", source: refund.id },
    });
    expect(await stripe.charges.retrieve(String(intent.latest_charge))).toMatchObject({
      refunded: false,
      amount_refunded: 0,
    });
    expect(await lastEvents(stripe, 4)).toEqual([
      "refund.updated",
      "charge.refund.updated",
      "refund.failed",
      "charge.updated",
    ]);
    await server.server.close();
  });
});
