import type Stripe from "stripe";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createPlan, openCheckout } from "@/local/stripe/testing/catalogue";
import { GOOD_CARD, postCheckout } from "@/local/stripe/testing/pay";
import { startTestStripe, type TestStripe } from "@/local/stripe/testing/start-test-stripe";

let local: TestStripe;
let price: Stripe.Price;
beforeAll(async () => {
  local = await startTestStripe();
  price = await createPlan(local.stripe);
});
afterAll(() => local.server.close());

const ADDRESS = { country: "DE", line1: "Unter den Linden 1", postal_code: "10117", city: "Berlin" };

function post(session: Stripe.Checkout.Session, fields: Record<string, string>): Promise<Response> {
  const body = new URLSearchParams({ ...GOOD_CARD, ...fields });
  return fetch(String(session.url), { method: "POST", redirect: "manual", body });
}

function retrieve(session: Stripe.Checkout.Session, expand: string[] = []): Promise<Stripe.Checkout.Session> {
  return local.stripe.checkout.sessions.retrieve(session.id, { expand });
}

async function readPage(session: Stripe.Checkout.Session): Promise<string> {
  return (await fetch(String(session.url))).text();
}

async function newestEvents(limit: number): Promise<string[]> {
  return (await local.stripe.events.list({ limit })).data.map(({ type }) => type).reverse();
}

function answerBank(location: string | null, outcome: "succeeded" | "failed"): Promise<Response> {
  const body = new URLSearchParams({ outcome });
  return fetch(`${local.server.url}${location}`, { method: "POST", redirect: "manual", body });
}

// https://docs.stripe.com/payments/checkout/discounts
describe("discounts", () => {
  test("a code is taken, shown, taken off again, and charged as shown", async () => {
    const coupon = await local.stripe.coupons.create({ percent_off: 25, duration: "once" });
    await local.stripe.promotionCodes.create({
      promotion: { type: "coupon", coupon: coupon.id },
      code: "QUARTER",
    });
    const session = await openCheckout(local.stripe, price, { allow_promotion_codes: true });
    const wrong = await post(session, { action: "apply_code", promotion_code: "NOPE" });
    expect([wrong.status, await wrong.text()]).toEqual([
      422,
      expect.stringContaining("This code is invalid."),
    ]);
    const taken = await (await post(session, { action: "apply_code", promotion_code: "quarter" })).text();
    expect(taken).toContain("Subscribe and pay $40.50");
    expect(taken).toContain("-$13.50");
    expect(await (await post(session, { action: "remove_code" })).text()).toContain(
      "Subscribe and pay $54.00",
    );
    await post(session, { action: "apply_code", promotion_code: "QUARTER" });
    await postCheckout(session);
    const paid = await retrieve(session, ["invoice"]);
    expect(paid).toMatchObject({
      amount_subtotal: 5400,
      amount_total: 4050,
      total_details: { amount_discount: 1350, amount_tax: 0 },
      invoice: { amount_paid: 4050 },
    });
    expect((await local.stripe.coupons.retrieve(coupon.id)).times_redeemed).toBe(1);
  });

  test("a discount of the session's own is there from the start", async () => {
    const coupon = await local.stripe.coupons.create({ amount_off: 400, currency: "usd", duration: "once" });
    const session = await openCheckout(local.stripe, price, { discounts: [{ coupon: coupon.id }] });
    expect(session).toMatchObject({
      amount_total: 5000,
      discounts: [{ coupon: coupon.id, promotion_code: null }],
    });
  });
});

// https://docs.stripe.com/tax/checkout
describe("tax", () => {
  test("automatic tax follows from the address, and nobody pays a total that was not shown", async () => {
    await local.stripe.tax.settings.update({
      defaults: { tax_behavior: "exclusive" },
      head_office: { address: { country: "DE", line1: "Weg 1", postal_code: "10115" } },
    });
    const session = await openCheckout(local.stripe, price, { automatic_tax: { enabled: true } });
    expect(session.automatic_tax.status).toBe("requires_location_inputs");
    const first = await post(session, { ...ADDRESS, shown_total: "$54.00" });
    expect(first.status).toBe(409);
    const total = /name="shown_total" value="([^"]+)"/.exec(await first.text())?.[1] ?? "";
    expect((await post(session, { ...ADDRESS, shown_total: total })).status).toBe(303);
    const paid = await retrieve(session, ["invoice", "customer"]);
    const invoice = paid.invoice as Stripe.Invoice; // expanded
    expect(paid.total_details?.amount_tax).toBeGreaterThan(0);
    expect(paid.amount_total).toBe(invoice.amount_paid);
    expect(paid.automatic_tax.status).toBe("complete");
    expect(paid.customer).toMatchObject({ address: { country: "DE", city: "Berlin" } });
  });

  test("the tax rates of a line are charged on it", async () => {
    const rate = await local.stripe.taxRates.create({
      display_name: "VAT",
      percentage: 10,
      inclusive: false,
    });
    const session = await openCheckout(local.stripe, price, {
      line_items: [{ price: price.id, quantity: 1, tax_rates: [rate.id] }],
    });
    expect(session).toMatchObject({ amount_subtotal: 5400, amount_total: 5940 });
    await postCheckout(session);
    expect(await retrieve(session, ["invoice"])).toMatchObject({ invoice: { amount_paid: 5940 } });
  });
});

// https://docs.stripe.com/api/checkout/sessions/create#create_checkout_session-line_items
describe("lines", () => {
  test("one-time prices stand on the first invoice of the subscription", async () => {
    const fee = await createPlan(local.stripe, { unit_amount: 1000, recurring: undefined });
    const session = await openCheckout(local.stripe, price, {
      line_items: [
        { price: price.id, quantity: 2 },
        { price: fee.id, quantity: 1 },
      ],
    });
    expect(session.amount_total).toBe(11_800);
    expect((await postCheckout(session)).status).toBe(303);
    const paid = await retrieve(session, ["invoice", "subscription", "line_items"]);
    expect(paid).toMatchObject({ invoice: { amount_paid: 11_800 }, subscription: { status: "active" } });
    expect(paid.line_items?.data.map(({ amount_total }) => amount_total)).toEqual([10_800, 1000]);
    const subscription = paid.subscription as Stripe.Subscription; // expanded
    expect(subscription.items.data).toHaveLength(1);
  });

  test("a quantity can be set on the page within its limits", async () => {
    const session = await openCheckout(local.stripe, price, {
      line_items: [
        { price: price.id, quantity: 1, adjustable_quantity: { enabled: true, minimum: 1, maximum: 5 } },
      ],
    });
    const id = /id="quantity_(li_\w+)"/.exec(await readPage(session))?.[1] ?? "";
    expect((await post(session, { action: "update", [`quantity_${id}`]: "6" })).status).toBe(422);
    const page = await (await post(session, { action: "update", [`quantity_${id}`]: "3" })).text();
    expect(page).toContain("Subscribe and pay $162.00");
    await post(session, { [`quantity_${id}`]: "3" });
    expect(await retrieve(session, ["subscription"])).toMatchObject({
      amount_total: 16_200,
      subscription: { items: { data: [{ quantity: 3 }] } },
    });
  });
});

// https://docs.stripe.com/payments/3d-secure/authentication-flow
describe("3D Secure", () => {
  test("a subscription waits for the bank's page, comes back and is active", async () => {
    const session = await openCheckout(local.stripe, price);
    const answer = await post(session, { number: "4000000000003220" });
    expect(answer.headers.get("location")).toMatch(/^\/3ds\/pi_/);
    expect((await retrieve(session)).status).toBe("open");
    const back = await answerBank(answer.headers.get("location"), "succeeded");
    expect(back.headers.get("location")).toContain(`/c/pay/${session.id}`);
    const done = await fetch(String(back.headers.get("location")), { redirect: "manual" });
    expect(done.status).toBe(303);
    expect(await retrieve(session, ["subscription"])).toMatchObject({
      status: "complete",
      payment_status: "paid",
      subscription: { status: "active" },
    });
  });

  test("a failed challenge leaves the session open, and another card pays once", async () => {
    const customer = await local.stripe.customers.create({ email: "challenged@example.test" });
    const session = await openCheckout(local.stripe, price, { customer: customer.id });
    const answer = await post(session, { number: "4000000000003220" });
    const back = await answerBank(answer.headers.get("location"), "failed");
    const page = await fetch(String(back.headers.get("location")));
    expect([page.status, await page.text()]).toEqual([402, expect.stringContaining('role="alert"')]);
    expect((await postCheckout(session)).status).toBe(303);
    const all = await local.stripe.subscriptions.list({ customer: customer.id, status: "all" });
    expect(all.data.map(({ status }) => status).sort()).toEqual(["active", "incomplete_expired"]);
    const charges = await local.stripe.charges.list({ customer: customer.id });
    expect(charges.data.filter(({ paid }) => paid)).toHaveLength(1);
  });

  test("an abandoned challenge leaves the session open; expiring it ends what was begun", async () => {
    const customer = await local.stripe.customers.create({ email: "left@example.test" });
    const session = await openCheckout(local.stripe, price, { customer: customer.id });
    await post(session, { number: "4000000000003220" });
    expect(await readPage(session)).toContain("waits for your bank");
    await local.stripe.checkout.sessions.expire(session.id);
    const all = await local.stripe.subscriptions.list({ customer: customer.id, status: "all" });
    expect(all.data).toMatchObject([{ status: "incomplete_expired" }]);
  });

  test.each([
    ["payment", {}],
    ["setup", { line_items: undefined, currency: "usd" }],
  ] as const)("%s mode goes through the bank's page too", async (mode, params) => {
    const fee = await createPlan(local.stripe, { unit_amount: 1000, recurring: undefined });
    const session = await openCheckout(local.stripe, fee, { mode, ...params });
    const answer = await post(session, { number: "4000000000003220" });
    const back = await answerBank(answer.headers.get("location"), "succeeded");
    await fetch(String(back.headers.get("location")), { redirect: "manual" });
    expect((await retrieve(session)).status).toBe("complete");
  });
});

// https://docs.stripe.com/payments/paymentintents/lifecycle
test("a declined card leaves its intent with the failed charge, and the next attempt uses that intent", async () => {
  const fee = await createPlan(local.stripe, { unit_amount: 1000, recurring: undefined });
  const session = await openCheckout(local.stripe, fee, { mode: "payment" });
  expect((await post(session, { number: "4000000000009995" })).status).toBe(402);
  expect(await newestEvents(3)).toEqual([
    "payment_intent.created",
    "charge.failed",
    "payment_intent.payment_failed",
  ]);
  const failed = await retrieve(session, ["payment_intent"]);
  expect(failed).toMatchObject({ status: "open", payment_intent: { status: "requires_payment_method" } });
  await postCheckout(session);
  const paid = await retrieve(session, ["payment_intent"]);
  const [before, after] = [failed.payment_intent, paid.payment_intent] as Stripe.PaymentIntent[]; // expanded
  expect(after).toMatchObject({ id: before?.id, status: "succeeded" });
});

// https://docs.stripe.com/payments/checkout/receipts#paid-invoices
test("a one-time payment gets its invoice when it asks for one", async () => {
  const fee = await createPlan(local.stripe, { unit_amount: 1000, recurring: undefined });
  const session = await openCheckout(local.stripe, fee, {
    mode: "payment",
    invoice_creation: { enabled: true, invoice_data: { description: "Thanks" } },
  });
  await postCheckout(session);
  expect(await retrieve(session, ["invoice"])).toMatchObject({
    payment_status: "paid",
    invoice: { status: "paid", amount_paid: 1000, description: "Thanks" },
  });
});

// https://docs.stripe.com/payments/checkout/custom-fields and https://docs.stripe.com/tax/checkout/tax-ids
test("what is collected is asked for, checked, and told in the session", async () => {
  const session = await openCheckout(local.stripe, price, {
    billing_address_collection: "required",
    consent_collection: { terms_of_service: "required" },
    custom_fields: [
      { key: "team", label: { type: "custom", custom: "Team" }, type: "text" },
      { key: "seats", label: { type: "custom", custom: "Seats" }, type: "numeric", optional: true },
    ],
    phone_number_collection: { enabled: true },
    tax_id_collection: { enabled: true },
  });
  const refused = await (await post(session, {})).text();
  for (const field of ["phone", "custom_team", "line1", "country", "terms"]) {
    expect(refused).toContain(`id="${field}-error"`);
  }
  const answer = await post(session, {
    ...ADDRESS,
    phone: "+49 30 123456",
    custom_team: "Blue",
    terms: "accepted",
    tax_id_type: "eu_vat",
    tax_id_value: "DE123456789",
    business_name: "Blue GmbH",
  });
  expect(answer.status).toBe(303);
  expect(await retrieve(session)).toMatchObject({
    collected_information: { business_name: "Blue GmbH" },
    consent: { terms_of_service: "accepted" },
    custom_fields: [
      { key: "team", text: { value: "Blue" } },
      { key: "seats", numeric: { value: null } },
    ],
    customer_details: {
      address: { country: "DE" },
      name: "Blue GmbH",
      phone: "+49 30 123456",
      tax_ids: [{ type: "eu_vat", value: "DE123456789" }],
    },
  });
});

// https://docs.stripe.com/payments/existing-customers?platform=web&ui=stripe-hosted#prefill-payment-fields
test("a card the customer chose to keep pays with one press, and nobody else's does", async () => {
  const customer = await local.stripe.customers.create({ email: "kept@example.test" });
  const options: Partial<Stripe.Checkout.SessionCreateParams> = {
    customer: customer.id,
    saved_payment_method_options: { payment_method_save: "enabled" },
  };
  await post(await openCheckout(local.stripe, price, options), { save_card: "yes" });
  const again = await openCheckout(local.stripe, price, options);
  const saved = /name="saved" value="(pm_\w+)"/.exec(await readPage(again))?.[1] ?? "";
  expect((await post(again, { saved: "pm_other", number: "" })).status).toBe(422);
  expect((await post(again, { saved, number: "", name: "" })).status).toBe(303);
  expect(await retrieve(again, ["subscription"])).toMatchObject({
    subscription: { default_payment_method: saved },
  });
});

// https://docs.stripe.com/payments/checkout/abandoned-carts
test("an expired session with recovery opens as a copy of itself", async () => {
  const session = await openCheckout(local.stripe, price, {
    after_expiration: { recovery: { enabled: true, allow_promotion_codes: true } },
  });
  const expired = await local.stripe.checkout.sessions.expire(session.id);
  const link = expired.after_expiration?.recovery?.url ?? "";
  const answer = await fetch(link, { redirect: "manual" });
  const copy = /(cs_test_\w+)$/.exec(answer.headers.get("location") ?? "")?.[1] ?? "";
  expect(await local.stripe.checkout.sessions.retrieve(copy)).toMatchObject({
    status: "open",
    recovered_from: session.id,
    allow_promotion_codes: true,
    amount_total: 5400,
  });
});
