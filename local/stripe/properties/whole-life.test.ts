import Stripe from "stripe";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { idOf } from "@/local/stripe/references";
import { refusalOf, startTestStripe, type TestStripe } from "@/local/stripe/testing/start-test-stripe";
import { startWebhookReceiver, type WebhookReceiver } from "@/local/stripe/testing/start-webhook-receiver";

/**
 * A year of a SaaS and its first customer, lived through the unmodified SDK. The steps build on each other: when one
 * fails, look at the first. Each asserts what Stripe's documentation promises of it.
 */
const HOUR = 60 * 60;
const DAY = 24 * HOUR;
const BEGINNING = Date.parse("2027-01-01T09:00:00Z") / 1000;
const ALL = { limit: 100 };

let local: TestStripe;
let receiver: WebhookReceiver;
let stripe: Stripe;
beforeAll(async () => {
  receiver = await startWebhookReceiver();
  local = await startTestStripe();
  stripe = local.stripe;
  await local.lab("POST", "/clock", { start_at: BEGINNING });
});
afterAll(async () => {
  await local.server.close();
  await receiver.close();
});

/** What was made so far, by what it is called in the steps. */
const made = new Map<string, string>();

function the(name: string): string {
  const id = made.get(name);
  if (id === undefined) throw new Error(`There is no ${name}: an earlier step failed.`);
  return id;
}

let number = 0;
function step(sentence: string, run: () => Promise<void>): void {
  number += 1;
  test(`${number}. ${sentence}`, run);
}

async function now(): Promise<number> {
  return Number((await local.lab("GET", "/clock")).json.now);
}

async function jumpTo(moment: number): Promise<void> {
  const { status } = await local.lab("POST", "/clock", { to: moment });
  expect(status).toBe(200);
}

async function wait(seconds: number): Promise<void> {
  await jumpTo((await now()) + seconds);
}

function subscription(): Promise<Stripe.Subscription> {
  return stripe.subscriptions.retrieve(the("subscription"));
}

async function periodEnd(): Promise<number> {
  const { items } = await subscription();
  return Math.min(...items.data.map((item) => item.current_period_end));
}

/** To two hours after the period's end, when the invoice has been collected. */
async function nextRenewal(): Promise<void> {
  await jumpTo((await periodEnd()) + 2 * HOUR);
}

async function customer(): Promise<Stripe.Customer> {
  const found = await stripe.customers.retrieve(the("customer"));
  if (found.deleted) throw new Error("The customer was deleted.");
  return found;
}

async function latestInvoice(): Promise<Stripe.Invoice> {
  const { latest_invoice: invoice } = await subscription();
  if (invoice === null) throw new Error("There is no invoice.");
  return stripe.invoices.retrieve(idOf(invoice));
}

/** Events since a moment, oldest first. */
async function eventsSince(moment: number): Promise<Stripe.Event[]> {
  const pages = stripe.events.list({ ...ALL, created: { gte: moment } });
  return (await pages.autoPagingToArray({ limit: 5000 })).reverse();
}

async function typesSince(moment: number): Promise<string[]> {
  return (await eventsSince(moment)).map(({ type }) => type);
}

async function useCard(method: string): Promise<void> {
  const attached = await stripe.paymentMethods.attach(method, { customer: the("customer") });
  await stripe.customers.update(the("customer"), {
    invoice_settings: { default_payment_method: attached.id },
  });
}

async function itemWith(price: string): Promise<Stripe.SubscriptionItem> {
  const { items } = await subscription();
  const item = items.data.find((each) => each.price.id === the(price));
  if (!item) throw new Error(`The subscription has no ${price}.`);
  return item;
}

/** 20 % on top. */
function withTax(amount: number): number {
  return amount + Math.round(amount * 0.2);
}

async function makePlan(name: string, params: Partial<Stripe.PriceCreateParams>): Promise<Stripe.Price> {
  const price = await stripe.prices.create({
    currency: "usd",
    product_data: { name },
    recurring: { interval: "month" },
    nickname: name,
    ...params,
  });
  made.set(name, price.id);
  return price;
}

describe("the catalogue", () => {
  // https://docs.stripe.com/api/products/create
  step("A product is put on sale together with its first price.", async () => {
    const product = await stripe.products.create({
      name: "Basic",
      default_price_data: { currency: "usd", unit_amount: 2000, recurring: { interval: "month" } },
      expand: ["default_price"],
    });
    expect(product.default_price).toMatchObject({
      unit_amount: 2000,
      type: "recurring",
      product: product.id,
    });
    made.set("basic", typeof product.default_price === "string" ? "" : (product.default_price?.id ?? ""));
  });

  step("A dearer plan and seats of their own are offered too.", async () => {
    expect(await makePlan("pro", { unit_amount: 5000 })).toMatchObject({ active: true, unit_amount: 5000 });
    expect(await makePlan("seats", { unit_amount: 1000 })).toMatchObject({ billing_scheme: "per_unit" });
  });

  // https://docs.stripe.com/billing/subscriptions/usage-based/pricing-models
  step("Usage is counted by a meter and priced in tiers: a thousand calls are free.", async () => {
    const meter = await stripe.billing.meters.create({
      display_name: "API calls",
      event_name: "api_calls",
      default_aggregation: { formula: "sum" },
    });
    made.set("meter", meter.id);
    const price = await makePlan("calls", {
      billing_scheme: "tiered",
      tiers_mode: "graduated",
      tiers: [
        { up_to: 1000, unit_amount: 0 },
        { up_to: 10_000, unit_amount: 2 },
        { up_to: "inf", unit_amount: 1 },
      ],
      recurring: { interval: "month", usage_type: "metered", meter: meter.id },
    });
    expect(price.recurring).toMatchObject({ usage_type: "metered", meter: meter.id });
  });

  // https://docs.stripe.com/billing/subscriptions/coupons
  step("A coupon halves three months, and a code makes it public.", async () => {
    const coupon = await stripe.coupons.create({
      percent_off: 50,
      duration: "repeating",
      duration_in_months: 3,
    });
    const code = await stripe.promotionCodes.create({
      promotion: { type: "coupon", coupon: coupon.id },
      code: "HALF",
      max_redemptions: 1,
    });
    expect(code).toMatchObject({ active: true, code: "HALF", times_redeemed: 0 });
    made.set("code", code.id);
    made.set("coupon", coupon.id);
  });

  // https://docs.stripe.com/billing/taxes/tax-rates
  step("A tax of twenty percent comes on top.", async () => {
    const rate = await stripe.taxRates.create({ display_name: "VAT", percentage: 20, inclusive: false });
    expect(rate).toMatchObject({ active: true, percentage: 20, inclusive: false });
    made.set("tax", rate.id);
  });

  // https://docs.stripe.com/api/webhook_endpoints/create
  step("An endpoint asks to be told of everything and is given a secret once.", async () => {
    const endpoint = await stripe.webhookEndpoints.create({ url: receiver.url, enabled_events: ["*"] });
    expect(endpoint.secret).toMatch(/^whsec_/);
    made.set("secret", endpoint.secret ?? "");
    expect((await stripe.webhookEndpoints.retrieve(endpoint.id)).secret).toBeUndefined();
    made.set("endpoint", endpoint.id);
  });
});

describe("a trial without a card", () => {
  step("A customer signs up with a name and an address.", async () => {
    const created = await stripe.customers.create({
      email: "ada@example.test",
      name: "Ada Lovelace",
      address: { country: "DE", city: "Berlin", postal_code: "10115", line1: "Torstr. 1" },
      metadata: { account: "42" },
    });
    expect(created).toMatchObject({ balance: 0, delinquent: false, metadata: { account: "42" } });
    made.set("customer", created.id);
  });

  // https://docs.stripe.com/billing/subscriptions/trials#create-free-trials-without-payment
  step("The customer tries Basic for fourteen days and is charged nothing.", async () => {
    const created = await stripe.subscriptions.create({
      customer: the("customer"),
      items: [{ price: the("basic") }],
      default_tax_rates: [the("tax")],
      trial_period_days: 14,
      trial_settings: { end_behavior: { missing_payment_method: "pause" } },
    });
    made.set("subscription", created.id);
    expect(created).toMatchObject({ status: "trialing", trial_end: created.created + 14 * DAY });
    expect(await latestInvoice()).toMatchObject({ status: "paid", total: 0, amount_due: 0 });
  });

  step("Three days before the trial ends Stripe tells of it.", async () => {
    const moment = await now();
    await wait(11 * DAY + HOUR);
    expect(await typesSince(moment + DAY)).toContain("customer.subscription.trial_will_end");
  });

  step("Without a card the trial ends in a pause.", async () => {
    await wait(3 * DAY);
    expect(await subscription()).toMatchObject({ status: "paused" });
    expect(await typesSince((await now()) - DAY)).toContain("customer.subscription.paused");
  });
});

describe("a card is saved", () => {
  // https://docs.stripe.com/payments/setupintents/lifecycle
  step("A setup intent waits for a card.", async () => {
    const intent = await stripe.setupIntents.create({
      customer: the("customer"),
      automatic_payment_methods: { enabled: true, allow_redirects: "never" },
      usage: "off_session",
    });
    expect(intent.status).toBe("requires_payment_method");
    made.set("setup", intent.id);
  });

  // https://docs.stripe.com/payments/3d-secure
  step("The bank asks for authentication, and the customer fails it.", async () => {
    const card = "pm_card_authenticationRequiredOnSetup";
    const asked = await stripe.setupIntents.confirm(the("setup"), { payment_method: card });
    expect(asked).toMatchObject({ status: "requires_action", next_action: { type: "use_stripe_sdk" } });
    await local.lab("POST", `/intents/${the("setup")}/authenticate`, { outcome: "failed" });
    expect(await stripe.setupIntents.retrieve(the("setup"))).toMatchObject({
      status: "requires_payment_method",
      last_setup_error: { code: "setup_intent_authentication_failure" },
    });
  });

  step("The second time it succeeds, and the card is the customer's.", async () => {
    const card = "pm_card_authenticationRequiredOnSetup";
    await stripe.setupIntents.confirm(the("setup"), { payment_method: card });
    await local.lab("POST", `/intents/${the("setup")}/authenticate`, { outcome: "succeeded" });
    const intent = await stripe.setupIntents.retrieve(the("setup"), { expand: ["payment_method"] });
    expect(intent).toMatchObject({
      status: "succeeded",
      payment_method: { customer: the("customer"), card: { brand: "visa", country: "FR" } },
    });
    made.set("card", idOf(intent.payment_method ?? ""));
  });

  step("It becomes the customer's default.", async () => {
    const updated = await stripe.customers.update(the("customer"), {
      invoice_settings: { default_payment_method: the("card") },
    });
    expect(updated.invoice_settings.default_payment_method).toBe(the("card"));
  });

  // https://docs.stripe.com/api/subscriptions/resume
  step("The subscription is resumed, and a new period is paid for with tax.", async () => {
    await stripe.subscriptions.resume(the("subscription"), { billing_cycle_anchor: { type: "now" } });
    const invoice = await latestInvoice();
    if (invoice.status === "open") await stripe.invoices.pay(invoice.id);
    expect(await subscription()).toMatchObject({ status: "active" });
    expect(await latestInvoice()).toMatchObject({
      status: "paid",
      subtotal: 2000,
      total: 2400,
      amount_paid: 2400,
      total_taxes: [{ amount: 400, tax_behavior: "exclusive" }],
    });
  });

  // https://docs.stripe.com/webhooks#verify-official-libraries
  step("All of it has been delivered, signed so that the SDK accepts it.", async () => {
    await local.server.deliveriesSettled();
    const [delivery] = receiver.deliveries;
    if (!delivery) throw new Error("Nothing was delivered.");
    const events = receiver.deliveries.map(({ payload, signature }) =>
      Stripe.webhooks.constructEvent(payload, signature, the("secret")),
    );
    const types = events.map(({ type }) => type);
    expect(types).toContain("setup_intent.succeeded");
    expect(types).toContain("customer.subscription.resumed");
    const forged = delivery.payload.replaceAll("ada@", "eve@").replaceAll("evt_", "evil_");
    expect(() => Stripe.webhooks.constructEvent(forged, delivery.signature, the("secret"))).toThrow(
      Stripe.errors.StripeSignatureVerificationError,
    );
  });
});

describe("an ordinary month", () => {
  // https://docs.stripe.com/billing/subscriptions/overview#subscription-events
  step("A week before the renewal its invoice is announced.", async () => {
    const end = await periodEnd();
    await jumpTo(end - 7 * DAY + HOUR);
    const upcoming = (await eventsSince(end - 8 * DAY)).find(({ type }) => type === "invoice.upcoming");
    expect(upcoming?.data.object).toMatchObject({ amount_due: 2400, customer: the("customer") });
  });

  step("At the period's end the invoice is a draft for an hour.", async () => {
    const end = await periodEnd();
    await jumpTo(end + HOUR / 2);
    expect(await latestInvoice()).toMatchObject({
      status: "draft",
      billing_reason: "subscription_cycle",
      created: end,
      automatically_finalizes_at: end + HOUR,
    });
  });

  step("Then it is finalized and paid, and the next period runs.", async () => {
    await wait(HOUR);
    const invoice = await latestInvoice();
    expect(invoice).toMatchObject({ status: "paid", amount_paid: 2400 });
    const { items } = await subscription();
    expect(items.data[0]?.current_period_start).toBe(invoice.created);
  });
});

describe("an upgrade", () => {
  // https://docs.stripe.com/billing/subscriptions/prorations#preview-proration
  step("Ten days later a preview quotes what Pro costs for the rest of the month.", async () => {
    await wait(10 * DAY);
    made.set("at", String(await now()));
    const quoted = await stripe.invoices.createPreview({
      subscription: the("subscription"),
      subscription_details: {
        items: [{ id: (await itemWith("basic")).id, price: the("pro") }],
        proration_behavior: "always_invoice",
        proration_date: Number(the("at")),
      },
    });
    const [credit, debit] = quoted.lines.data;
    expect(credit?.amount).toBeLessThan(0);
    expect(debit?.amount).toBeGreaterThan(3000);
    // Each is taxed and rounded by itself.
    const net = (credit?.amount ?? 0) + (debit?.amount ?? 0);
    expect(quoted.subtotal).toBe(net);
    expect(Math.abs(quoted.total - withTax(net))).toBeLessThanOrEqual(1);
    made.set("quote", String(quoted.amount_due));
    expect(await itemWith("basic")).toBeDefined();
  });

  // https://docs.stripe.com/api/idempotent_requests
  step("The upgrade, sent twice under one key, invoices exactly that once.", async () => {
    const { id } = await itemWith("basic");
    const params = {
      items: [{ id, price: the("pro") }],
      proration_behavior: "always_invoice" as const,
      proration_date: Number(the("at")),
    };
    const before = await stripe.invoices.list({ subscription: the("subscription"), ...ALL });
    const update = () =>
      stripe.subscriptions.update(the("subscription"), params, { idempotencyKey: "upgrade" });
    expect(await update()).toEqual(await update());
    const after = await stripe.invoices.list({ subscription: the("subscription"), ...ALL });
    expect(after.data).toHaveLength(before.data.length + 1);
    expect(after.data[0]).toMatchObject({
      billing_reason: "subscription_update",
      amount_due: Number(the("quote")),
    });
    expect(await itemWith("pro")).toMatchObject({ id });
  });

  // https://docs.stripe.com/testing#regulatory-cards
  step("As the customer is there this time, the bank asks again; answered, it is paid.", async () => {
    const invoice = await latestInvoice();
    expect(invoice).toMatchObject({ status: "open", amount_paid: 0 });
    const payments = await stripe.invoicePayments.list({ invoice: invoice.id });
    const intent = idOf(payments.data[0]?.payment.payment_intent ?? "");
    expect(await stripe.paymentIntents.retrieve(intent)).toMatchObject({ status: "requires_action" });
    await local.lab("POST", `/intents/${intent}/authenticate`, { outcome: "succeeded" });
    expect(await latestInvoice()).toMatchObject({ status: "paid", amount_paid: Number(the("quote")) });
    expect(await subscription()).toMatchObject({ status: "active" });
  });
});

describe("seats", () => {
  // https://docs.stripe.com/billing/subscriptions/quantities
  step("Two seats are added and wait for the next invoice.", async () => {
    const item = await stripe.subscriptionItems.create({
      subscription: the("subscription"),
      price: the("seats"),
      quantity: 2,
    });
    expect(item).toMatchObject({ quantity: 2, subscription: the("subscription") });
    const pending = await stripe.invoiceItems.list({ customer: the("customer"), pending: true });
    expect(pending.data).toMatchObject([{ proration: true, quantity: 2 }]);
  });

  step("A third seat is credited and debited beside them.", async () => {
    await stripe.subscriptionItems.update((await itemWith("seats")).id, { quantity: 3 });
    const pending = await stripe.invoiceItems.list({ customer: the("customer"), pending: true });
    expect(pending.data.map(({ quantity }) => quantity).sort()).toEqual([2, 2, 3]);
  });

  step("The renewal bills the prorations and the whole next month.", async () => {
    await nextRenewal();
    const invoice = await latestInvoice();
    const isProration = (line: Stripe.InvoiceLineItem) =>
      line.parent?.invoice_item_details?.proration ?? line.parent?.subscription_item_details?.proration;
    expect(invoice.lines.data.filter(isProration)).toHaveLength(3);
    const regular = invoice.lines.data.filter((line) => !isProration(line)).map(({ amount }) => amount);
    expect(regular.sort()).toEqual([3000, 5000]);
    expect(invoice.status).toBe("paid");
    expect((await stripe.invoiceItems.list({ customer: the("customer"), pending: true })).data).toEqual([]);
  });
});

describe("a failed renewal", () => {
  // https://docs.stripe.com/billing/revenue-recovery/smart-retries
  step("The card is swapped for one that will be declined, and the renewal fails.", async () => {
    await useCard("pm_card_chargeCustomerFail");
    await nextRenewal();
    expect(await subscription()).toMatchObject({ status: "past_due" });
    expect(await customer()).toMatchObject({ delinquent: true });
    const invoice = await latestInvoice();
    expect(invoice).toMatchObject({ status: "open", attempt_count: 1, amount_paid: 0 });
    expect(invoice.next_payment_attempt).toBeGreaterThan(await now());
    made.set("unpaid", invoice.id);
  });

  step("It is tried again and fails again.", async () => {
    const { next_payment_attempt: next } = await latestInvoice();
    await jumpTo((next ?? 0) + 1);
    expect(await latestInvoice()).toMatchObject({ status: "open", attempt_count: 2 });
    const failures = (await typesSince((next ?? 0) - 1)).filter((type) => type === "invoice.payment_failed");
    expect(failures).toHaveLength(1);
  });

  step("The card is repaired, and paying the invoice makes the subscription active.", async () => {
    await useCard("pm_card_visa");
    expect(await stripe.invoices.pay(the("unpaid"))).toMatchObject({ status: "paid", amount_paid: 9600 });
    expect(await subscription()).toMatchObject({ status: "active" });
    expect(await customer()).toMatchObject({ delinquent: false });
  });

  step("Its payment shows two declined charges and the good one.", async () => {
    const payments = await stripe.invoicePayments.list({ invoice: the("unpaid") });
    const intent = payments.data[0]?.payment.payment_intent ?? "";
    const charges = await stripe.charges.list({ payment_intent: idOf(intent) });
    expect(charges.data.map(({ status }) => status)).toEqual(["succeeded", "failed", "failed"]);
    expect(charges.data[1]).toMatchObject({ failure_code: "card_declined", paid: false });
  });
});

describe("an update that waits for its payment", () => {
  // https://docs.stripe.com/billing/subscriptions/pending-updates
  step("Two more seats are not given while the card is declined.", async () => {
    await useCard("pm_card_chargeCustomerFail");
    const waiting = await stripe.subscriptions.update(the("subscription"), {
      items: [{ id: (await itemWith("seats")).id, quantity: 5 }],
      proration_behavior: "always_invoice",
      payment_behavior: "pending_if_incomplete",
    });
    expect(waiting.status).toBe("active");
    expect(waiting.pending_update?.expires_at).toBeGreaterThan(await now());
    expect(await itemWith("seats")).toMatchObject({ quantity: 3 });
  });

  step("Once the invoice is paid they are.", async () => {
    await useCard("pm_card_visa");
    await stripe.invoices.pay((await latestInvoice()).id);
    expect(await subscription()).toMatchObject({ pending_update: null });
    expect(await itemWith("seats")).toMatchObject({ quantity: 5 });
  });

  step("Another one is never paid for and lapses after 23 hours.", async () => {
    await useCard("pm_card_chargeCustomerFail");
    const moment = await now();
    await stripe.subscriptions.update(the("subscription"), {
      items: [{ id: (await itemWith("seats")).id, quantity: 50 }],
      proration_behavior: "always_invoice",
      payment_behavior: "pending_if_incomplete",
    });
    const invoice = await latestInvoice();
    await useCard("pm_card_visa");
    await wait(23 * HOUR + 1);
    expect(await subscription()).toMatchObject({ pending_update: null, status: "active" });
    expect(await itemWith("seats")).toMatchObject({ quantity: 5 });
    expect(await stripe.invoices.retrieve(invoice.id)).toMatchObject({ status: "void" });
    expect(await typesSince(moment)).toContain("customer.subscription.pending_update_expired");
  });
});

describe("a discount", () => {
  // https://docs.stripe.com/api/promotion_codes/list
  step("The customer types a code, which is found and applied.", async () => {
    const [code] = (await stripe.promotionCodes.list({ code: "half", active: true })).data;
    expect(code?.id).toBe(the("code"));
    const discounted = await stripe.subscriptions.update(the("subscription"), {
      discounts: [{ promotion_code: the("code") }],
      expand: ["discounts"],
    });
    expect(discounted.discounts).toMatchObject([{ promotion_code: the("code") }]);
  });

  step("It is used up, and nobody else can have it.", async () => {
    expect(await stripe.promotionCodes.retrieve(the("code"))).toMatchObject({
      active: false,
      times_redeemed: 1,
    });
    const other = await stripe.customers.create({ name: "Grace" });
    const refused = await refusalOf(
      stripe.subscriptions.create({
        customer: other.id,
        items: [{ price: the("basic") }],
        discounts: [{ promotion_code: the("code") }],
      }),
    );
    expect(refused.statusCode).toBe(400);
    await stripe.customers.del(other.id);
  });

  step("The next renewal costs half.", async () => {
    await nextRenewal();
    expect(await latestInvoice()).toMatchObject({
      status: "paid",
      subtotal: 10_000,
      total: withTax(5000),
      total_discount_amounts: [{ amount: 5000 }],
    });
  });
});

describe("metered usage", () => {
  step("Calls are added to the subscription and cost nothing yet.", async () => {
    const invoice = await latestInvoice();
    await stripe.subscriptions.update(the("subscription"), {
      items: [{ price: the("calls") }],
      proration_behavior: "none",
    });
    expect((await subscription()).items.data).toHaveLength(3);
    expect((await latestInvoice()).id).toBe(invoice.id);
  });

  // https://docs.stripe.com/billing/subscriptions/usage-based/recording-usage-api
  step("Usage is reported, and a report with a known identifier is not counted twice.", async () => {
    const report = (identifier: string, value: number) =>
      stripe.billing.meterEvents.create({
        event_name: "api_calls",
        identifier,
        payload: { stripe_customer_id: the("customer"), value: String(value) },
      });
    await report("first", 1500);
    await wait(DAY);
    await report("second", 11_500);
    const repeated = await refusalOf(report("second", 11_500));
    expect(repeated.statusCode).toBe(400);
  });

  step("The meter sums it up, day by day.", async () => {
    const at = await now();
    const summaries = await stripe.billing.meters.listEventSummaries(the("meter"), {
      customer: the("customer"),
      start_time: Math.floor(at / DAY) * DAY - 3 * DAY,
      end_time: Math.floor(at / DAY) * DAY + DAY,
      value_grouping_window: "day",
    });
    const values = summaries.data.map((summary) => summary.aggregated_value).filter((value) => value > 0);
    expect(values.reduce((sum, value) => sum + value, 0)).toBe(13_000);
  });

  step("A preview prices it in its tiers.", async () => {
    const quoted = await stripe.invoices.createPreview({ subscription: the("subscription") });
    const usage = quoted.lines.data.filter((line) => line.pricing?.price_details?.price === the("calls"));
    // 1,000 for nothing, 9,000 at two cents, 3,000 at one.
    expect(usage.reduce((sum, { amount }) => sum + amount, 0)).toBe(18_000 + 3000);
    made.set("quote", String(quoted.amount_due));
  });

  step("The renewal charges exactly that, halved like everything else.", async () => {
    await nextRenewal();
    expect(await latestInvoice()).toMatchObject({
      status: "paid",
      subtotal: 10_000 + 21_000,
      total: withTax(15_500),
      amount_paid: Number(the("quote")),
    });
  });

  step("A usage price is taken off again.", async () => {
    await stripe.subscriptionItems.del((await itemWith("calls")).id);
    expect((await subscription()).items.data).toHaveLength(2);
  });
});

describe("money is given back", () => {
  // https://docs.stripe.com/refunds
  step("A part of the last charge is refunded to the card.", async () => {
    const payments = await stripe.invoicePayments.list({ invoice: (await latestInvoice()).id });
    const intent = idOf(payments.data[0]?.payment.payment_intent ?? "");
    const refund = await stripe.refunds.create({ payment_intent: intent, amount: 1000 });
    expect(refund).toMatchObject({ amount: 1000, status: "succeeded" });
    const { latest_charge: charge } = await stripe.paymentIntents.retrieve(intent, {
      expand: ["latest_charge"],
    });
    expect(charge).toMatchObject({ amount_refunded: 1000, refunded: false });
    const beyond = await refusalOf(stripe.refunds.create({ payment_intent: intent, amount: 100_000 }));
    expect(beyond.statusCode).toBe(400);
  });

  // https://docs.stripe.com/invoicing/dashboard/credit-notes
  step("A credit note puts ten dollars on the customer's balance.", async () => {
    const invoice = (await latestInvoice()).id;
    const note = await stripe.creditNotes.create({ invoice, amount: 1000, credit_amount: 1000 });
    expect(note).toMatchObject({ type: "post_payment", status: "issued", amount: 1000 });
    expect(await customer()).toMatchObject({ balance: -1000 });
    expect(await stripe.invoices.retrieve(invoice)).toMatchObject({ post_payment_credit_notes_amount: 1000 });
  });

  // https://docs.stripe.com/billing/customer/balance
  step("The next renewal is paid from the balance first.", async () => {
    await nextRenewal();
    expect(await latestInvoice()).toMatchObject({
      status: "paid",
      total: withTax(5000),
      starting_balance: -1000,
      ending_balance: 0,
      amount_paid: withTax(5000) - 1000,
    });
    expect(await customer()).toMatchObject({ balance: 0 });
  });
});

describe("a downgrade", () => {
  // https://docs.stripe.com/billing/subscriptions/subscription-schedules/use-cases#downgrading-subscriptions
  step("A schedule is made of the subscription and told to go down to Basic.", async () => {
    const schedule = await stripe.subscriptionSchedules.create({ from_subscription: the("subscription") });
    made.set("schedule", schedule.id);
    const [phase] = schedule.phases;
    const changed = await stripe.subscriptionSchedules.update(schedule.id, {
      phases: [
        {
          items: [
            { price: the("pro"), quantity: 1 },
            { price: the("seats"), quantity: 5 },
          ],
          default_tax_rates: [the("tax")],
          start_date: phase?.start_date,
          end_date: phase?.end_date,
          proration_behavior: "none",
        },
        {
          items: [{ price: the("basic"), quantity: 1 }],
          default_tax_rates: [the("tax")],
          duration: { interval: "month" },
          proration_behavior: "none",
        },
      ],
    });
    expect(changed.phases).toMatchObject([{}, { start_date: await periodEnd() }]);
    expect(await itemWith("pro")).toBeDefined();
  });

  step("While the schedule has it, the subscription's end is not to be announced by hand.", async () => {
    const refused = await refusalOf(
      stripe.subscriptions.update(the("subscription"), { cancel_at_period_end: true }),
    );
    expect(refused.statusCode).toBe(400);
  });

  step("At the period's end the customer is on Basic and pays only for that.", async () => {
    await nextRenewal();
    expect((await subscription()).items.data).toMatchObject([{ price: { id: the("basic") } }]);
    expect(await latestInvoice()).toMatchObject({ status: "paid", subtotal: 2000 });
  });

  step("After its last phase the schedule lets the subscription go on by itself.", async () => {
    await nextRenewal();
    expect(await subscription()).toMatchObject({ status: "active", schedule: null });
    expect(await latestInvoice()).toMatchObject({ status: "paid", total: withTax(2000) });
  });
});

describe("pauses", () => {
  // https://docs.stripe.com/billing/subscriptions/pause-payment
  step("While collection is paused a renewal's invoice stays a draft.", async () => {
    await stripe.subscriptions.update(the("subscription"), {
      pause_collection: { behavior: "keep_as_draft" },
    });
    await nextRenewal();
    expect(await subscription()).toMatchObject({ status: "active" });
    expect(await latestInvoice()).toMatchObject({ status: "draft", auto_advance: false });
  });

  step("Collected again, the draft is finalized and paid by hand.", async () => {
    const { id } = await latestInvoice();
    await stripe.subscriptions.update(the("subscription"), { pause_collection: "" });
    await stripe.invoices.finalizeInvoice(id);
    expect(await stripe.invoices.pay(id).catch(() => stripe.invoices.retrieve(id))).toMatchObject({
      status: "paid",
      amount_paid: withTax(2000),
    });
  });

  // https://docs.stripe.com/billing/subscriptions/pause
  step("The subscription itself is paused, and what was not used is credited.", async () => {
    await wait(10 * DAY);
    const paused = await stripe.subscriptions.pause(the("subscription"));
    expect(paused).toMatchObject({ status: "paused" });
    const pending = await stripe.invoiceItems.list({ customer: the("customer"), pending: true });
    expect(pending.data).toHaveLength(1);
    expect(pending.data[0]?.amount).toBeLessThan(-1000);
  });

  step("For two months nothing is billed.", async () => {
    const before = (await stripe.invoices.list({ customer: the("customer"), ...ALL })).data.length;
    await wait(60 * DAY);
    expect((await stripe.invoices.list({ customer: the("customer"), ...ALL })).data).toHaveLength(before);
    expect(await subscription()).toMatchObject({ status: "paused" });
  });

  step("Resumed, it begins a new period and takes the credit along.", async () => {
    await stripe.subscriptions.resume(the("subscription"), { billing_cycle_anchor: { type: "now" } });
    const { id, status } = await latestInvoice();
    if (status === "open") await stripe.invoices.pay(id);
    expect(await subscription()).toMatchObject({
      status: "active",
      billing_cycle_anchor: expect.any(Number),
    });
    const invoice = await latestInvoice();
    expect(invoice.status).toBe("paid");
    expect(invoice.lines.data.map(({ amount }) => Math.sign(amount)).sort()).toEqual([-1, 1]);
  });
});

describe("the end", () => {
  // https://docs.stripe.com/billing/subscriptions/cancel
  step("An end is announced for the period's end and taken back.", async () => {
    const announced = await stripe.subscriptions.update(the("subscription"), { cancel_at_period_end: true });
    expect(announced).toMatchObject({ cancel_at: await periodEnd(), cancel_at_period_end: true });
    const kept = await stripe.subscriptions.update(the("subscription"), { cancel_at_period_end: false });
    expect(kept).toMatchObject({ cancel_at: null, canceled_at: null, status: "active" });
  });

  step("Then the customer leaves at once, and the rest of the month becomes credit.", async () => {
    await wait(15 * DAY);
    const ended = await stripe.subscriptions.cancel(the("subscription"), {
      prorate: true,
      invoice_now: true,
      cancellation_details: { feedback: "too_expensive", comment: "A good year." },
    });
    expect(ended).toMatchObject({
      status: "canceled",
      cancellation_details: { reason: "cancellation_requested", feedback: "too_expensive" },
    });
    const last = await latestInvoice();
    expect(last.total).toBeLessThan(-withTax(900));
    expect(await customer()).toMatchObject({ balance: last.total });
    await local.server.deliveriesSettled();
    expect(receiver.types()).toContain("customer.subscription.deleted");
  });

  step("What has ended cannot be changed or ended again.", async () => {
    const items = [{ price: the("pro") }];
    for (const call of [
      stripe.subscriptions.update(the("subscription"), { items }),
      stripe.subscriptions.resume(the("subscription")),
      stripe.subscriptions.cancel(the("subscription")),
    ]) {
      expect((await refusalOf(call)).type).toBe("StripeInvalidRequestError");
    }
  });

  step("In the months after it nothing is billed any more.", async () => {
    const before = await stripe.invoices.list({ customer: the("customer"), ...ALL });
    await wait(100 * DAY);
    const after = await stripe.invoices.list({ customer: the("customer"), ...ALL });
    expect(after.data.map(({ id }) => id)).toEqual(before.data.map(({ id }) => id));
  });
});

describe("the books", () => {
  step("Every invoice that was finalized has a number of its own.", async () => {
    const { data } = await stripe.invoices.list({ customer: the("customer"), ...ALL });
    const numbers = data.filter(({ status }) => status !== "draft").map((invoice) => invoice.number);
    expect(numbers.length).toBeGreaterThan(12);
    expect(new Set(numbers).size).toBe(numbers.length);
    expect(numbers).not.toContain(null);
  });

  // https://docs.stripe.com/reports/balance-transaction-types
  step("What was charged, less what was refunded, is what the balance shows.", async () => {
    const charges = await stripe.charges.list({ customer: the("customer"), ...ALL });
    const charged = charges.data.filter(({ paid }) => paid).reduce((sum, { amount }) => sum + amount, 0);
    const refunded = charges.data.reduce((sum, { amount_refunded }) => sum + amount_refunded, 0);
    const transactions = await stripe.balanceTransactions.list(ALL);
    const booked = transactions.data.reduce((sum, { amount }) => sum + amount, 0);
    expect(refunded).toBe(1000);
    expect(booked).toBe(charged - refunded);
  });

  step("The invoices' payments are those charges.", async () => {
    const invoices = await stripe.invoices.list({ customer: the("customer"), ...ALL });
    const paid = invoices.data.reduce((sum, { amount_paid }) => sum + amount_paid, 0);
    const charges = await stripe.charges.list({ customer: the("customer"), ...ALL });
    expect(charges.data.filter((charge) => charge.paid).reduce((sum, { amount }) => sum + amount, 0)).toBe(
      paid,
    );
  });

  // https://docs.stripe.com/api/events/list
  step("Every event of the year was delivered once, and the last month's are still listed.", async () => {
    await local.server.deliveriesSettled();
    const delivered = receiver.deliveries.map(({ payload }) => JSON.parse(payload));
    const ids = new Set(delivered.map(({ id }) => id));
    expect(ids.size).toBe(delivered.length);
    expect(ids.size).toBeGreaterThan(200);
    const listed = await eventsSince(BEGINNING);
    for (const { id } of listed) expect(ids).toContain(id);
    const moments = listed.map(({ created }) => created);
    expect(moments).toEqual([...moments].sort((a, b) => a - b));
    expect(moments[0] ?? (await now())).toBeGreaterThanOrEqual((await now()) - 30 * DAY);
  });
});

describe("a life of its own", () => {
  // https://docs.stripe.com/billing/testing/test-clocks
  step("On a test clock another customer's month passes in a moment.", async () => {
    const global = await now();
    const clock = await stripe.testHelpers.testClocks.create({ frozen_time: global, name: "A month" });
    made.set("clock", clock.id);
    const timed = await stripe.customers.create({ test_clock: clock.id, payment_method: "pm_card_visa" });
    await stripe.customers.update(timed.id, {
      invoice_settings: {
        default_payment_method: (await stripe.paymentMethods.list({ customer: timed.id })).data[0]?.id,
      },
    });
    made.set("timed", timed.id);
    const begun = await stripe.subscriptions.create({ customer: timed.id, items: [{ price: the("basic") }] });
    const end = begun.items.data[0]?.current_period_end ?? 0;
    await stripe.testHelpers.testClocks.advance(clock.id, { frozen_time: end + 2 * HOUR });
    expect(await stripe.testHelpers.testClocks.retrieve(clock.id)).toMatchObject({ status: "ready" });
    const invoices = await stripe.invoices.list({ customer: timed.id });
    expect(invoices.data.map((invoice) => [invoice.billing_reason, invoice.status])).toEqual([
      ["subscription_cycle", "paid"],
      ["subscription_create", "paid"],
    ]);
    expect((await now()) - global).toBeLessThan(HOUR);
  });

  step("With the clock its customer and all that belongs to it are gone.", async () => {
    await stripe.testHelpers.testClocks.del(the("clock"));
    expect(await stripe.customers.retrieve(the("timed"))).toMatchObject({ deleted: true });
    const left = await stripe.subscriptions.list({ customer: the("customer"), status: "all" });
    expect(left.data.map(({ id }) => id)).toEqual([the("subscription")]);
  });
});

test("that was a year in more than fifty steps", async () => {
  expect(number).toBeGreaterThanOrEqual(50);
  expect((await now()) - BEGINNING).toBeGreaterThan(365 * DAY);
});
