import type Stripe from "stripe";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createPayingCustomer, createPlan } from "@/local/stripe/testing/catalogue";
import { refusalOf, startTestStripe, type TestStripe } from "@/local/stripe/testing/start-test-stripe";

const HOUR = 60 * 60;
const DAY = 24 * HOUR;

let local: TestStripe;
let basic: Stripe.Price;
let pro: Stripe.Price;
beforeAll(async () => {
  local = await startTestStripe();
  basic = await createPlan(local.stripe, { unit_amount: 1000, recurring: { interval: "month" } });
  pro = await createPlan(local.stripe, { unit_amount: 3000, recurring: { interval: "month" } });
});
afterAll(() => local.server.close());

async function subscribe(
  params: Partial<Stripe.SubscriptionCreateParams> = {},
  method = "pm_card_visa",
): Promise<{ customer: Stripe.Customer; subscription: Stripe.Subscription; item: string }> {
  const customer = await createPayingCustomer(local.stripe, method);
  const subscription = await local.stripe.subscriptions.create({
    customer: customer.id,
    items: [{ price: basic.id }],
    ...params,
  });
  return { customer, subscription, item: subscription.items.data[0]?.id ?? "" };
}

async function useCard(customer: Stripe.Customer, method: string): Promise<void> {
  const attached = await local.stripe.paymentMethods.attach(method, { customer: customer.id });
  await local.stripe.customers.update(customer.id, {
    invoice_settings: { default_payment_method: attached.id },
  });
}

function advance(seconds: number): Promise<unknown> {
  return local.lab("POST", "/clock", { advance_ms: seconds * 1000 });
}

async function eventsSince(customer: Stripe.Customer, count: number): Promise<string[]> {
  return (await eventTypes(customer)).slice(count);
}

async function eventTypes(customer: Stripe.Customer): Promise<string[]> {
  const events = await local.stripe.events.list({ limit: 100 }).autoPagingToArray({ limit: 500 });
  return events
    .filter(({ data }) => JSON.stringify(data.object).includes(customer.id))
    .map(({ type }) => type)
    .reverse();
}

/** The update every test makes: Pro instead of Basic. */
function upgrade(
  item: string,
  params: Partial<Stripe.SubscriptionUpdateParams> = {},
): Stripe.SubscriptionUpdateParams {
  return { items: [{ id: item, price: pro.id }], ...params };
}

async function latestInvoice(subscription: string): Promise<Stripe.Invoice> {
  const { latest_invoice } = await local.stripe.subscriptions.retrieve(subscription, {
    expand: ["latest_invoice"],
  });
  if (latest_invoice === null || typeof latest_invoice === "string") throw new Error("There is no invoice.");
  return latest_invoice;
}

// https://docs.stripe.com/billing/subscriptions/change-price
describe("an upgrade", () => {
  test("changes the price at once and leaves credit and debit to the next invoice", async () => {
    const { customer, subscription, item } = await subscribe();
    await advance(10 * DAY);
    const before = (await eventTypes(customer)).length;
    const updated = await local.stripe.subscriptions.update(subscription.id, upgrade(item));
    expect(updated.items.data).toMatchObject([{ id: item, price: { id: pro.id }, plan: { id: pro.id } }]);
    expect(updated.latest_invoice).toBe(subscription.latest_invoice);
    expect(await eventsSince(customer, before)).toEqual([
      "customer.subscription.updated",
      "invoiceitem.created",
      "invoiceitem.created",
    ]);
    const { data } = await local.stripe.invoiceItems.list({ customer: customer.id, pending: true });
    const [debit, credit] = data;
    expect(credit).toMatchObject({
      proration: true,
      discountable: false,
      proration_details: { credited_items: { type: "invoice_line_items" } },
    });
    // Each is rounded by itself.
    expect(Math.abs((debit?.amount ?? 0) + 3 * (credit?.amount ?? 0))).toBeLessThanOrEqual(2);
    const credited = credit?.proration_details?.credited_items?.invoice_line_item_details;
    expect(credited?.invoice).toBe(subscription.latest_invoice);
  });

  test("with always_invoice is charged at once, for what the preview quoted", async () => {
    const { customer, subscription, item } = await subscribe();
    await advance(10 * DAY);
    const now = Number((await local.lab("GET", "/clock")).json.now);
    const change = upgrade(item, { proration_behavior: "always_invoice", proration_date: now });
    const quoted = await local.stripe.invoices.createPreview({
      subscription: subscription.id,
      subscription_details: {
        items: change.items,
        proration_behavior: "always_invoice",
        proration_date: now,
      },
    });
    expect(quoted).toMatchObject({ status: "draft", billing_reason: "subscription_update" });
    const untouched = await local.stripe.subscriptions.retrieve(subscription.id);
    expect(untouched).toEqual(await local.stripe.subscriptions.retrieve(subscription.id));
    expect(untouched.items.data[0]?.price.id).toBe(basic.id);
    const before = (await eventTypes(customer)).length;
    await local.stripe.subscriptions.update(subscription.id, change);
    const invoice = await latestInvoice(subscription.id);
    expect(invoice).toMatchObject({
      billing_reason: "subscription_update",
      status: "paid",
      amount_paid: quoted.amount_due,
      total: quoted.total,
    });
    expect(invoice.lines.data.map(({ amount }) => amount)).toEqual(
      quoted.lines.data.map(({ amount }) => amount),
    );
    expect(await eventsSince(customer, before)).toEqual([
      "customer.subscription.updated",
      "invoiceitem.created",
      "invoiceitem.created",
      "invoice.created",
      "invoice.finalized",
      "payment_intent.created",
      "charge.succeeded",
      "payment_intent.succeeded",
      "invoice.updated",
      "invoice.paid",
      "invoice.payment_succeeded",
    ]);
  });

  test("whose card is declined leaves the subscription past due with the new price", async () => {
    const { customer, subscription, item } = await subscribe();
    await useCard(customer, "pm_card_chargeCustomerFail");
    await advance(DAY);
    const updated = await local.stripe.subscriptions.update(
      subscription.id,
      upgrade(item, { proration_behavior: "always_invoice" }),
    );
    expect(updated).toMatchObject({ status: "past_due", items: { data: [{ price: { id: pro.id } }] } });
    expect(await latestInvoice(subscription.id)).toMatchObject({ status: "open", attempt_count: 1 });
  });

  // https://docs.stripe.com/api/subscriptions/update#update_subscription-payment_behavior
  test("with error_if_incomplete answers the decline and changes nothing", async () => {
    const { customer, subscription, item } = await subscribe();
    await useCard(customer, "pm_card_chargeCustomerFail");
    await advance(DAY);
    const before = await local.stripe.subscriptions.retrieve(subscription.id);
    const error = await refusalOf(
      local.stripe.subscriptions.update(
        subscription.id,
        upgrade(item, { proration_behavior: "always_invoice", payment_behavior: "error_if_incomplete" }),
      ),
    );
    expect([error.statusCode, error.code]).toEqual([402, "card_declined"]);
    expect(await local.stripe.subscriptions.retrieve(subscription.id)).toEqual(before);
    expect((await local.stripe.invoiceItems.list({ customer: customer.id })).data).toEqual([]);
  });

  test("with default_incomplete waits past due for the client to pay", async () => {
    const { subscription, item } = await subscribe();
    await advance(DAY);
    const updated = await local.stripe.subscriptions.update(
      subscription.id,
      upgrade(item, {
        proration_behavior: "always_invoice",
        payment_behavior: "default_incomplete",
        expand: ["latest_invoice.confirmation_secret"],
      }),
    );
    expect(updated.status).toBe("past_due");
    expect(updated.latest_invoice).toMatchObject({ status: "open", attempted: false });
    await local.stripe.invoices.pay((await latestInvoice(subscription.id)).id);
    expect((await local.stripe.subscriptions.retrieve(subscription.id)).status).toBe("active");
  });
});

// https://docs.stripe.com/billing/subscriptions/pending-updates
describe("an update that waits for its payment", () => {
  const pending = {
    proration_behavior: "always_invoice",
    payment_behavior: "pending_if_incomplete",
  } as const;

  test("is made at once when the card is good", async () => {
    const { customer, subscription, item } = await subscribe();
    await advance(DAY);
    const updated = await local.stripe.subscriptions.update(subscription.id, upgrade(item, pending));
    expect(updated).toMatchObject({
      pending_update: null,
      status: "active",
      items: { data: [{ price: { id: pro.id } }] },
    });
    expect(await eventTypes(customer)).not.toContain("customer.subscription.pending_update_applied");
  });

  test("is made when the invoice is paid after all", async () => {
    const { customer, subscription, item } = await subscribe();
    await useCard(customer, "pm_card_chargeCustomerFail");
    await advance(DAY);
    const waiting = await local.stripe.subscriptions.update(subscription.id, upgrade(item, pending));
    expect(waiting).toMatchObject({
      status: "active",
      items: { data: [{ price: { id: basic.id } }] },
      pending_update: { subscription_items: [{ id: item, price: { id: pro.id } }] },
    });
    const now = Number((await local.lab("GET", "/clock")).json.now);
    expect(waiting.pending_update?.expires_at).toBeGreaterThan(now + 22 * HOUR);
    await useCard(customer, "pm_card_visa");
    const before = (await eventTypes(customer)).length;
    await local.stripe.invoices.pay((await latestInvoice(subscription.id)).id);
    const applied = await local.stripe.subscriptions.retrieve(subscription.id);
    expect(applied).toMatchObject({
      pending_update: null,
      items: { data: [{ id: item, price: { id: pro.id } }] },
    });
    expect(await eventsSince(customer, before)).toEqual(
      expect.arrayContaining([
        "customer.subscription.updated",
        "customer.subscription.pending_update_applied",
      ]),
    );
  });

  test("expires after 23 hours, and its invoice is void", async () => {
    const { customer, subscription, item } = await subscribe();
    await useCard(customer, "pm_card_chargeCustomerFail");
    await advance(DAY);
    await local.stripe.subscriptions.update(subscription.id, upgrade(item, pending));
    const invoice = await latestInvoice(subscription.id);
    await advance(23 * HOUR);
    const after = await local.stripe.subscriptions.retrieve(subscription.id);
    expect(after).toMatchObject({
      status: "active",
      pending_update: null,
      items: { data: [{ price: { id: basic.id } }] },
    });
    expect((await local.stripe.invoices.retrieve(invoice.id)).status).toBe("void");
    expect(await eventTypes(customer)).toContain("customer.subscription.pending_update_expired");
  });

  test("survives other words, and makes room for the next change of the bill", async () => {
    const { customer, subscription, item } = await subscribe();
    await useCard(customer, "pm_card_chargeCustomerFail");
    await advance(DAY);
    await local.stripe.subscriptions.update(subscription.id, upgrade(item, pending));
    const first = await latestInvoice(subscription.id);
    const renamed = await local.stripe.subscriptions.update(subscription.id, { description: "Ours" });
    expect(renamed.pending_update).not.toBeNull();
    const seats = await local.stripe.subscriptions.update(subscription.id, {
      items: [{ id: item, quantity: 2 }],
      proration_behavior: "none",
    });
    expect(seats).toMatchObject({
      pending_update: null,
      items: { data: [{ price: { id: basic.id }, quantity: 2 }] },
    });
    expect((await local.stripe.invoices.retrieve(first.id)).status).toBe("void");
  });

  test("waits on through a change that bills nothing, and is dropped by one that does", async () => {
    const { customer, subscription, item } = await subscribe();
    await useCard(customer, "pm_card_chargeCustomerFail");
    await advance(DAY);
    await local.stripe.subscriptions.update(subscription.id, upgrade(item, pending));
    const invoice = await latestInvoice(subscription.id);
    const renamed = await local.stripe.subscriptions.update(subscription.id, { description: "Ours" });
    expect(renamed.pending_update).not.toBeNull();
    const changed = await local.stripe.subscriptions.update(subscription.id, {
      items: [{ id: item, quantity: 2 }],
    });
    expect(changed.pending_update).toBeNull();
    expect((await local.stripe.invoices.retrieve(invoice.id)).status).toBe("void");
  });

  // https://docs.stripe.com/billing/subscriptions/pending-updates#handling-failed-payments
  test("that needs 3D Secure is made once its holder authenticated", async () => {
    const { customer, subscription, item } = await subscribe();
    await useCard(customer, "pm_card_authenticationRequired");
    await advance(DAY);
    const waiting = await local.stripe.subscriptions.update(subscription.id, upgrade(item, pending));
    expect(waiting.pending_update).not.toBeNull();
    const { data } = await local.stripe.paymentIntents.list({ customer: customer.id, limit: 1 });
    expect(data[0]?.status).toBe("requires_action");
    await local.lab("POST", `/intents/${data[0]?.id}/authenticate`, { outcome: "succeeded" });
    expect(await local.stripe.subscriptions.retrieve(subscription.id)).toMatchObject({
      pending_update: null,
      items: { data: [{ price: { id: pro.id } }] },
    });
  });

  // https://docs.stripe.com/billing/invoices/subscription#void-an-invoice-generated-by-a-subscription
  test("is dropped when its invoice is voided", async () => {
    const { customer, subscription, item } = await subscribe();
    await useCard(customer, "pm_card_chargeCustomerFail");
    await advance(DAY);
    await local.stripe.subscriptions.update(subscription.id, upgrade(item, pending));
    await local.stripe.invoices.voidInvoice((await latestInvoice(subscription.id)).id);
    const after = await local.stripe.subscriptions.retrieve(subscription.id);
    expect(after).toMatchObject({ status: "active", pending_update: null });
  });

  test("takes only what bears on the bill", async () => {
    const { subscription, item } = await subscribe();
    const error = await refusalOf(
      local.stripe.subscriptions.update(subscription.id, upgrade(item, { ...pending, description: "Pro" })),
    );
    expect([error.statusCode, error.param]).toEqual([400, "description"]);
  });
});

describe("items", () => {
  // https://docs.stripe.com/billing/subscriptions/quantities
  test("more seats are prorated, and the item is the same", async () => {
    const { customer, subscription, item } = await subscribe({ items: [{ price: basic.id, quantity: 2 }] });
    await advance(DAY);
    const changed = await local.stripe.subscriptionItems.update(item, { quantity: 5 });
    expect(changed).toMatchObject({ id: item, quantity: 5, subscription: subscription.id });
    const { data } = await local.stripe.invoiceItems.list({ customer: customer.id, pending: true });
    expect(data.map(({ quantity }) => quantity)).toEqual([5, 2]);
    expect(data[1]?.description).toContain("Unused time on 2 × ");
  });

  // https://docs.stripe.com/api/subscription_items
  test("can be added, listed, read and taken away, but not the last one", async () => {
    const { subscription, item } = await subscribe();
    const added = await local.stripe.subscriptionItems.create({
      subscription: subscription.id,
      price: pro.id,
    });
    expect((await local.stripe.subscriptionItems.list({ subscription: subscription.id })).data).toHaveLength(
      2,
    );
    expect(await local.stripe.subscriptionItems.retrieve(added.id)).toEqual(added);
    expect(await local.stripe.subscriptionItems.del(item)).toEqual({
      id: item,
      object: "subscription_item",
      deleted: true,
    });
    const last = await refusalOf(local.stripe.subscriptionItems.del(added.id));
    expect(last.message).toContain("at least one active plan");
    expect((await refusalOf(local.stripe.subscriptionItems.retrieve("si_none"))).statusCode).toBe(404);
  });

  // https://docs.stripe.com/billing/subscriptions/billing-mode/compare#proportional-discount-application-for-prorations
  test("share an amount off when one of them is prorated", async () => {
    const coupon = await local.stripe.coupons.create({
      amount_off: 400,
      currency: "usd",
      duration: "forever",
    });
    const { customer, subscription, item } = await subscribe({
      items: [{ price: basic.id }, { price: pro.id }],
      discounts: [{ coupon: coupon.id }],
    });
    await local.stripe.subscriptions.update(subscription.id, { items: [{ id: item, quantity: 2 }] });
    const [debit, credit] = (await local.stripe.invoiceItems.list({ customer: customer.id, pending: true }))
      .data;
    // Of 400 off 1000 and 3000 the first bore 100; of 400 off 2000 and 3000 it bears 160.
    expect([credit?.amount, debit?.amount].map((amount) => Math.round((amount ?? 0) / 10))).toEqual([
      -90, 184,
    ]);
  });

  test("one price cannot stand on two items", async () => {
    const { subscription } = await subscribe();
    const error = await refusalOf(
      local.stripe.subscriptionItems.create({ subscription: subscription.id, price: basic.id }),
    );
    expect(error.message).toContain("same plan");
  });

  test("a quantity sent twice under one key is changed once", async () => {
    const { customer, item } = await subscribe();
    await advance(DAY);
    const once = () =>
      local.stripe.subscriptionItems.update(item, { quantity: 3 }, { idempotencyKey: `seats-${item}` });
    expect(await once()).toEqual(await once());
    expect(
      (await local.stripe.invoiceItems.list({ customer: customer.id, pending: true })).data,
    ).toHaveLength(2);
  });
});

describe("an end", () => {
  // https://docs.stripe.com/billing/subscriptions/cancel
  test("now with proration credits the rest of the month, and a last invoice gives it to the customer's balance", async () => {
    const { customer, subscription } = await subscribe();
    await advance(10 * DAY);
    await local.stripe.subscriptions.cancel(subscription.id, { prorate: true, invoice_now: true });
    const invoice = await latestInvoice(subscription.id);
    expect(invoice.total).toBeLessThan(-600);
    expect(invoice.status).toBe("paid");
    const { balance } = (await local.stripe.customers.retrieve(customer.id)) as Stripe.Customer;
    expect(balance).toBe(invoice.total);
  });

  test("now without proration drops prorations that were pending", async () => {
    const { customer, subscription, item } = await subscribe();
    await local.stripe.subscriptions.update(subscription.id, upgrade(item));
    await local.stripe.subscriptions.cancel(subscription.id);
    expect((await local.stripe.invoiceItems.list({ customer: customer.id, pending: true })).data).toEqual([]);
  });

  // https://docs.stripe.com/api/subscriptions/update#update_subscription-cancel_at
  test("within a later period bills only the time up to it", async () => {
    const { subscription } = await subscribe();
    const end = subscription.items.data[0]?.current_period_end ?? 0;
    await local.stripe.subscriptions.update(subscription.id, { cancel_at: end + 3 * DAY });
    await local.lab("POST", "/clock", { to: end + 2 * HOUR });
    const invoice = await latestInvoice(subscription.id);
    expect(invoice.total).toBeLessThan(120);
    expect(invoice.total).toBeGreaterThan(90);
    await local.lab("POST", "/clock", { to: end + 3 * DAY });
    expect((await local.stripe.subscriptions.retrieve(subscription.id)).status).toBe("canceled");
  });
});

// https://docs.stripe.com/billing/subscriptions/pause
describe("pausing", () => {
  test("stops the periods and credits what was paid, resuming begins a new one once it is paid", async () => {
    const { customer, subscription } = await subscribe();
    await advance(10 * DAY);
    const paused = await local.stripe.subscriptions.pause(subscription.id);
    expect(paused).toMatchObject({
      status: "paused",
      status_details: { paused: { subscription: { type: "pause_requested" } } },
    });
    const [credit] = (await local.stripe.invoiceItems.list({ customer: customer.id, pending: true })).data;
    expect(credit?.amount).toBeLessThan(-600);
    expect(await eventTypes(customer)).toContain("customer.subscription.paused");
    await advance(60 * DAY);
    expect(await latestInvoice(subscription.id)).toMatchObject({ id: subscription.latest_invoice });
    const resuming = await local.stripe.subscriptions.resume(subscription.id);
    expect(resuming.status).toBe("paused");
    const invoice = await latestInvoice(subscription.id);
    expect(invoice).toMatchObject({ status: "open", attempted: false, total: 1000 + (credit?.amount ?? 0) });
    await local.stripe.invoices.pay(invoice.id);
    const resumed = await local.stripe.subscriptions.retrieve(subscription.id);
    expect(resumed.status).toBe("active");
    expect(resumed.status_details).toBeUndefined();
    expect(await eventTypes(customer)).toContain("customer.subscription.resumed");
  });

  test("a resumption nobody pays for is void after 23 hours and the subscription stays paused", async () => {
    const { subscription } = await subscribe();
    await local.stripe.subscriptions.pause(subscription.id, {
      bill_for: { unused_time_from: { type: "none" } },
    });
    await local.stripe.subscriptions.resume(subscription.id);
    const invoice = await latestInvoice(subscription.id);
    await advance(23 * HOUR);
    expect((await local.stripe.invoices.retrieve(invoice.id)).status).toBe("void");
    expect((await local.stripe.subscriptions.retrieve(subscription.id)).status).toBe("paused");
  });

  test("trialing and ended subscriptions cannot be paused, active ones not resumed", async () => {
    const { subscription } = await subscribe({ trial_period_days: 7 });
    expect((await refusalOf(local.stripe.subscriptions.pause(subscription.id))).statusCode).toBe(400);
    expect((await refusalOf(local.stripe.subscriptions.resume(subscription.id))).statusCode).toBe(400);
  });
});

// https://docs.stripe.com/billing/subscriptions/pause-payment
describe("pausing collection", () => {
  test.each([
    ["keep_as_draft", "draft"],
    ["mark_uncollectible", "uncollectible"],
    ["void", "void"],
  ] as const)("with %s a renewal's invoice is %s and the status stays", async (behavior, status) => {
    const { subscription } = await subscribe();
    await local.stripe.subscriptions.update(subscription.id, { pause_collection: { behavior } });
    const end = subscription.items.data[0]?.current_period_end ?? 0;
    await local.lab("POST", "/clock", { to: end + 2 * HOUR });
    expect((await local.stripe.subscriptions.retrieve(subscription.id)).status).toBe("active");
    expect((await latestInvoice(subscription.id)).status).toBe(status);
  });

  test("spares what a change would charge at once", async () => {
    const { subscription, item } = await subscribe();
    await local.stripe.subscriptions.update(subscription.id, { pause_collection: { behavior: "void" } });
    await advance(DAY);
    await local.stripe.subscriptions.update(
      subscription.id,
      upgrade(item, { proration_behavior: "always_invoice" }),
    );
    expect(await latestInvoice(subscription.id)).toMatchObject({ status: "void", attempted: false });
    expect((await local.stripe.subscriptions.retrieve(subscription.id)).status).toBe("active");
  });

  test("is not told of in advance", async () => {
    const { customer, subscription } = await subscribe();
    await local.stripe.subscriptions.update(subscription.id, {
      pause_collection: { behavior: "keep_as_draft" },
    });
    await local.lab("POST", "/clock", { to: (subscription.items.data[0]?.current_period_end ?? 0) - DAY });
    expect(await eventTypes(customer)).not.toContain("invoice.upcoming");
  });

  test("begins again at the moment that was set", async () => {
    const { subscription } = await subscribe();
    const end = subscription.items.data[0]?.current_period_end ?? 0;
    await local.stripe.subscriptions.update(subscription.id, {
      pause_collection: { behavior: "void", resumes_at: end - DAY },
    });
    await local.lab("POST", "/clock", { to: end + 2 * HOUR });
    expect(await local.stripe.subscriptions.retrieve(subscription.id)).toMatchObject({
      pause_collection: null,
    });
    expect((await latestInvoice(subscription.id)).status).toBe("paid");
  });
});

// https://docs.stripe.com/billing/subscriptions/trials/free-trials
describe("a trial", () => {
  test("ended by hand is billed at once and moves the anchor", async () => {
    const { subscription } = await subscribe({ trial_period_days: 7 });
    await advance(2 * DAY);
    const updated = await local.stripe.subscriptions.update(subscription.id, { trial_end: "now" });
    expect(updated).toMatchObject({ status: "active", trial_end: updated.billing_cycle_anchor });
    expect(await latestInvoice(subscription.id)).toMatchObject({ status: "paid", total: 1000 });
  });

  test("can be made longer, and changes during it cost nothing", async () => {
    const { customer, subscription, item } = await subscribe({ trial_period_days: 7 });
    const later = subscription.created + 20 * DAY;
    const extended = await local.stripe.subscriptions.update(subscription.id, { trial_end: later });
    expect(extended).toMatchObject({ status: "trialing", trial_end: later, billing_cycle_anchor: later });
    await local.stripe.subscriptions.update(subscription.id, upgrade(item));
    expect((await local.stripe.invoiceItems.list({ customer: customer.id, pending: true })).data).toEqual([]);
    await local.lab("POST", "/clock", { to: later + 2 * HOUR });
    expect(await latestInvoice(subscription.id)).toMatchObject({ status: "paid", total: 3000 });
  });
});

test("changing nothing but the words tells only that, and bills nothing", async () => {
  const { customer, subscription } = await subscribe();
  const before = (await eventTypes(customer)).length;
  await local.stripe.subscriptions.update(subscription.id, { description: "Ours", metadata: { a: "1" } });
  expect(await eventsSince(customer, before)).toEqual(["customer.subscription.updated"]);
});
