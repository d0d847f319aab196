import type Stripe from "stripe";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { CANCEL_URL, createPlan, openCheckout, SUCCESS_URL } from "@/local/stripe/testing/catalogue";
import { postCheckout } from "@/local/stripe/testing/pay";
import { refusalOf, startTestStripe, type TestStripe } from "@/local/stripe/testing/start-test-stripe";

let local: TestStripe;
let price: Stripe.Price;
beforeAll(async () => {
  local = await startTestStripe();
  price = await createPlan(local.stripe);
});
afterAll(() => local.server.close());

describe("creating", () => {
  test("an open session has a page of its own, a day to live, and shows lines on request only", async () => {
    const session = await openCheckout(local.stripe, price, {
      client_reference_id: "42",
      metadata: { a: "b" },
    });
    expect(session).toMatchObject({
      status: "open",
      payment_status: "unpaid",
      mode: "subscription",
      ui_mode: "hosted_page",
      amount_total: 5400,
      currency: "usd",
      url: `${local.server.url}/c/pay/${session.id}`,
      client_reference_id: "42",
      metadata: { a: "b" },
      success_url: SUCCESS_URL,
      cancel_url: CANCEL_URL,
      payment_method_collection: "always",
    });
    expect(session.expires_at - session.created).toBe(24 * 60 * 60);
    expect(session).not.toHaveProperty("line_items");
    const expanded = await local.stripe.checkout.sessions.retrieve(session.id, { expand: ["line_items"] });
    expect(expanded.line_items?.data).toMatchObject([
      { description: "Community Pro", amount_total: 5400, quantity: 1 },
    ]);
    const listed = await local.stripe.checkout.sessions.listLineItems(session.id);
    expect(listed.data).toEqual(expanded.line_items?.data);
  });

  test("with a trial nothing is due", async () => {
    const session = await openCheckout(local.stripe, price, { subscription_data: { trial_period_days: 7 } });
    expect(session.amount_total).toBe(0);
  });

  test.each<[string, Partial<Stripe.Checkout.SessionCreateParams>, string]>([
    ["a page of elements", { ui_mode: "elements" }, "ui_mode"],
    ["a missing success URL", { success_url: undefined }, "success_url"],
    ["a success URL that is none", { success_url: "/return" }, "success_url"],
    ["a customer and an e-mail together", { customer: "cus_x", customer_email: "a@b.test" }, "customer"],
    ["an unknown customer", { customer: "cus_nobody" }, "customer"],
    ["an expiry in ten minutes", { expires_at: Math.floor(Date.now() / 1000) + 600 }, "expires_at"],
    ["an expiry in two days", { expires_at: Math.floor(Date.now() / 1000) + 172_800 }, "expires_at"],
    ["no lines", { line_items: [] }, "line_items"],
    ["an unknown price", { line_items: [{ price: "price_x", quantity: 1 }] }, "line_items[0][price]"],
    ["a recurring price in payment mode", { mode: "payment" }, "line_items[0][price]"],
    [
      "payment data in subscription mode",
      { payment_intent_data: { description: "x" } },
      "payment_intent_data",
    ],
    [
      "a choice of customer creation for a subscription",
      { customer_creation: "always" },
      "customer_creation",
    ],
    ["a setup without a currency", { mode: "setup", line_items: undefined }, "currency"],
    ["an e-mail address that is none", { customer_email: "nobody" }, "customer_email"],
    ["an unknown coupon", { discounts: [{ coupon: "x" }] }, "discounts[0][coupon]"],
    [
      "a discount beside codes",
      { allow_promotion_codes: true, discounts: [{ coupon: "x" }] },
      "allow_promotion_codes",
    ],
    [
      "an unknown tax rate",
      { line_items: [{ price: "price_x", quantity: 1, tax_rates: ["txr_x"] }] },
      "line_items[0][tax_rates][0]",
    ],
    ["an invoice for a subscription", { invoice_creation: { enabled: true } }, "invoice_creation"],
  ])("%s: refused and the parameter named", async (_name, params, param) => {
    const error = await refusalOf(openCheckout(local.stripe, price, params));
    expect([error.statusCode, error.param]).toEqual([400, param]);
  });

  // Removed from Checkout in API 2026-09-30.endive.
  test("payment_method_types is an unknown parameter", async () => {
    const body = new URLSearchParams({ mode: "subscription", "payment_method_types[0]": "card" });
    const response = await local.raw("/v1/checkout/sessions", { method: "POST", body });
    expect((await response.json()).error).toMatchObject({
      code: "parameter_unknown",
      param: "payment_method_types",
    });
  });
});

describe("expiring", () => {
  test("an expired session has no page left and tells of it", async () => {
    const session = await openCheckout(local.stripe, price);
    const expired = await local.stripe.checkout.sessions.expire(session.id);
    expect(expired).toMatchObject({ status: "expired", url: null });
    const [event] = (await local.stripe.events.list({ type: "checkout.session.expired", limit: 1 })).data;
    expect(event?.data.object).toEqual(expired);
    expect((await refusalOf(local.stripe.checkout.sessions.expire(session.id))).statusCode).toBe(400);
    expect((await postCheckout(session)).status).toBe(410);
  });

  test("a complete session cannot be expired", async () => {
    const session = await openCheckout(local.stripe, price);
    await postCheckout(session);
    const error = await refusalOf(local.stripe.checkout.sessions.expire(session.id));
    expect([error.statusCode, error.message]).toEqual([400, expect.stringContaining("`complete`")]);
  });
});

test("lists are filtered by customer, status, e-mail and subscription", async () => {
  const customer = await local.stripe.customers.create({ email: "filter@example.test" });
  const open = await openCheckout(local.stripe, price, { customer: customer.id });
  const paid = await openCheckout(local.stripe, price, { customer: customer.id });
  await postCheckout(paid);
  const { subscription } = await local.stripe.checkout.sessions.retrieve(paid.id);
  const ids = async (params: Stripe.Checkout.SessionListParams) =>
    (await local.stripe.checkout.sessions.list(params)).data.map(({ id }) => id);
  expect(await ids({ customer: customer.id })).toEqual([paid.id, open.id]);
  expect(await ids({ customer: customer.id, status: "open" })).toEqual([open.id]);
  expect(await ids({ subscription: String(subscription) })).toEqual([paid.id]);
  expect(await ids({ customer_details: { email: "filter@example.test" } })).toEqual([paid.id, open.id]);
});
