import type Stripe from "stripe";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { createPayingCustomer, createPlan } from "@/local/stripe/testing/catalogue";
import { refusalOf, startTestStripe, type TestStripe } from "@/local/stripe/testing/start-test-stripe";

// Every status a subscription can have and every way Stripe documents from one to another:
// https://docs.stripe.com/billing/subscriptions/overview#subscription-statuses

const HOUR = 60 * 60;
const DAY = 24 * HOUR;

let local: TestStripe;
let monthly: Stripe.Price;
beforeAll(async () => {
  local = await startTestStripe();
});
afterAll(() => local.server.close());
beforeEach(async () => {
  await local.lab("POST", "/reset");
  monthly = await createPlan(local.stripe, { unit_amount: 1000, recurring: { interval: "month" } });
});

type Created = { customer: Stripe.Customer; id: string; end: number };

async function subscribe(
  params: Partial<Stripe.SubscriptionCreateParams> = {},
  method: string | null = "pm_card_visa",
): Promise<Created> {
  const customer =
    method === null
      ? await local.stripe.customers.create({})
      : await createPayingCustomer(local.stripe, method);
  const { id, items } = await local.stripe.subscriptions.create({
    customer: customer.id,
    items: [{ price: monthly.id }],
    ...params,
  });
  return { customer, id, end: items.data[0]?.current_period_end ?? 0 };
}

async function giveCard({ customer }: Created, method: string): Promise<void> {
  const { id } = await local.stripe.paymentMethods.attach(method, { customer: customer.id });
  await local.stripe.customers.update(customer.id, { invoice_settings: { default_payment_method: id } });
}

/** A subscription whose renewal was declined once. */
async function pastDue(): Promise<Created> {
  const created = await subscribe();
  await giveCard(created, "pm_card_chargeCustomerFail");
  await jumpTo(created.end + HOUR);
  expect(await statusOf(created)).toBe("past_due");
  return created;
}

/** A subscription whose renewal was declined for good. */
async function unpaid(): Promise<Created> {
  await local.lab("POST", "/settings", { subscription_after_final_retry: "mark_unpaid" });
  const created = await pastDue();
  await jumpTo(created.end + HOUR + 15 * DAY);
  expect(await statusOf(created)).toBe("unpaid");
  return created;
}

/** A subscription whose trial of 7 days ended without a card, so that it pauses. */
async function pausedByTrial(): Promise<Created> {
  const created = await subscribe(
    { trial_period_days: 7, trial_settings: { end_behavior: { missing_payment_method: "pause" } } },
    null,
  );
  await jumpTo(created.end);
  expect(await statusOf(created)).toBe("paused");
  return created;
}

/** A subscription paused on request, a part of its month used. */
async function paused(): Promise<Created> {
  const created = await subscribe();
  await jumpTo((await now()) + 10 * DAY);
  await local.stripe.subscriptions.pause(created.id);
  return created;
}

async function statusOf({ id }: { id: string }): Promise<Stripe.Subscription.Status> {
  return (await local.stripe.subscriptions.retrieve(id)).status;
}

async function latestInvoice({ id }: { id: string }): Promise<Stripe.Invoice> {
  const { latest_invoice } = await local.stripe.subscriptions.retrieve(id, { expand: ["latest_invoice"] });
  if (latest_invoice === null || typeof latest_invoice === "string") throw new Error("There is no invoice.");
  return latest_invoice;
}

async function invoicesOf({ id }: { id: string }): Promise<Stripe.Invoice[]> {
  return (await local.stripe.invoices.list({ subscription: id })).data;
}

async function intentOf(invoice: Stripe.Invoice): Promise<Stripe.PaymentIntent> {
  const { data } = await local.stripe.invoicePayments.list({
    invoice: invoice.id,
    expand: ["data.payment.payment_intent"],
  });
  // Expanded above.
  return data[0]?.payment.payment_intent as Stripe.PaymentIntent;
}

function jumpTo(to: number): Promise<unknown> {
  return local.lab("POST", "/clock", { to });
}

async function now(): Promise<number> {
  return Number((await local.lab("GET", "/clock")).json.now);
}

async function isDelinquent({ customer }: Created): Promise<boolean | null | undefined> {
  const found = await local.stripe.customers.retrieve(customer.id);
  return found.deleted ? null : found.delinquent;
}

// https://docs.stripe.com/billing/subscriptions/overview#payment-status
describe("an incomplete subscription", () => {
  test("is what a declined first payment leaves, with the invoice open and not collected by itself", async () => {
    const created = await subscribe({}, "pm_card_chargeCustomerFail");
    expect(await statusOf(created)).toBe("incomplete");
    const invoice = await latestInvoice(created);
    expect(invoice).toMatchObject({ status: "open", auto_advance: false });
    expect((await intentOf(invoice)).status).toBe("requires_payment_method");
  });

  test("is active once its first invoice is paid", async () => {
    const created = await subscribe({}, "pm_card_chargeCustomerFail");
    await giveCard(created, "pm_card_visa");
    await local.stripe.invoices.pay((await latestInvoice(created)).id);
    expect(await statusOf(created)).toBe("active");
    await jumpTo(created.end + 2 * HOUR);
    expect(await invoicesOf(created)).toHaveLength(2);
  });

  // https://docs.stripe.com/billing/subscriptions/overview#requires-action
  test("waits for a first payment that needs 3D Secure, and is active once its holder authenticated", async () => {
    const created = await subscribe(
      { payment_settings: { save_default_payment_method: "on_subscription" } },
      "pm_card_authenticationRequired",
    );
    expect(await statusOf(created)).toBe("incomplete");
    const invoice = await latestInvoice(created);
    expect(invoice).toMatchObject({ status: "open", auto_advance: false });
    const intent = await intentOf(invoice);
    expect(intent.status).toBe("requires_action");
    await local.lab("POST", `/intents/${intent.id}/authenticate`, { outcome: "succeeded" });
    expect(await local.stripe.subscriptions.retrieve(created.id)).toMatchObject({
      status: "active",
      default_payment_method: intent.payment_method,
    });
  });

  test("stays so when its holder fails to authenticate", async () => {
    const created = await subscribe({}, "pm_card_authenticationRequired");
    const intent = await intentOf(await latestInvoice(created));
    await local.lab("POST", `/intents/${intent.id}/authenticate`, { outcome: "failed" });
    expect(await statusOf(created)).toBe("incomplete");
    expect((await intentOf(await latestInvoice(created))).status).toBe("requires_payment_method");
  });

  // https://docs.stripe.com/billing/subscriptions/overview#handle-the-invoice
  test("expires 23 hours after its creation, and its invoice is void", async () => {
    const created = await subscribe({ payment_behavior: "default_incomplete" });
    const { created: at } = await local.stripe.subscriptions.retrieve(created.id);
    await jumpTo(at + 23 * HOUR - 1);
    expect(await statusOf(created)).toBe("incomplete");
    await jumpTo(at + 23 * HOUR);
    expect(await local.stripe.subscriptions.retrieve(created.id)).toMatchObject({
      status: "incomplete_expired",
      ended_at: at + 23 * HOUR,
    });
    expect((await latestInvoice(created)).status).toBe("void");
  });

  // https://docs.stripe.com/billing/invoices/subscription#void-the-first-invoice-of-a-subscription
  test("expires when its first invoice is voided", async () => {
    const created = await subscribe({ payment_behavior: "default_incomplete" });
    await local.stripe.invoices.voidInvoice((await latestInvoice(created)).id);
    expect(await statusOf(created)).toBe("incomplete_expired");
  });

  // https://docs.stripe.com/billing/collection-method#failed-incomplete-subscriptions
  test.each<[string, Stripe.SubscriptionUpdateParams]>([
    ["items", { items: [{ price: "price_any" }] }],
    ["add_invoice_items", { add_invoice_items: [{ price: "price_any" }] }],
    ["trial_end", { trial_end: 4_000_000_000 }],
    ["billing_cycle_anchor", { billing_cycle_anchor: { type: "now" } }],
    ["cancel_at", { cancel_at: 4_000_000_000 }],
  ])("takes no change of %s, which would bill something", async (param, params) => {
    const created = await subscribe({ payment_behavior: "default_incomplete" });
    const error = await refusalOf(local.stripe.subscriptions.update(created.id, params));
    expect([error.statusCode, error.param]).toEqual([400, param]);
    await local.stripe.subscriptions.update(created.id, { description: "Ours", metadata: { a: "1" } });
  });

  test("canceled, it is expired and can be canceled no more", async () => {
    const created = await subscribe({ payment_behavior: "default_incomplete" });
    expect((await local.stripe.subscriptions.cancel(created.id)).status).toBe("incomplete_expired");
    expect((await refusalOf(local.stripe.subscriptions.cancel(created.id))).statusCode).toBe(404);
  });

  // https://docs.stripe.com/billing/subscriptions/trials/free-trials#combining-trials-with-add_invoice_items
  test("with a trial and a fee to pay first is trialing once the fee is paid", async () => {
    const fee = await createPlan(local.stripe, { recurring: undefined, unit_amount: 900 });
    const params = { trial_period_days: 7, add_invoice_items: [{ price: fee.id }] };
    const created = await subscribe({ ...params, payment_behavior: "default_incomplete" });
    expect(await statusOf(created)).toBe("incomplete");
    await local.stripe.invoices.pay((await latestInvoice(created)).id);
    expect(await statusOf(created)).toBe("trialing");
    const paidAtOnce = await subscribe(params);
    expect(await statusOf(paidAtOnce)).toBe("trialing");
    expect((await latestInvoice(paidAtOnce)).total).toBe(900);
    await jumpTo(created.end);
    expect(await statusOf(created)).toBe("active");
  });

  test("error_if_incomplete refuses what needs 3D Secure and leaves nothing behind", async () => {
    const customer = await createPayingCustomer(local.stripe, "pm_card_authenticationRequired");
    const error = await refusalOf(
      local.stripe.subscriptions.create({
        customer: customer.id,
        items: [{ price: monthly.id }],
        payment_behavior: "error_if_incomplete",
      }),
    );
    expect([error.statusCode, error.type, error.code]).toEqual([
      402,
      "StripeCardError",
      "subscription_payment_intent_requires_action",
    ]);
    expect((await local.stripe.subscriptions.list({ customer: customer.id, status: "all" })).data).toEqual(
      [],
    );
  });
});

describe("an active subscription", () => {
  test("is past due when its renewal is declined, and its customer delinquent", async () => {
    expect(await isDelinquent(await pastDue())).toBe(true);
  });

  // https://docs.stripe.com/billing/collection-method#failed-recurring-charges
  test("is past due when its renewal needs authentication, and active once that is given", async () => {
    const created = await subscribe();
    await giveCard(created, "pm_card_authenticationRequired");
    await jumpTo(created.end + HOUR);
    expect(await statusOf(created)).toBe("past_due");
    const intent = await intentOf(await latestInvoice(created));
    expect(intent.status).toBe("requires_action");
    await local.lab("POST", `/intents/${intent.id}/authenticate`, { outcome: "succeeded" });
    expect(await statusOf(created)).toBe("active");
  });

  // https://docs.stripe.com/billing/collection-method#due-dates-for-manual-payment-invoices
  test("whose invoices are sent is past due after the due date, and active again once the invoice is paid", async () => {
    const created = await subscribe({ collection_method: "send_invoice", days_until_due: 5 });
    const invoice = await latestInvoice(created);
    await jumpTo((invoice.due_date ?? 0) - 1);
    expect([await statusOf(created), await isDelinquent(created)]).toEqual(["active", false]);
    await jumpTo(invoice.due_date ?? 0);
    expect([await statusOf(created), await isDelinquent(created)]).toEqual(["past_due", true]);
    await local.stripe.invoices.pay(invoice.id, { paid_out_of_band: true });
    expect([await statusOf(created), await isDelinquent(created)]).toEqual(["active", false]);
  });

  test.each([
    ["cancel", "canceled"],
    ["mark_unpaid", "unpaid"],
    ["leave_past_due", "past_due"],
  ])("whose invoice is 60 days past due is treated as the account says: %s", async (setting, status) => {
    await local.lab("POST", "/settings", {
      days_past_due: 60,
      subscription_after_days_past_due: setting,
    });
    const yearly = await createPlan(local.stripe, { recurring: { interval: "year" } });
    const created = await subscribe({
      collection_method: "send_invoice",
      days_until_due: 5,
      items: [{ price: yearly.id }],
    });
    const { due_date: due } = await latestInvoice(created);
    await jumpTo((due ?? 0) + 60 * DAY - 1);
    expect(await statusOf(created)).toBe("past_due");
    await jumpTo((due ?? 0) + 60 * DAY);
    expect(await statusOf(created)).toBe(status);
  });

  // https://docs.stripe.com/billing/invoices/subscription#void-the-first-invoice-of-a-subscription
  test("stays active when its first invoice is voided", async () => {
    const created = await subscribe({ collection_method: "send_invoice", days_until_due: 5 });
    const { id } = await latestInvoice(created);
    await local.stripe.invoices.finalizeInvoice(id);
    await local.stripe.invoices.voidInvoice(id);
    expect(await statusOf(created)).toBe("active");
  });

  test("ends at once when it is canceled, or at its announced moment", async () => {
    const created = await subscribe();
    expect((await local.stripe.subscriptions.cancel(created.id)).status).toBe("canceled");
    const other = await subscribe({ cancel_at_period_end: true });
    await jumpTo(other.end - 1);
    expect(await statusOf(other)).toBe("active");
    await jumpTo(other.end);
    expect(await statusOf(other)).toBe("canceled");
  });
});

describe("a past due subscription", () => {
  test("is active once its latest invoice is paid, whoever pays it and when", async () => {
    const created = await pastDue();
    await giveCard(created, "pm_card_visa");
    await local.stripe.invoices.pay((await latestInvoice(created)).id);
    expect([await statusOf(created), await isDelinquent(created)]).toEqual(["active", false]);
  });

  test("is not active when an invoice before the latest is paid", async () => {
    await local.lab("POST", "/settings", { subscription_after_final_retry: "leave_past_due" });
    const created = await pastDue();
    const older = await latestInvoice(created);
    await jumpTo(created.end + 32 * DAY);
    expect((await latestInvoice(created)).id).not.toBe(older.id);
    await giveCard(created, "pm_card_visa");
    await local.stripe.invoices.pay(older.id);
    expect(await statusOf(created)).toBe("past_due");
    await local.stripe.invoices.pay((await latestInvoice(created)).id);
    expect(await statusOf(created)).toBe("active");
  });

  // https://docs.stripe.com/billing/subscriptions/overview#subscription-statuses
  test("is active once somebody writes its latest invoice off", async () => {
    const created = await pastDue();
    await local.stripe.invoices.markUncollectible((await latestInvoice(created)).id);
    expect([await statusOf(created), await isDelinquent(created)]).toEqual(["active", false]);
  });

  test.each([
    ["cancel", "canceled"],
    ["mark_unpaid", "unpaid"],
    ["leave_past_due", "past_due"],
  ])("is treated as the account says after the last retry: %s", async (setting, status) => {
    await local.lab("POST", "/settings", { subscription_after_final_retry: setting });
    const created = await pastDue();
    await jumpTo(created.end + HOUR + 15 * DAY);
    expect(await statusOf(created)).toBe(status);
  });

  // https://docs.stripe.com/api/customers/object#customer_object-delinquent
  test("whose invoice is written off by the last retry leaves its customer delinquent, and says why", async () => {
    await local.lab("POST", "/settings", {
      invoice_after_final_retry: "mark_uncollectible",
      subscription_after_final_retry: "leave_past_due",
    });
    const created = await pastDue();
    await jumpTo(created.end + HOUR + 15 * DAY);
    expect(await latestInvoice(created)).toMatchObject({
      status: "uncollectible",
      status_details: { uncollectible: { reason: "max_payment_attempts" } },
    });
    expect([await statusOf(created), await isDelinquent(created)]).toEqual(["past_due", true]);
  });

  // https://docs.stripe.com/billing/invoices/subscription#void-the-first-invoice-of-a-subscription
  test("is active when its first invoice is voided", async () => {
    const created = await subscribe({ collection_method: "send_invoice", days_until_due: 5 });
    const invoice = await latestInvoice(created);
    await jumpTo(invoice.due_date ?? 0);
    expect(await statusOf(created)).toBe("past_due");
    await local.stripe.invoices.voidInvoice(invoice.id);
    expect(await statusOf(created)).toBe("active");
  });

  test("can be canceled, and its invoice is collected no longer", async () => {
    const created = await pastDue();
    expect((await local.stripe.subscriptions.cancel(created.id)).status).toBe("canceled");
    expect(await latestInvoice(created)).toMatchObject({ status: "open", auto_advance: false });
  });
});

// https://docs.stripe.com/billing/invoices/subscription#void-the-most-recent-invoice-of-a-subscription
describe("without its latest invoice, the ones before decide about a subscription", () => {
  test("one that is paid makes it active", async () => {
    const created = await pastDue();
    await local.stripe.invoices.voidInvoice((await latestInvoice(created)).id);
    expect(await statusOf(created)).toBe("active");
  });

  test("one that was written off makes it active", async () => {
    await local.lab("POST", "/settings", { subscription_after_final_retry: "leave_past_due" });
    const created = await pastDue();
    const older = await latestInvoice(created);
    await jumpTo(created.end + 32 * DAY);
    await local.stripe.invoices.markUncollectible(older.id);
    await local.stripe.invoices.voidInvoice((await latestInvoice(created)).id);
    expect(await statusOf(created)).toBe("active");
  });

  test.each([
    ["cancel", "canceled"],
    ["mark_unpaid", "unpaid"],
    ["leave_past_due", "past_due"],
  ])("one whose retries ran out makes it what the account says: %s", async (setting, status) => {
    await local.lab("POST", "/settings", { subscription_after_final_retry: "leave_past_due" });
    const created = await pastDue();
    await jumpTo(created.end + 32 * DAY);
    await local.lab("POST", "/settings", { subscription_after_final_retry: setting });
    await local.stripe.invoices.voidInvoice((await latestInvoice(created)).id);
    expect(await statusOf(created)).toBe(status);
  });

  test("one that was sent and is past its due date makes it past due", async () => {
    const created = await subscribe({ collection_method: "send_invoice", days_until_due: 5 });
    await jumpTo(created.end + 2 * HOUR);
    const latest = await latestInvoice(created);
    expect(latest.status).toBe("open");
    await local.stripe.invoices.voidInvoice(latest.id);
    expect(await statusOf(created)).toBe("past_due");
  });

  test("one that is still being retried is passed over, and with no other it is active", async () => {
    const created = await pastDue();
    await giveCard(created, "pm_card_chargeCustomerFail");
    const { items } = await local.stripe.subscriptions.retrieve(created.id);
    await local.stripe.subscriptions.update(created.id, {
      items: [{ id: items.data[0]?.id ?? "", quantity: 3 }],
      proration_behavior: "always_invoice",
    });
    await local.stripe.invoices.voidInvoice((await latestInvoice(created)).id);
    expect(await statusOf(created)).toBe("active");
  });

  test("an invoice before the latest can be voided without any consequence", async () => {
    await local.lab("POST", "/settings", { subscription_after_final_retry: "leave_past_due" });
    const created = await pastDue();
    const older = await latestInvoice(created);
    await jumpTo(created.end + 32 * DAY);
    await local.stripe.invoices.voidInvoice(older.id);
    expect(await statusOf(created)).toBe("past_due");
  });
});

// https://docs.stripe.com/billing/subscriptions/overview#handle-unpaid-subscriptions
describe("an unpaid subscription", () => {
  test("goes on drafting invoices nobody is charged for, and is active once the newest is paid", async () => {
    const created = await unpaid();
    const open = await latestInvoice(created);
    await jumpTo(created.end + 40 * DAY);
    const draft = await latestInvoice(created);
    expect(draft).toMatchObject({ status: "draft", auto_advance: false });
    await giveCard(created, "pm_card_visa");
    await local.stripe.invoices.pay(open.id);
    expect(await statusOf(created)).toBe("unpaid");
    await local.stripe.invoices.finalizeInvoice(draft.id);
    await local.stripe.invoices.pay(draft.id);
    expect(await statusOf(created)).toBe("active");
  });

  test("is active when its newest invoice is written off", async () => {
    const created = await unpaid();
    await local.stripe.invoices.markUncollectible((await latestInvoice(created)).id);
    expect(await statusOf(created)).toBe("active");
  });

  test("can be canceled", async () => {
    expect((await local.stripe.subscriptions.cancel((await unpaid()).id)).status).toBe("canceled");
  });
});

// https://docs.stripe.com/billing/subscriptions/trials/free-trials
describe("a trialing subscription", () => {
  test("is active when its trial ends, and its invoice is paid an hour later", async () => {
    const created = await subscribe({ trial_period_days: 7 });
    expect(await statusOf(created)).toBe("trialing");
    await jumpTo(created.end);
    expect([await statusOf(created), (await latestInvoice(created)).status]).toEqual(["active", "draft"]);
    await jumpTo(created.end + HOUR);
    expect([await statusOf(created), (await latestInvoice(created)).status]).toEqual(["active", "paid"]);
  });

  test("is past due when its first payment fails", async () => {
    const created = await subscribe({ trial_period_days: 7 }, "pm_card_chargeCustomerFail");
    await jumpTo(created.end + HOUR);
    expect(await statusOf(created)).toBe("past_due");
  });

  test.each([
    ["create_invoice", "past_due"],
    ["cancel", "canceled"],
    ["pause", "paused"],
  ] as const)("without a card ends as it was set up: %s", async (missing, status) => {
    const created = await subscribe(
      { trial_period_days: 7, trial_settings: { end_behavior: { missing_payment_method: missing } } },
      null,
    );
    await jumpTo(created.end + HOUR);
    expect(await statusOf(created)).toBe(status);
  });

  test("can be set up otherwise while the trial lasts", async () => {
    const created = await subscribe({ trial_period_days: 7 }, null);
    await local.stripe.subscriptions.update(created.id, {
      trial_settings: { end_behavior: { missing_payment_method: "cancel" } },
    });
    await jumpTo(created.end);
    expect(await statusOf(created)).toBe("canceled");
  });

  test("can be canceled", async () => {
    const created = await subscribe({ trial_period_days: 7 });
    expect((await local.stripe.subscriptions.cancel(created.id)).status).toBe("canceled");
  });

  // https://docs.stripe.com/billing/subscriptions/billing-mode/compare#preserve-original-trial-end-date-when-subscription-cancels
  test("keeps its trial's end when its own end is announced before it, and ends there", async () => {
    const created = await subscribe({ trial_period_days: 7 });
    const before = await local.stripe.subscriptions.retrieve(created.id);
    const cancelAt = (await now()) + 3 * DAY;
    const announced = await local.stripe.subscriptions.update(created.id, { cancel_at: cancelAt });
    expect(announced).toMatchObject({ trial_end: before.trial_end, cancel_at: cancelAt });
    const later = await local.stripe.subscriptions.update(created.id, { cancel_at: cancelAt + 30 * DAY });
    expect(later.trial_end).toBe(before.trial_end);
    await local.stripe.subscriptions.update(created.id, { cancel_at: cancelAt });
    await jumpTo(cancelAt);
    expect(await statusOf(created)).toBe("canceled");
  });

  // https://docs.stripe.com/billing/subscriptions/billing-mode/compare#update-trial-start-date-for-subsequent-trials
  test("tells when its most recent trial began", async () => {
    const created = await subscribe({ trial_period_days: 7 });
    await jumpTo(created.end + 10 * DAY);
    const at = await now();
    const again = await local.stripe.subscriptions.update(created.id, { trial_end: at + 9 * DAY });
    expect(again).toMatchObject({ status: "trialing", trial_start: at, trial_end: at + 9 * DAY });
    await jumpTo(at + 9 * DAY);
    expect(await statusOf(created)).toBe("active");
  });

  // https://docs.stripe.com/billing/subscriptions/billing-mode/compare#re-bill-for-trial-line-items
  test("is shown what is new on an invoice over nothing, and not again what was there", async () => {
    const created = await subscribe({ trial_period_days: 7 });
    const other = await createPlan(local.stripe, { unit_amount: 500, recurring: { interval: "month" } });
    await local.stripe.subscriptions.update(created.id, { items: [{ price: other.id, quantity: 2 }] });
    const invoice = await latestInvoice(created);
    expect(invoice).toMatchObject({ total: 0, status: "paid", billing_reason: "subscription_update" });
    expect(invoice.lines.data).toMatchObject([
      { amount: 0, description: "Free trial for 2 × Community Pro", period: { end: created.end } },
    ]);
  });

  test("lasts two years at most", async () => {
    const error = await refusalOf(subscribe({ trial_end: (await now()) + 731 * DAY }));
    expect([error.statusCode, error.param]).toEqual([400, "trial_end"]);
  });

  test("is billed for what it used after its trial alone", async () => {
    const meter = await local.stripe.billing.meters.create({
      display_name: "Tokens",
      event_name: "tokens",
      default_aggregation: { formula: "sum" },
    });
    const metered = await createPlan(local.stripe, {
      unit_amount: 2,
      recurring: { interval: "month", usage_type: "metered", meter: meter.id },
    });
    const created = await subscribe({ trial_period_days: 7, items: [{ price: metered.id }] });
    const report = (value: string) =>
      local.stripe.billing.meterEvents.create({
        event_name: "tokens",
        payload: { value, stripe_customer_id: created.customer.id },
      });
    await report("10");
    await jumpTo(created.end);
    expect((await latestInvoice(created)).lines.data).toMatchObject([
      { amount: 0, description: "Free trial for 10 × Community Pro" },
    ]);
    await report("30");
    const { items } = await local.stripe.subscriptions.retrieve(created.id);
    await jumpTo(items.data[0]?.current_period_end ?? 0);
    expect((await latestInvoice(created)).total).toBe(60);
  });
});

// https://docs.stripe.com/billing/subscriptions/pause
describe("a paused subscription", () => {
  test("stays paused while invoices from before are tried in vain", async () => {
    await local.lab("POST", "/settings", { subscription_after_final_retry: "cancel" });
    const created = await pastDue();
    await local.stripe.subscriptions.pause(created.id);
    await jumpTo(created.end + 30 * DAY);
    expect(await statusOf(created)).toBe("paused");
    expect((await invoicesOf(created))[0]).toMatchObject({ attempt_count: 4, next_payment_attempt: null });
  });

  test("is active once its resumption is paid, with the old anchor or a new one", async () => {
    const created = await paused();
    await local.stripe.subscriptions.resume(created.id, { billing_cycle_anchor: { type: "now" } });
    expect(await statusOf(created)).toBe("paused");
    await local.stripe.invoices.pay((await latestInvoice(created)).id);
    expect(await statusOf(created)).toBe("active");
  });

  test("is active at once when resuming bills nothing", async () => {
    const created = await pausedByTrial();
    const resumed = await local.stripe.subscriptions.resume(created.id, {
      billing_cycle_anchor: { type: "unchanged" },
      proration_behavior: "none",
    });
    expect(resumed.status).toBe("active");
  });

  test("whose trial ended without a card is active once a card pays its resumption", async () => {
    const created = await pausedByTrial();
    await giveCard(created, "pm_card_visa");
    await local.stripe.subscriptions.resume(created.id);
    const { id } = await latestInvoice(created);
    await local.stripe.invoices.pay(id);
    expect(await statusOf(created)).toBe("active");
  });

  test("is past due when paying for its resumption fails", async () => {
    const created = await paused();
    await giveCard(created, "pm_card_chargeCustomerFail");
    await local.stripe.subscriptions.resume(created.id);
    await local.stripe.invoices.pay((await latestInvoice(created)).id).catch(() => undefined);
    expect(await statusOf(created)).toBe("past_due");
  });

  test("stays paused when paying fails and only success is to resume it", async () => {
    const created = await paused();
    await giveCard(created, "pm_card_chargeCustomerFail");
    const params = { payment_behavior: "resume_on_payment_success" } as const;
    expect((await local.stripe.subscriptions.resume(created.id, params)).status).toBe("paused");
    await giveCard(created, "pm_card_visa");
    await local.stripe.invoices.pay((await latestInvoice(created)).id);
    expect(await statusOf(created)).toBe("active");
  });

  test("is active when the resumption's invoice is written off", async () => {
    const created = await paused();
    await local.stripe.subscriptions.resume(created.id);
    await local.stripe.invoices.markUncollectible((await latestInvoice(created)).id);
    expect(await statusOf(created)).toBe("active");
  });

  test("stays paused when the resumption's invoice is voided, and can be resumed again", async () => {
    const created = await paused();
    await local.stripe.subscriptions.resume(created.id);
    await local.stripe.invoices.voidInvoice((await latestInvoice(created)).id);
    expect(await statusOf(created)).toBe("paused");
    await local.stripe.subscriptions.resume(created.id);
    await local.stripe.invoices.pay((await latestInvoice(created)).id);
    expect(await statusOf(created)).toBe("active");
  });

  test("stays paused when nobody pays within 23 hours, and the invoice is void", async () => {
    const created = await paused();
    await local.stripe.subscriptions.resume(created.id);
    await jumpTo((await now()) + 23 * HOUR);
    expect([await statusOf(created), (await latestInvoice(created)).status]).toEqual(["paused", "void"]);
  });

  // https://docs.stripe.com/billing/subscriptions/trials/free-trials#configure-pausing-when-a-payment-method-isnt-provided
  test("takes changes without prorating them, but no trial and no new anchor", async () => {
    const created = await paused();
    const before = await local.stripe.invoiceItems.list({ customer: created.customer.id, pending: true });
    const { items } = await local.stripe.subscriptions.retrieve(created.id);
    await local.stripe.subscriptions.update(created.id, {
      items: [{ id: items.data[0]?.id ?? "", quantity: 4 }],
    });
    const after = await local.stripe.invoiceItems.list({ customer: created.customer.id, pending: true });
    expect(after.data).toHaveLength(before.data.length);
    const trial = await refusalOf(
      local.stripe.subscriptions.update(created.id, { trial_end: (await now()) + DAY }),
    );
    expect(trial.param).toBe("trial_end");
    const anchor = await refusalOf(
      local.stripe.subscriptions.update(created.id, { billing_cycle_anchor: { type: "now" } }),
    );
    expect(anchor.param).toBe("billing_cycle_anchor");
  });

  // https://docs.stripe.com/billing/subscriptions/trials/free-trials#usage-based-billing-with-paused-subscriptions
  test("is never billed for what was used during the pause", async () => {
    const meter = await local.stripe.billing.meters.create({
      display_name: "Calls",
      event_name: "calls",
      default_aggregation: { formula: "sum" },
    });
    const metered = await createPlan(local.stripe, {
      unit_amount: 1,
      recurring: { interval: "month", usage_type: "metered", meter: meter.id },
    });
    const created = await subscribe({ items: [{ price: metered.id }] });
    const report = (value: string) =>
      local.stripe.billing.meterEvents.create({
        event_name: "calls",
        payload: { value, stripe_customer_id: created.customer.id },
      });
    await report("100");
    await jumpTo((await now()) + DAY);
    await local.stripe.subscriptions.pause(created.id);
    await report("5000");
    await jumpTo((await now()) + DAY);
    await local.stripe.subscriptions.resume(created.id, { billing_cycle_anchor: { type: "unchanged" } });
    await jumpTo((await now()) + DAY);
    await report("70");
    await jumpTo(created.end);
    expect((await latestInvoice(created)).total).toBe(170);
  });

  test("can be canceled, and ends at an announced moment as well", async () => {
    expect((await local.stripe.subscriptions.cancel((await paused()).id)).status).toBe("canceled");
    const announced = await subscribe({ cancel_at: (await now()) + 10 * DAY });
    await local.stripe.subscriptions.pause(announced.id);
    await jumpTo((await now()) + 10 * DAY);
    expect(await statusOf(announced)).toBe("canceled");
  });
});

// https://docs.stripe.com/billing/subscriptions/cancel
describe("an ended subscription", () => {
  test("takes new metadata and cancellation details and nothing else", async () => {
    const created = await subscribe();
    await local.stripe.subscriptions.cancel(created.id);
    const updated = await local.stripe.subscriptions.update(created.id, {
      metadata: { a: "1" },
      cancellation_details: { comment: "Bye" },
    });
    expect(updated).toMatchObject({ metadata: { a: "1" }, cancellation_details: { comment: "Bye" } });
    expect((await refusalOf(local.stripe.subscriptions.resume(created.id))).statusCode).toBe(400);
    const update = local.stripe.subscriptions.update(created.id, { description: "Again" });
    expect((await refusalOf(update)).statusCode).toBe(400);
  });

  test("makes no more invoices, and paying an old one does not bring it back", async () => {
    const created = await pastDue();
    await local.stripe.subscriptions.cancel(created.id);
    await giveCard(created, "pm_card_visa");
    await local.stripe.invoices.pay((await latestInvoice(created)).id);
    await jumpTo(created.end + 100 * DAY);
    expect(await statusOf(created)).toBe("canceled");
    expect(await invoicesOf(created)).toHaveLength(2);
  });
});
