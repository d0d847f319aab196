import type Stripe from "stripe";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { CANCEL_URL, createPlan, openCheckout } from "@/local/stripe/testing/catalogue";
import { postCheckout } from "@/local/stripe/testing/pay";
import { startTestStripe, type TestStripe } from "@/local/stripe/testing/start-test-stripe";

let local: TestStripe;
let price: Stripe.Price;
beforeAll(async () => {
  local = await startTestStripe();
  price = await createPlan(local.stripe);
});
afterAll(() => local.server.close());

const trial = { subscription_data: { trial_period_days: 7, metadata: { plan: "pro" } } };

async function readPage(session: Stripe.Checkout.Session): Promise<string> {
  return (await fetch(String(session.url))).text();
}

async function subscriptionsOf(customer: Stripe.Customer): Promise<Stripe.Subscription[]> {
  const expand = ["data.latest_invoice", "data.default_payment_method"];
  return (await local.stripe.subscriptions.list({ customer: customer.id, status: "all", expand })).data;
}

describe("the page", () => {
  test("shows the plan, the trial, what is due today and the way back, and says it is a simulation", async () => {
    const page = await readPage(await openCheckout(local.stripe, price, trial));
    expect(page).toContain("Subscribe to Community Pro");
    expect(page).toContain("7 days free, then $54.00 every 3 months");
    expect(page).toMatch(/Due today<\/dt><dd[^>]*>\$0\.00/);
    expect(page).toContain(">Start trial</button>");
    expect(page).toContain(`href="${CANCEL_URL}"`);
    expect(page).toContain("Never enter a real card");
    expect(page).not.toContain("<script");
  });

  test("without a trial the whole price is due", async () => {
    const page = await readPage(await openCheckout(local.stripe, price));
    expect(page).toMatch(/Due today<\/dt><dd[^>]*>\$54\.00/);
    expect(page).toContain(">Subscribe and pay $54.00</button>");
  });

  test("an e-mail the session knows cannot be changed", async () => {
    const session = await openCheckout(local.stripe, price, { customer_email: "known@example.test" });
    expect(await readPage(session)).toMatch(/id="email"[^>]*value="known@example.test"[^>]*readonly/s);
    await postCheckout(session, { email: "other@example.test" });
    const paid = await local.stripe.checkout.sessions.retrieve(session.id);
    expect(paid.customer_details?.email).toBe("known@example.test");
  });

  test("what a product is called is text, never markup", async () => {
    const product = await local.stripe.products.create({ name: `<img src=x onerror="alert(1)">` });
    const nasty = await createPlan(local.stripe, { product: product.id });
    const page = await readPage(await openCheckout(local.stripe, nasty));
    expect(page).not.toContain("<img");
    expect(page).toContain("&lt;img src=x");
  });

  test("an unknown session is a plain page with 404", async () => {
    const response = await fetch(`${local.server.url}/c/pay/cs_test_unknown`);
    expect(response.status).toBe(404);
    expect(await response.text()).toContain("Checkout not found");
  });
});

describe("paying", () => {
  test("a trial starts: card saved and default, invoice over nothing, session complete", async () => {
    const customer = await local.stripe.customers.create({ email: "trial@example.test" });
    const session = await openCheckout(local.stripe, price, { ...trial, customer: customer.id });
    const response = await postCheckout(session);
    expect(response.status).toBe(303);
    expect(response.headers.get("location")).toBe(`http://localhost:3000/return?session_id=${session.id}`);

    const [subscription, ...others] = await subscriptionsOf(customer);
    expect(others).toEqual([]);
    expect(subscription).toMatchObject({
      status: "trialing",
      metadata: { plan: "pro" },
      default_payment_method: {
        customer: customer.id,
        card: { last4: "4242" },
        billing_details: { name: "Ada Lovelace" },
      },
      latest_invoice: { status: "paid", total: 0, billing_reason: "subscription_create" },
    });
    const paid = await local.stripe.checkout.sessions.retrieve(session.id);
    expect(paid).toMatchObject({
      status: "complete",
      payment_status: "no_payment_required",
      subscription: subscription?.id,
      customer: customer.id,
      customer_details: { email: "trial@example.test", name: "Ada Lovelace" },
      url: null,
    });
    const setups = await local.stripe.setupIntents.list({ customer: customer.id });
    expect(setups.data).toMatchObject([{ status: "succeeded" }]);
  });

  test("without a trial the card is charged and the events come in Stripe's order", async () => {
    const customer = await local.stripe.customers.create({ email: "pay@example.test" });
    const session = await openCheckout(local.stripe, price, { customer: customer.id });
    await postCheckout(session);
    const [subscription] = await subscriptionsOf(customer);
    expect(subscription).toMatchObject({
      status: "active",
      latest_invoice: { status: "paid", amount_paid: 5400 },
    });
    const paid = await local.stripe.checkout.sessions.retrieve(session.id);
    expect(paid).toMatchObject({ payment_status: "paid", invoice: expect.stringMatching(/^in_/) });
    const events = await local.stripe.events.list({ limit: 15 });
    expect(events.data.map(({ type }) => type).reverse()).toEqual([
      "customer.created",
      "payment_method.attached",
      "customer.updated",
      "customer.subscription.created",
      "invoice.created",
      "invoice.finalized",
      "payment_intent.created",
      "charge.succeeded",
      "payment_intent.succeeded",
      "invoice_payment.paid",
      "invoice.updated",
      "invoice.paid",
      "invoice.payment_succeeded",
      "customer.subscription.updated",
      "checkout.session.completed",
    ]);
    const updated = events.data.find(({ type }) => type === "customer.subscription.updated");
    expect(updated?.data.previous_attributes).toEqual({ status: "incomplete" });
  });

  test("without a customer one is made from what was typed", async () => {
    const session = await openCheckout(local.stripe, price);
    await postCheckout(session, { email: "new@example.test" });
    const paid = await local.stripe.checkout.sessions.retrieve(session.id, { expand: ["customer"] });
    expect(paid.customer).toMatchObject({ email: "new@example.test", name: "Ada Lovelace" });
  });

  test("a one-time payment by price data charges once and makes no customer", async () => {
    const session = await openCheckout(local.stripe, price, {
      mode: "payment",
      line_items: [
        { quantity: 2, price_data: { currency: "usd", unit_amount: 450, product_data: { name: "Tokens" } } },
      ],
      payment_intent_data: { metadata: { order: "7" } },
    });
    expect((await postCheckout(session)).status).toBe(303);
    const paid = await local.stripe.checkout.sessions.retrieve(session.id, { expand: ["payment_intent"] });
    expect(paid).toMatchObject({ customer: null, payment_status: "paid", amount_total: 900 });
    expect(paid.payment_intent).toMatchObject({ status: "succeeded", amount: 900, metadata: { order: "7" } });
  });

  test("setup mode saves the card and charges nothing", async () => {
    const customer = await local.stripe.customers.create({});
    const session = await openCheckout(local.stripe, price, {
      mode: "setup",
      line_items: undefined,
      customer: customer.id,
      currency: "usd",
    });
    await postCheckout(session);
    const paid = await local.stripe.checkout.sessions.retrieve(session.id, { expand: ["setup_intent"] });
    expect(paid).toMatchObject({ status: "complete", setup_intent: { status: "succeeded" } });
    expect((await local.stripe.customers.listPaymentMethods(customer.id)).data).toHaveLength(1);
    expect((await local.stripe.charges.list({ customer: customer.id })).data).toEqual([]);
  });

  test("a trial that asks for no card takes none", async () => {
    const session = await openCheckout(local.stripe, price, {
      ...trial,
      payment_method_collection: "if_required",
    });
    expect(await readPage(session)).not.toContain("Card number");
    expect((await postCheckout(session, { number: "", expiry: "", cvc: "", name: "" })).status).toBe(303);
    const paid = await local.stripe.checkout.sessions.retrieve(session.id, { expand: ["subscription"] });
    expect(paid.subscription).toMatchObject({ status: "trialing", default_payment_method: null });
  });
});

describe("declines", () => {
  test.each([
    ["4000000000000002", trial, "Your card was declined."],
    ["4000000000000002", {}, "Your card was declined."],
    ["4000000000009995", {}, "Your card has insufficient funds."],
    ["4000000000000069", {}, "Your card has expired."],
    ["4000000000000127", trial, "Your card&#39;s security code is incorrect."],
    ["4000000000000341", {}, "Your card was declined."],
  ])("card %s is told why, creates nothing, and another card then works", async (number, params, message) => {
    const customer = await local.stripe.customers.create({ email: "declined@example.test" });
    const session = await openCheckout(local.stripe, price, { ...params, customer: customer.id });
    const response = await postCheckout(session, { number });
    const page = await response.text();
    expect(response.status).toBe(402);
    expect(page).toMatch(/role="alert"/);
    expect(page).toContain(message);
    expect(page).not.toContain(number);
    expect(page).toContain(`value="Ada Lovelace"`);
    expect(await subscriptionsOf(customer)).toEqual([]);
    expect((await local.stripe.customers.listPaymentMethods(customer.id)).data).toEqual([]);
    expect((await local.stripe.checkout.sessions.retrieve(session.id)).status).toBe("open");
    expect((await postCheckout(session)).status).toBe(303);
    expect(await subscriptionsOf(customer)).toHaveLength(1);
  });

  test("the card that saves but cannot be charged starts a trial", async () => {
    const customer = await local.stripe.customers.create({});
    const session = await openCheckout(local.stripe, price, { ...trial, customer: customer.id });
    expect((await postCheckout(session, { number: "4000000000000341" })).status).toBe(303);
    expect(await subscriptionsOf(customer)).toMatchObject([{ status: "trialing" }]);
  });
});

describe("typing errors", () => {
  test.each([
    ["number", { number: "4242" }, "Your card number is incomplete."],
    ["number", { number: "4242 4242 4242 4241" }, "Your card number is invalid."],
    ["expiry", { expiry: "13/34" }, "expiration date is invalid."],
    ["expiry", { expiry: "01/20" }, "expiration year is in the past."],
    ["expiry", { expiry: "" }, "expiration date is incomplete."],
    ["cvc", { cvc: "12" }, "security code is incomplete."],
    ["name", { name: " " }, "Enter the name on your card."],
    ["email", { email: "nobody" }, "Enter your email address."],
  ])(
    "a bad %s is told beside its field, and card data is not shown again",
    async (field, fields, message) => {
      const session = await openCheckout(local.stripe, price);
      const response = await postCheckout(session, fields);
      const page = await response.text();
      expect(response.status).toBe(422);
      expect(page).toMatch(
        new RegExp(`id="${field}"[^>]*aria-invalid="true" aria-describedby="${field}-error"`, "s"),
      );
      expect(page.slice(page.indexOf(`id="${field}-error"`))).toContain(message);
      for (const secret of ["number", "expiry", "cvc"]) {
        expect(page).toMatch(new RegExp(`id="${secret}"[^>]*value=""`, "s"));
      }
      expect((await local.stripe.checkout.sessions.retrieve(session.id)).status).toBe("open");
    },
  );
});

describe("after the end", () => {
  test("a second click pays nothing twice and leads to the same success page", async () => {
    const customer = await local.stripe.customers.create({});
    const session = await openCheckout(local.stripe, price, { customer: customer.id });
    const responses = await Promise.all(
      Array.from({ length: 10 }, () => postCheckout(session, { email: "a@b.test" })),
    );
    expect(new Set(responses.map(({ status }) => status))).toEqual(new Set([303]));
    expect(await subscriptionsOf(customer)).toHaveLength(1);
    expect((await local.stripe.charges.list({ customer: customer.id })).data).toHaveLength(1);
    const page = await readPage(session);
    expect(page).toContain("already complete");
    expect(page).toContain(`href="http://localhost:3000/return?session_id=${session.id}"`);
  });

  test("a session whose customer was deleted says that it cannot be completed", async () => {
    const customer = await local.stripe.customers.create({});
    const session = await openCheckout(local.stripe, price, { customer: customer.id });
    await local.stripe.customers.del(customer.id);
    const response = await postCheckout(session);
    expect(response.status).toBe(400);
    expect(await response.text()).toContain("No such customer");
  });

  test("an expired session says so and leads back", async () => {
    const session = await openCheckout(local.stripe, price);
    await local.stripe.checkout.sessions.expire(session.id);
    const response = await fetch(String(session.url));
    expect(response.status).toBe(410);
    const page = await response.text();
    expect(page).toContain("This checkout has expired");
    expect(page).toContain(`href="${CANCEL_URL}"`);
  });
});
