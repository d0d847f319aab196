import type Stripe from "stripe";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createPayingCustomer, createPlan } from "@/local/stripe/testing/catalogue";
import { GOOD_CARD } from "@/local/stripe/testing/pay";
import { startTestStripe, type TestStripe } from "@/local/stripe/testing/start-test-stripe";

let local: TestStripe;
let price: Stripe.Price;
let bigger: Stripe.Price;
let configuration: Stripe.BillingPortal.Configuration;
beforeAll(async () => {
  local = await startTestStripe();
  price = await createPlan(local.stripe);
  bigger = await createPlan(local.stripe, { unit_amount: 9000, product: String(price.product) });
  configuration = await local.stripe.billingPortal.configurations.create({
    features: {
      customer_update: { enabled: true, allowed_updates: ["email", "address"] },
      invoice_history: { enabled: true },
      payment_method_update: { enabled: true },
      subscription_cancel: {
        enabled: true,
        mode: "at_period_end",
        cancellation_reason: { enabled: true, options: ["too_expensive", "other"] },
      },
      subscription_update: {
        enabled: true,
        default_allowed_updates: ["price", "quantity"],
        proration_behavior: "always_invoice",
        products: [
          {
            product: String(price.product),
            prices: [price.id, bigger.id],
            adjustable_quantity: { enabled: true, maximum: 5 },
          },
        ],
      },
    },
  });
});
afterAll(() => local.server.close());

async function subscribe(method?: string): Promise<Stripe.Subscription> {
  const customer = await createPayingCustomer(local.stripe, method);
  return local.stripe.subscriptions.create({ customer: customer.id, items: [{ price: price.id }] });
}

function openPortal(
  subscription: Stripe.Subscription,
  params: Partial<Stripe.BillingPortal.SessionCreateParams> = {},
): Promise<Stripe.BillingPortal.Session> {
  return local.stripe.billingPortal.sessions.create({
    customer: String(subscription.customer),
    configuration: configuration.id,
    return_url: "http://localhost:3000/account",
    ...params,
  });
}

async function read(session: Stripe.BillingPortal.Session, path = ""): Promise<string> {
  return (await fetch(`${session.url}${path}`)).text();
}

function post(
  session: Stripe.BillingPortal.Session,
  path: string,
  fields: Record<string, string> = {},
): Promise<Response> {
  const body = new URLSearchParams(fields);
  return fetch(`${session.url}${path}`, { method: "POST", redirect: "manual", body });
}

function retrieve(subscription: Stripe.Subscription): Promise<Stripe.Subscription> {
  return local.stripe.subscriptions.retrieve(subscription.id);
}

// https://docs.stripe.com/customer-management
describe("the overview", () => {
  test("shows the plan with its next charge, the card, the details, the invoices and the way back", async () => {
    const subscription = await subscribe();
    const page = await read(await openPortal(subscription));
    expect(page).toContain("Community Pro");
    expect(page).toMatch(/renews on .*You are then charged \$54\.00/);
    expect(page).toContain("Visa ···· 4242");
    expect(page).toContain("ada@example.test");
    expect(page).toContain(`/invoices/${subscription.latest_invoice}/hosted`);
    expect(page).toContain('href="http://localhost:3000/account"');
    expect(page).not.toContain("<script");
  });

  test("another customer's objects are not there", async () => {
    const [mine, theirs] = [await subscribe(), await subscribe()];
    const session = await openPortal(mine);
    expect((await fetch(`${session.url}/subscriptions/${theirs.id}/cancel`)).status).toBe(404);
    expect((await post(session, `/subscriptions/${theirs.id}/cancel`, { action: "cancel" })).status).toBe(
      404,
    );
    expect((await retrieve(theirs)).cancel_at).toBeNull();
  });

  test("a session that is not opened within five minutes is over", async () => {
    const session = await openPortal(await subscribe());
    const before = local.server.url;
    await fetch(`${before}/lab/clock`, {
      method: "POST",
      headers: { Authorization: "Bearer sk_test_local", "Content-Type": "application/json" },
      body: JSON.stringify({ advance_ms: 5 * 60 * 1000 }),
    });
    expect((await fetch(session.url)).status).toBe(410);
    expect((await fetch(`${before}/p/session/bps_none`)).status).toBe(404);
  });
});

// https://docs.stripe.com/customer-management/cancellation-page
describe("canceling", () => {
  test("at the period's end, with reason and comment, and taken back", async () => {
    const subscription = await subscribe();
    const session = await openPortal(subscription);
    const path = `/subscriptions/${subscription.id}`;
    expect(await read(session, `${path}/cancel`)).toContain("too expensive");
    const fields = { action: "cancel", feedback: "too_expensive", comment: "Later" };
    expect((await post(session, `${path}/cancel`, fields)).status).toBe(303);
    expect(await retrieve(subscription)).toMatchObject({
      status: "active",
      cancel_at_period_end: true,
      cancellation_details: { feedback: "too_expensive", comment: "Later", reason: "cancellation_requested" },
    });
    expect(await read(session)).toContain("Your plan ends on");
    await post(session, `${path}/renew`);
    expect(await retrieve(subscription)).toMatchObject({ cancel_at_period_end: false, cancel_at: null });
  });

  test("the flow leads there, offers its coupon, and keeps who takes it", async () => {
    const subscription = await subscribe();
    const coupon = await local.stripe.coupons.create({ percent_off: 20, duration: "once" });
    const session = await openPortal(subscription, {
      flow_data: {
        type: "subscription_cancel",
        subscription_cancel: {
          subscription: subscription.id,
          retention: { type: "coupon_offer", coupon_offer: { coupon: coupon.id } },
        },
        after_completion: { type: "redirect", redirect: { return_url: "http://localhost:3000/stayed" } },
      },
    });
    expect(await read(session)).toContain("Stay and get 20 % off");
    const answer = await post(session, `/subscriptions/${subscription.id}/cancel`, {
      action: "accept_offer",
    });
    expect(answer.headers.get("location")).toBe("http://localhost:3000/stayed");
    const kept = await retrieve(subscription);
    expect([kept.cancel_at, kept.discounts.length]).toEqual([null, 1]);
  });
});

// https://docs.stripe.com/customer-management/configure-portal
describe("changing the plan", () => {
  test("shows what is due today before it is confirmed, and charges exactly that once", async () => {
    const subscription = await subscribe();
    const session = await openPortal(subscription);
    const path = `/subscriptions/${subscription.id}/update`;
    expect(await read(session, path)).toContain("$90.00 every 3 months");
    const page = await read(session, `${path}/confirm?price=${bigger.id}&quantity=2`);
    const due = /Due today<\/dt><dd class="due">\$([\d.]+)/.exec(page)?.[1];
    const fields = { price: bigger.id, quantity: "2" };
    await Promise.all([post(session, `${path}/confirm`, fields), post(session, `${path}/confirm`, fields)]);
    const changed = await retrieve(subscription);
    expect(changed.items.data).toMatchObject([{ price: { id: bigger.id }, quantity: 2 }]);
    const invoice = await local.stripe.invoices.retrieve(String(changed.latest_invoice));
    expect((invoice.amount_paid / 100).toFixed(2)).toBe(due);
    const charges = await local.stripe.charges.list({ customer: String(subscription.customer) });
    expect(charges.data).toHaveLength(2);
  });

  test("a change that ends the trial shows what is charged for it, and charges that", async () => {
    const customer = await createPayingCustomer(local.stripe);
    const subscription = await local.stripe.subscriptions.create({
      customer: customer.id,
      items: [{ price: price.id }],
      trial_period_days: 14,
    });
    const session = await openPortal(subscription);
    const path = `/subscriptions/${subscription.id}/update/confirm`;
    const page = await read(session, `${path}?price=${bigger.id}`);
    expect(page).toContain('Due today</dt><dd class="due">$90.00');
    await post(session, path, { price: bigger.id });
    const changed = await retrieve(subscription);
    expect(changed.status).toBe("active");
    expect(await local.stripe.invoices.retrieve(String(changed.latest_invoice))).toMatchObject({
      amount_paid: 9000,
    });
  });

  test("nothing that is not offered can be chosen", async () => {
    const subscription = await subscribe();
    const session = await openPortal(subscription);
    const other = await createPlan(local.stripe);
    const path = `/subscriptions/${subscription.id}/update/confirm`;
    expect((await post(session, path, { price: other.id })).status).toBe(404);
    expect((await post(session, path, { price: bigger.id, quantity: "6" })).status).toBe(404);
  });

  test("a declined card leaves the plan as it was", async () => {
    const subscription = await subscribe();
    const failing = await local.stripe.paymentMethods.attach("pm_card_chargeCustomerFail", {
      customer: String(subscription.customer),
    });
    await local.stripe.subscriptions.update(subscription.id, { default_payment_method: failing.id });
    const session = await openPortal(subscription);
    const path = `/subscriptions/${subscription.id}/update/confirm`;
    expect((await post(session, path, { price: bigger.id })).status).toBe(402);
    expect((await retrieve(subscription)).items.data).toMatchObject([{ price: { id: price.id } }]);
  });
});

// https://docs.stripe.com/payments/save-and-reuse
describe("payment methods and details", () => {
  test("a new card becomes the default, and the one before can be removed", async () => {
    const subscription = await subscribe();
    const session = await openPortal(subscription, { flow_data: { type: "payment_method_update" } });
    expect(await read(session)).toContain("Add payment method");
    await post(session, "/payment-methods/add", { ...GOOD_CARD, number: "5555555555554444" });
    const customer = await local.stripe.customers.retrieve(String(subscription.customer), {
      expand: ["invoice_settings.default_payment_method"],
    });
    expect(customer).toMatchObject({
      invoice_settings: { default_payment_method: { card: { last4: "4444" } } },
    });
    const { data } = await local.stripe.customers.listPaymentMethods(String(subscription.customer));
    const old = data.find(({ card }) => card?.last4 === "4242")?.id ?? "";
    expect((await post(session, `/payment-methods/${old}/remove`)).status).toBe(303);
    expect((await post(session, `/payment-methods/${old}/remove`)).status).toBe(404);
  });

  test("a card that is declined is told why, and one that must be authenticated goes by its bank", async () => {
    const session = await openPortal(await subscribe());
    const declined = await post(session, "/payment-methods/add", {
      ...GOOD_CARD,
      number: "4000000000000002",
    });
    expect([declined.status, await declined.text()]).toEqual([402, expect.stringContaining("was declined")]);
    const asked = await post(session, "/payment-methods/add", { ...GOOD_CARD, number: "4000000000003220" });
    const back = await fetch(`${local.server.url}${asked.headers.get("location")}`, {
      method: "POST",
      redirect: "manual",
      body: new URLSearchParams({ outcome: "succeeded" }),
    });
    const done = await fetch(String(back.headers.get("location")));
    expect(await done.text()).toContain("Your payment method was added.");
  });

  test("only the details the configuration names are changed", async () => {
    const subscription = await subscribe();
    const session = await openPortal(subscription);
    await post(session, "/billing", {
      name: "Mallory",
      email: "new@example.test",
      country: "DE",
      city: "Bonn",
    });
    expect(await local.stripe.customers.retrieve(String(subscription.customer))).toMatchObject({
      name: "Ada",
      email: "new@example.test",
      address: { country: "DE", city: "Bonn" },
    });
    expect((await post(session, "/billing", { email: "none" })).status).toBe(422);
  });
});
