import type Stripe from "stripe";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createPayingCustomer, createPlan } from "@/local/stripe/testing/catalogue";
import { refusalOf, startTestStripe, type TestStripe } from "@/local/stripe/testing/start-test-stripe";

const DAY = 24 * 60 * 60;

let local: TestStripe;
let price: Stripe.Price;
beforeAll(async () => {
  local = await startTestStripe();
  price = await createPlan(local.stripe);
});
afterAll(() => local.server.close());

function subscribe(customer: Stripe.Customer, params: Partial<Stripe.SubscriptionCreateParams> = {}) {
  return local.stripe.subscriptions.create({
    customer: customer.id,
    items: [{ price: price.id }],
    ...params,
  });
}

async function eventTypes(customer: Stripe.Customer): Promise<string[]> {
  const events = await local.stripe.events.list({ limit: 100 });
  return events.data
    .filter(({ data }) => JSON.stringify(data.object).includes(customer.id))
    .map(({ type }) => type)
    .reverse();
}

describe("creating", () => {
  test("without a trial the first period is paid at once", async () => {
    const customer = await createPayingCustomer(local.stripe);
    const subscription = await subscribe(customer, { metadata: { plan: "pro" }, expand: ["latest_invoice"] });
    expect(subscription).toMatchObject({
      status: "active",
      billing_mode: { type: "flexible" },
      trial_end: null,
      metadata: { plan: "pro" },
      currency: "usd",
      pending_setup_intent: null,
    });
    const [item] = subscription.items.data;
    expect(item).toMatchObject({
      quantity: 1,
      price: { id: price.id },
      current_period_start: subscription.created,
    });
    expect(item?.current_period_end).toBeGreaterThan(subscription.created + 88 * DAY);
    expect(subscription.latest_invoice).toMatchObject({
      status: "paid",
      billing_reason: "subscription_create",
      amount_paid: 5400,
      amount_remaining: 0,
      parent: { subscription_details: { subscription: subscription.id } },
    });
    expect(await eventTypes(customer)).toEqual([
      "customer.created",
      "payment_method.attached",
      "customer.updated",
      "customer.updated",
      "customer.subscription.created",
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

  test("a trial's first invoice is over nothing, paid, and its period is the trial", async () => {
    const customer = await createPayingCustomer(local.stripe);
    const subscription = await subscribe(customer, { trial_period_days: 7, expand: ["latest_invoice"] });
    const trialEnd = subscription.created + 7 * DAY;
    expect(subscription).toMatchObject({
      status: "trialing",
      trial_start: subscription.created,
      trial_end: trialEnd,
    });
    expect(subscription.billing_cycle_anchor).toBe(trialEnd);
    expect(subscription.items.data[0]).toMatchObject({ current_period_end: trialEnd });
    expect(subscription.latest_invoice).toMatchObject({
      status: "paid",
      total: 0,
      lines: {
        data: [{ amount: 0, description: "Free trial for 1 × Community Pro", period: { end: trialEnd } }],
      },
    });
    expect(await eventTypes(customer)).not.toContain("payment_intent.created");
  });

  test("a trial without any card offers a setup intent to collect one", async () => {
    const customer = await local.stripe.customers.create({});
    const subscription = await subscribe(customer, {
      trial_period_days: 7,
      expand: ["pending_setup_intent"],
    });
    expect(subscription.pending_setup_intent).toMatchObject({ status: "requires_payment_method" });
  });

  test("without a card and without a trial it is refused, and nothing remains", async () => {
    const customer = await local.stripe.customers.create({});
    const error = await refusalOf(subscribe(customer));
    expect([error.statusCode, error.code]).toEqual([400, "resource_missing"]);
    expect(error.message).toContain("no attached payment source or default payment method");
    expect((await local.stripe.subscriptions.list({ customer: customer.id, status: "all" })).data).toEqual(
      [],
    );
  });

  test("default_incomplete leaves an open invoice with the secret to pay it", async () => {
    const customer = await local.stripe.customers.create({});
    const subscription = await subscribe(customer, {
      payment_behavior: "default_incomplete",
      expand: ["latest_invoice.confirmation_secret"],
    });
    expect(subscription.status).toBe("incomplete");
    expect(subscription.latest_invoice).toMatchObject({
      status: "open",
      amount_remaining: 5400,
      confirmation_secret: {
        client_secret: expect.stringMatching(/^pi_\w+_secret_\w+$/),
        type: "payment_intent",
      },
    });
  });

  test("allow_incomplete keeps a subscription whose first payment is declined", async () => {
    const customer = await createPayingCustomer(local.stripe, "pm_card_chargeCustomerFail");
    const subscription = await subscribe(customer, { expand: ["latest_invoice.payments"] });
    expect(subscription.status).toBe("incomplete");
    expect(subscription.latest_invoice).toMatchObject({ status: "open", attempt_count: 1, attempted: true });
    const [charge] = (
      await local.stripe.charges.list({ customer: customer.id, expand: ["data.payment_intent"] })
    ).data;
    expect(charge).toMatchObject({ status: "failed", failure_code: "card_declined", paid: false });
    expect(charge?.payment_intent).toMatchObject({
      status: "requires_payment_method",
      last_payment_error: { decline_code: "generic_decline" },
    });
    expect(await eventTypes(customer)).toEqual(
      expect.arrayContaining(["charge.failed", "payment_intent.payment_failed", "invoice.payment_failed"]),
    );
  });

  test("error_if_incomplete answers the decline and creates nothing", async () => {
    const customer = await createPayingCustomer(local.stripe, "pm_card_chargeCustomerFail");
    const error = await refusalOf(subscribe(customer, { payment_behavior: "error_if_incomplete" }));
    expect([error.statusCode, error.code, error.decline_code]).toEqual([
      402,
      "card_declined",
      "generic_decline",
    ]);
    expect((await local.stripe.subscriptions.list({ customer: customer.id, status: "all" })).data).toEqual(
      [],
    );
    expect((await local.stripe.charges.list({ customer: customer.id })).data).toEqual([]);
  });

  test("an inactive, a one-time and a foreign-currency price are refused by name", async () => {
    const customer = await createPayingCustomer(local.stripe);
    await subscribe(customer);
    const refused = async (params: Partial<Stripe.PriceCreateParams>) => {
      const bad = await createPlan(local.stripe, params);
      return refusalOf(subscribe(customer, { items: [{ price: bad.id }] }));
    };
    const inactive = await refused({ active: false });
    expect([inactive.param, inactive.message]).toEqual([
      "items[0][price]",
      expect.stringContaining("inactive"),
    ]);
    expect((await refused({ recurring: undefined })).message).toContain("`type=one_time`");
    expect((await refused({ currency: "eur" })).message).toContain("You cannot combine currencies");
  });

  // https://docs.stripe.com/billing/subscriptions/billing-mode
  test("classic billing is refused by name", async () => {
    const customer = await createPayingCustomer(local.stripe);
    const classic = await refusalOf(subscribe(customer, { billing_mode: { type: "classic" } }));
    expect([classic.code, classic.param]).toEqual(["not_simulated", "billing_mode[type]"]);
  });

  test.each<[string, Partial<Stripe.SubscriptionCreateParams>]>([
    ["billing_thresholds", { billing_thresholds: { amount_gte: 1000 } }],
    ["pending_invoice_item_interval", { pending_invoice_item_interval: { interval: "week" } }],
    [
      "billing_mode[flexible][proration_discounts]",
      { billing_mode: { type: "flexible", flexible: { proration_discounts: "itemized" } } },
    ],
    [
      "trial_settings[end_behavior][billing_cycle_anchor]",
      {
        trial_settings: {
          end_behavior: { billing_cycle_anchor: "unchanged", missing_payment_method: "pause" },
        },
      },
    ],
  ])("%s is refused by name", async (param, params) => {
    const error = await refusalOf(subscribe(await createPayingCustomer(local.stripe), params));
    expect([error.code, error.param]).toEqual(["not_simulated", param]);
  });

  // https://docs.stripe.com/api/subscriptions/migrate
  test("moving to flexible billing is refused: every subscription is there already", async () => {
    const { id } = await subscribe(await createPayingCustomer(local.stripe));
    const error = await refusalOf(
      local.stripe.subscriptions.migrate(id, { billing_mode: { type: "flexible" } }),
    );
    expect([error.statusCode, error.code]).toEqual([400, "not_simulated"]);
  });

  // https://docs.stripe.com/billing/subscriptions/mixed-interval#interval-alignment
  describe("intervals together", () => {
    const day = (interval_count = 1) => ({ interval: "day" as const, interval_count });
    const week = (interval_count = 1) => ({ interval: "week" as const, interval_count });
    const month = (interval_count = 1) => ({ interval: "month" as const, interval_count });
    const year = (interval_count = 1) => ({ interval: "year" as const, interval_count });
    const subscribeTo = async (recurring: Stripe.PriceCreateParams.Recurring[]) => {
      const plans = [];
      for (const each of recurring) plans.push(await createPlan(local.stripe, { recurring: each }));
      const customer = await createPayingCustomer(local.stripe);
      return subscribe(customer, { items: plans.map(({ id }) => ({ price: id })) });
    };

    test.each([
      [[month(), month(3)]],
      [[month(), year()]],
      [[day(), week()]],
      [[day(), month(3)]],
      [[day(), year(2)]],
      [[week(2), week(4)]],
      [[month(2), month(4), month(6)]],
      [[week(), day(7)]],
      [[month(12), year()]],
    ])("are taken where all are multiples of the shortest: %j", async (recurring) => {
      expect((await subscribeTo(recurring)).items.data).toHaveLength(recurring.length);
    });

    test.each([
      [[month(2), month(3)]],
      [[month(4), month(6)]],
      [[week(), month()]],
      [[day(2), week()]],
      [[month(5), year()]],
    ])("are refused where they are not: %j", async (recurring) => {
      expect((await refusalOf(subscribeTo(recurring))).param).toBe("items[1][price]");
    });
  });

  // https://docs.stripe.com/billing/taxes/tax-rates
  test("an archived tax rate is refused, and stays where it is already", async () => {
    const rate = await local.stripe.taxRates.create({
      display_name: "VAT",
      percentage: 10,
      inclusive: false,
    });
    const customer = await createPayingCustomer(local.stripe);
    const taxed = await subscribe(customer, { default_tax_rates: [rate.id] });
    await local.stripe.taxRates.update(rate.id, { active: false });
    const error = await refusalOf(subscribe(customer, { default_tax_rates: [rate.id] }));
    expect(error.param).toBe("default_tax_rates[0]");
    const preview = await local.stripe.invoices.createPreview({ subscription: taxed.id });
    expect(preview.total).toBe(5940);
  });

  // https://docs.stripe.com/billing/subscriptions/backdating
  test("a start in the past goes with no trial, no configured anchor, no repeating coupon and no 251 lines", async () => {
    const customer = await createPayingCustomer(local.stripe);
    const now = Number((await local.lab("GET", "/clock")).json.now);
    const daily = await createPlan(local.stripe, { recurring: { interval: "day" } });
    const coupon = await local.stripe.coupons.create({
      percent_off: 10,
      duration: "repeating",
      duration_in_months: 2,
    });
    const back = { backdate_start_date: now - 40 * DAY };
    const refused = async (params: Partial<Stripe.SubscriptionCreateParams>) => {
      const { code, param } = await refusalOf(subscribe(customer, { ...back, ...params }));
      return [code, param];
    };
    expect(await refused({ trial_period_days: 3 })).toEqual(["not_simulated", "backdate_start_date"]);
    expect(await refused({ discounts: [{ coupon: coupon.id }] })).toEqual(["not_simulated", "discounts"]);
    expect(await refused({ backdate_start_date: now + DAY })).toEqual([undefined, "backdate_start_date"]);
    expect(await refused({ billing_cycle_anchor_config: { day_of_month: 1 } })).toEqual([
      undefined,
      "backdate_start_date",
    ]);
    const many = { items: [{ price: daily.id }], backdate_start_date: now - 260 * DAY };
    expect(await refused(many)).toEqual([undefined, "backdate_start_date"]);
  });

  // https://docs.stripe.com/api/subscriptions/create#create_subscription-items-price_data
  test("a price made in passing belongs to the subscription alone", async () => {
    const customer = await createPayingCustomer(local.stripe);
    const price_data = {
      currency: "usd",
      product: String(price.product),
      recurring: { interval: "week" as const },
      unit_amount: 700,
    };
    const subscription = await subscribe(customer, {
      items: [{ price_data, quantity: 3 }],
      expand: ["latest_invoice"],
    });
    expect(subscription.items.data[0]).toMatchObject({
      quantity: 3,
      price: { active: false, unit_amount: 700 },
    });
    expect(subscription.latest_invoice).toMatchObject({ total: 2100 });
    const inline = subscription.items.data[0]?.price.id ?? "";
    expect((await refusalOf(subscribe(customer, { items: [{ price: inline }] }))).message).toContain(
      "inactive",
    );
  });

  // https://docs.stripe.com/api/subscriptions/create#create_subscription-add_invoice_items
  test("one-time charges come with the first invoice", async () => {
    const customer = await createPayingCustomer(local.stripe);
    const setup = await createPlan(local.stripe, { recurring: undefined, unit_amount: 900 });
    const subscription = await subscribe(customer, {
      add_invoice_items: [{ price: setup.id, quantity: 2 }],
      expand: ["latest_invoice"],
    });
    expect(subscription.latest_invoice).toMatchObject({ total: 7200, status: "paid" });
  });

  // https://docs.stripe.com/billing/collection-method
  test("an invoice that is sent waits for its money: the subscription is active at once", async () => {
    const customer = await local.stripe.customers.create({ email: "ada@example.test" });
    const subscription = await subscribe(customer, {
      collection_method: "send_invoice",
      days_until_due: 14,
      expand: ["latest_invoice"],
    });
    expect(subscription).toMatchObject({ status: "active", days_until_due: 14 });
    expect(subscription.latest_invoice).toMatchObject({
      status: "draft",
      collection_method: "send_invoice",
      due_date: subscription.created + 14 * DAY,
    });
  });
});

describe("updating", () => {
  test("an end at the period's end is announced and can be taken back", async () => {
    const subscription = await subscribe(await createPayingCustomer(local.stripe));
    const announced = await local.stripe.subscriptions.update(subscription.id, {
      cancel_at_period_end: true,
    });
    expect(announced).toMatchObject({
      status: "active",
      cancel_at_period_end: true,
      cancel_at: subscription.items.data[0]?.current_period_end,
      cancellation_details: { reason: "cancellation_requested" },
    });
    expect(announced.canceled_at).not.toBeNull();
    const back = await local.stripe.subscriptions.update(subscription.id, { cancel_at_period_end: false });
    expect(back).toMatchObject({ cancel_at_period_end: false, cancel_at: null, canceled_at: null });
  });

  test("the period's end can be named as the moment to cancel at", async () => {
    const subscription = await subscribe(await createPayingCustomer(local.stripe));
    const announced = await local.stripe.subscriptions.update(subscription.id, {
      cancel_at: "min_period_end",
    });
    expect(announced.cancel_at).toBe(subscription.items.data[0]?.current_period_end);
    const back = await local.stripe.subscriptions.update(subscription.id, { cancel_at: "" });
    expect(back).toMatchObject({ cancel_at: null, canceled_at: null });
  });

  test("the event tells exactly what changed, with the old values", async () => {
    const subscription = await subscribe(await createPayingCustomer(local.stripe), {
      metadata: { a: "1", keep: "x" },
    });
    await local.stripe.subscriptions.update(subscription.id, { metadata: { a: "2", b: "3" } });
    const [event] = (await local.stripe.events.list({ type: "customer.subscription.updated", limit: 1 }))
      .data;
    expect(event?.data.previous_attributes).toEqual({ metadata: { a: "1", b: null } });
  });

  test("an update that changes nothing tells nothing", async () => {
    const subscription = await subscribe(await createPayingCustomer(local.stripe), { metadata: { a: "1" } });
    const count = async () => (await local.stripe.events.list({ limit: 100 })).data.length;
    const before = await count();
    await local.stripe.subscriptions.update(subscription.id, { metadata: { a: "1" } });
    expect(await count()).toBe(before);
  });

  test("the default payment method must be the customer's", async () => {
    const customer = await createPayingCustomer(local.stripe);
    const subscription = await subscribe(customer);
    const own = await local.stripe.paymentMethods.attach("pm_card_mastercard", { customer: customer.id });
    const updated = await local.stripe.subscriptions.update(subscription.id, {
      default_payment_method: own.id,
    });
    expect(updated.default_payment_method).toBe(own.id);
    const foreign = await createPayingCustomer(local.stripe);
    const method = String(foreign.invoice_settings.default_payment_method);
    const error = await refusalOf(
      local.stripe.subscriptions.update(subscription.id, { default_payment_method: method }),
    );
    expect(error.param).toBe("default_payment_method");
  });
});

describe("canceling", () => {
  test("it ends at once, keeps the reason, and cannot be canceled again", async () => {
    const customer = await createPayingCustomer(local.stripe);
    const subscription = await subscribe(customer);
    const canceled = await local.stripe.subscriptions.cancel(subscription.id, {
      cancellation_details: { comment: "Too dear", feedback: "too_expensive" },
    });
    expect(canceled).toMatchObject({
      status: "canceled",
      cancellation_details: {
        comment: "Too dear",
        feedback: "too_expensive",
        reason: "cancellation_requested",
      },
    });
    expect(canceled.ended_at).toBe(canceled.canceled_at);
    expect((await eventTypes(customer)).at(-1)).toBe("customer.subscription.deleted");
    expect((await refusalOf(local.stripe.subscriptions.cancel(subscription.id))).statusCode).toBe(404);
    const update = refusalOf(
      local.stripe.subscriptions.update(subscription.id, { cancel_at_period_end: true }),
    );
    expect((await update).statusCode).toBe(400);
  });
});

test("lists leave canceled ones out unless asked, and filter by price and status", async () => {
  const customer = await createPayingCustomer(local.stripe);
  const live = await subscribe(customer);
  const ended = await subscribe(customer, { trial_period_days: 3 });
  await local.stripe.subscriptions.cancel(ended.id);
  const ids = async (params: Stripe.SubscriptionListParams) =>
    (await local.stripe.subscriptions.list({ customer: customer.id, ...params })).data.map(({ id }) => id);
  expect(await ids({})).toEqual([live.id]);
  expect(await ids({ status: "all" })).toEqual([ended.id, live.id]);
  expect(await ids({ status: "canceled" })).toEqual([ended.id]);
  expect(await ids({ status: "trialing" })).toEqual([]);
  expect(await ids({ price: price.id })).toEqual([live.id]);
  expect(await ids({ price: "price_other" })).toEqual([]);
  const unknown = await refusalOf(local.stripe.subscriptions.list({ customer: "cus_nobody" }));
  expect([unknown.statusCode, unknown.code, unknown.param]).toEqual([400, "resource_missing", "customer"]);
});
