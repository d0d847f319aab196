import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createPayingCustomer, createPlan } from "@/local/stripe/testing/catalogue";
import { toldOf } from "@/local/stripe/testing/invoicing";
import { refusalOf, startTestStripe, type TestStripe } from "@/local/stripe/testing/start-test-stripe";

let local: TestStripe;
beforeAll(async () => {
  local = await startTestStripe();
});
afterAll(() => local.server.close());

test("invoices are numbered per customer and found by customer, subscription and status", async () => {
  const price = await createPlan(local.stripe);
  const customer = await createPayingCustomer(local.stripe);
  const items = [{ price: price.id, quantity: 2 }];
  const first = await local.stripe.subscriptions.create({ customer: customer.id, items });
  const second = await local.stripe.subscriptions.create({
    customer: customer.id,
    items,
    trial_period_days: 7,
  });

  const all = await local.stripe.invoices.list({ customer: customer.id });
  expect(all.data.map(({ number }) => number)).toEqual([
    `${customer.invoice_prefix}-0002`,
    `${customer.invoice_prefix}-0001`,
  ]);
  const ofFirst = await local.stripe.invoices.list({ subscription: first.id, status: "paid" });
  expect(ofFirst.data.map(({ id }) => id)).toEqual([first.latest_invoice]);
  expect((await local.stripe.invoices.list({ subscription: second.id, status: "open" })).data).toEqual([]);

  const [invoice] = ofFirst.data;
  expect(invoice).toMatchObject({ total: 10_800, subtotal: 10_800, customer_email: "ada@example.test" });
  expect(invoice?.status_transitions.paid_at).toBe(invoice?.created);
  const lines = await local.stripe.invoices.listLineItems(String(first.latest_invoice));
  expect(lines.data).toMatchObject([
    {
      amount: 10_800,
      quantity: 2,
      description: "2 × Community Pro (at $54.00 / every 3 months)",
      period: {
        start: first.items.data[0]?.current_period_start,
        end: first.items.data[0]?.current_period_end,
      },
      pricing: { price_details: { price: price.id, product: price.product } },
      parent: { subscription_item_details: { subscription: first.id, proration: false } },
    },
  ]);
});

test("a paid invoice leads to its payment intent and charge", async () => {
  const price = await createPlan(local.stripe);
  const customer = await createPayingCustomer(local.stripe);
  const subscription = await local.stripe.subscriptions.create({
    customer: customer.id,
    items: [{ price: price.id }],
  });
  const invoice = await local.stripe.invoices.retrieve(String(subscription.latest_invoice), {
    expand: ["payments"],
  });
  const intentId = String(invoice.payments?.data[0]?.payment.payment_intent);
  const intent = await local.stripe.paymentIntents.retrieve(intentId, { expand: ["latest_charge"] });
  expect(intent).toMatchObject({ status: "succeeded", amount_received: 5400, customer: customer.id });
  expect(intent.latest_charge).toMatchObject({ status: "succeeded", amount: 5400, payment_intent: intentId });
  const balance = await local.stripe.balance.retrieve();
  expect(balance.pending.find(({ currency }) => currency === "usd")?.amount).toBeGreaterThanOrEqual(5400);
});

describe("paying an invoice by hand", () => {
  /** A subscription whose first payment was left to the customer. */
  async function openInvoice(method: string) {
    const price = await createPlan(local.stripe);
    const customer = await createPayingCustomer(local.stripe, method);
    const subscription = await local.stripe.subscriptions.create({
      customer: customer.id,
      items: [{ price: price.id }],
      payment_behavior: "default_incomplete",
    });
    return { customer, subscription, id: String(subscription.latest_invoice) };
  }

  test("charges the default card, and the first payment makes the subscription active", async () => {
    const { subscription, id } = await openInvoice("pm_card_visa");
    const paid = await local.stripe.invoices.pay(id);
    expect(paid).toMatchObject({ status: "paid", amount_paid: 5400, attempt_count: 1 });
    expect((await local.stripe.subscriptions.retrieve(subscription.id)).status).toBe("active");
    const again = await refusalOf(local.stripe.invoices.pay(id));
    expect([again.statusCode, again.message]).toEqual([400, "Invoice is already paid"]);
  });

  test("a decline is answered as an error, and the attempt stands all the same", async () => {
    const { customer, id } = await openInvoice("pm_card_chargeCustomerFail");
    const error = await refusalOf(local.stripe.invoices.pay(id));
    expect([error.statusCode, error.rawType, error.code, error.decline_code]).toEqual([
      402,
      "card_error",
      "card_declined",
      "generic_decline",
    ]);
    expect(await local.stripe.invoices.retrieve(id)).toMatchObject({ status: "open", attempt_count: 1 });
    expect((await local.stripe.charges.list({ customer: customer.id })).data).toMatchObject([
      { id: error.charge, status: "failed" },
    ]);
    // Further attempts by hand are not counted.
    await refusalOf(local.stripe.invoices.pay(id));
    expect((await local.stripe.invoices.retrieve(id)).attempt_count).toBe(1);
  });

  test("another card of the customer's can be named, nobody else's", async () => {
    const { customer, id } = await openInvoice("pm_card_chargeCustomerFail");
    const foreign = await createPayingCustomer(local.stripe);
    const theirs = String(foreign.invoice_settings.default_payment_method);
    expect((await refusalOf(local.stripe.invoices.pay(id, { payment_method: theirs }))).param).toBe(
      "payment_method",
    );
    const good = await local.stripe.paymentMethods.attach("pm_card_visa", { customer: customer.id });
    expect((await local.stripe.invoices.pay(id, { payment_method: good.id })).status).toBe("paid");
  });

  // https://docs.stripe.com/error-codes#invoice-payment-intent-requires-action
  test("a bank that wants authentication leaves the payment to the client, who settles the invoice", async () => {
    const { subscription, id } = await openInvoice("pm_card_authenticationRequired");
    const error = await refusalOf(local.stripe.invoices.pay(id));
    expect([error.statusCode, error.type, error.code]).toEqual([
      402,
      "StripeCardError",
      "invoice_payment_intent_requires_action",
    ]);
    expect(error.payment_intent).toMatchObject({ status: "requires_action" });
    expect(await toldOf(local.stripe, id)).toEqual([
      "invoice.created",
      "invoice.finalized",
      "invoice.payment_failed",
      "invoice.payment_action_required",
      "invoice.updated",
    ]);
    expect(await local.stripe.invoices.retrieve(id)).toMatchObject({
      status: "open",
      attempted: true,
      attempt_count: 0,
    });
    const good = await local.stripe.paymentMethods.attach("pm_card_visa", {
      customer: String(subscription.customer),
    });
    await local.stripe.paymentIntents.confirm(error.payment_intent?.id ?? "", { payment_method: good.id });
    expect(await local.stripe.invoices.retrieve(id)).toMatchObject({ status: "paid", amount_paid: 5400 });
    expect((await local.stripe.subscriptions.retrieve(subscription.id)).status).toBe("active");
  });

  // https://docs.stripe.com/api/invoices/pay#pay_invoice-paid_out_of_band
  test("paid outside of Stripe nobody is charged, and the intent is canceled", async () => {
    const { subscription, id } = await openInvoice("pm_card_visa");
    const paid = await local.stripe.invoices.pay(id, { paid_out_of_band: true }, { maxNetworkRetries: 0 });
    expect(paid).toMatchObject({ status: "paid", attempted: false, amount_paid: 5400, amount_remaining: 0 });
    const payments = await local.stripe.invoicePayments.list({ invoice: id });
    expect(payments.data).toMatchObject([{ status: "canceled", amount_paid: null }]);
    const intent = String(payments.data[0]?.payment.payment_intent);
    expect((await local.stripe.paymentIntents.retrieve(intent)).status).toBe("canceled");
    expect(await toldOf(local.stripe, id)).not.toContain("invoice.payment_succeeded");
    expect((await local.stripe.subscriptions.retrieve(subscription.id)).status).toBe("active");
  });
});
