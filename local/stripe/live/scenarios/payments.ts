import { check, checkRefusal } from "@/local/stripe/live/check";
import type { Scenario } from "@/local/stripe/live/scenario";
import { makeCustomer } from "@/local/stripe/live/world";
import { idOf } from "@/local/stripe/references";

const CARDS_ONLY = { enabled: true, allow_redirects: "never" } as const;
const PAYMENT = { amount: 2000, currency: "usd", automatic_payment_methods: CARDS_ONLY } as const;

export const paymentMethods: Scenario = {
  name: "a card is attached, made the default, listed and detached",
  page: "https://docs.stripe.com/api/payment_methods",
  async run(stripe, world) {
    const customer = await makeCustomer(world);
    const id = idOf(customer.invoice_settings.default_payment_method ?? "");
    check("card", await stripe.paymentMethods.retrieve(id), {
      type: "card",
      customer: customer.id,
      card: { brand: "visa", last4: "4242", funding: "credit", country: "US" },
    });
    check("cards", await stripe.paymentMethods.list({ customer: customer.id, type: "card" }), {
      data: [{ id }],
    });
    check("detached", await stripe.paymentMethods.detach(id), { id, customer: null });
    await checkRefusal(
      "attaching a card that is declined",
      stripe.paymentMethods.attach("pm_card_chargeDeclined", { customer: customer.id }),
      { statusCode: 402, type: "card_error", code: "card_declined", decline_code: "generic_decline" },
    );
  },
};

export const paymentIntents: Scenario = {
  name: "a payment succeeds, is declined, asks for authentication and is canceled",
  page: "https://docs.stripe.com/payments/paymentintents/lifecycle",
  async run(stripe) {
    const paid = await stripe.paymentIntents.create({
      ...PAYMENT,
      payment_method: "pm_card_visa",
      confirm: true,
      expand: ["latest_charge"],
    });
    check("paid", paid, {
      status: "succeeded",
      amount_received: 2000,
      latest_charge: { amount: 2000, captured: true, paid: true, status: "succeeded" },
    });
    const declined = { ...PAYMENT, payment_method: "pm_card_chargeDeclinedInsufficientFunds", confirm: true };
    await checkRefusal("declined", stripe.paymentIntents.create(declined), {
      statusCode: 402,
      type: "card_error",
      code: "card_declined",
      decline_code: "insufficient_funds",
    });
    const asked = await stripe.paymentIntents.create({
      ...PAYMENT,
      payment_method: "pm_card_authenticationRequired",
      confirm: true,
    });
    check("asked", asked, { status: "requires_action", next_action: { type: "use_stripe_sdk" } });
    const canceled = await stripe.paymentIntents.cancel(asked.id, { cancellation_reason: "abandoned" });
    check("canceled", canceled, { status: "canceled", cancellation_reason: "abandoned" });
    await checkRefusal("confirming what is canceled", stripe.paymentIntents.confirm(asked.id), {
      statusCode: 400,
      code: "payment_intent_unexpected_state",
    });
  },
};

export const manualCapture: Scenario = {
  name: "an authorized payment is captured in part, and the rest released",
  page: "https://docs.stripe.com/payments/place-a-hold-on-a-payment-method",
  async run(stripe) {
    const held = await stripe.paymentIntents.create({
      ...PAYMENT,
      payment_method: "pm_card_visa",
      confirm: true,
      capture_method: "manual",
    });
    check("held", held, { status: "requires_capture", amount_capturable: 2000, amount_received: 0 });
    check("captured", await stripe.paymentIntents.capture(held.id, { amount_to_capture: 1500 }), {
      status: "succeeded",
      amount_capturable: 0,
      amount_received: 1500,
    });
  },
};

export const refunds: Scenario = {
  name: "a charge is refunded in parts, and not beyond what it was",
  page: "https://docs.stripe.com/refunds",
  async run(stripe) {
    const { id } = await stripe.paymentIntents.create({
      ...PAYMENT,
      payment_method: "pm_card_visa",
      confirm: true,
    });
    const part = await stripe.refunds.create({ payment_intent: id, amount: 500 });
    check("part", part, { amount: 500, payment_intent: id, status: "succeeded" });
    await checkRefusal("too much", stripe.refunds.create({ payment_intent: id, amount: 1501 }), {
      statusCode: 400,
      type: "invalid_request_error",
    });
    check("the rest", await stripe.refunds.create({ payment_intent: id }), { amount: 1500 });
    const { latest_charge: charge } = await stripe.paymentIntents.retrieve(id, { expand: ["latest_charge"] });
    check("charge", charge, { amount_refunded: 2000, refunded: true });
    await checkRefusal("once more", stripe.refunds.create({ payment_intent: id }), {
      statusCode: 400,
      code: "charge_already_refunded",
    });
  },
};

export const setupIntents: Scenario = {
  name: "a card is saved without a payment, or asks for authentication first",
  page: "https://docs.stripe.com/payments/setupintents/lifecycle",
  async run(stripe, world) {
    const customer = await makeCustomer(world, null);
    const params = { customer: customer.id, automatic_payment_methods: CARDS_ONLY, confirm: true };
    const saved = await stripe.setupIntents.create({ ...params, payment_method: "pm_card_visa" });
    check("saved", saved, { status: "succeeded", usage: "off_session", customer: customer.id });
    const asked = await stripe.setupIntents.create({
      ...params,
      payment_method: "pm_card_authenticationRequired",
    });
    check("asked", asked, { status: "requires_action" });
    check("canceled", await stripe.setupIntents.cancel(asked.id), { status: "canceled" });
    await checkRefusal(
      "declined",
      stripe.setupIntents.create({ ...params, payment_method: "pm_card_chargeDeclined" }),
      { statusCode: 402, type: "card_error", code: "card_declined" },
    );
  },
};
