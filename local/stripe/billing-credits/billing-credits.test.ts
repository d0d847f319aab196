import type Stripe from "stripe";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createPayingCustomer } from "@/local/stripe/testing/catalogue";
import { toldOf } from "@/local/stripe/testing/invoicing";
import { refusalOf, startTestStripe, type TestStripe } from "@/local/stripe/testing/start-test-stripe";

const DAY_SECONDS = 24 * 60 * 60;

let local: TestStripe;
let stripe: Stripe;
let customer: string;
let now: number;
beforeEach(async () => {
  local = await startTestStripe();
  stripe = local.stripe;
  now = Date.UTC(2026, 8, 1, 12) / 1000;
  await local.lab("POST", "/clock", { start_at: now });
  customer = (await createPayingCustomer(stripe)).id;
});
afterEach(() => local.server.close());

type GrantOptions = Omit<Partial<Stripe.Billing.CreditGrantCreateParams>, "amount">;

function grant(value: number, params: GrantOptions = {}): Promise<Stripe.Billing.CreditGrant> {
  return stripe.billing.creditGrants.create({
    customer,
    amount: { type: "monetary", monetary: { currency: "usd", value } },
    applicability_config: { scope: { price_type: "metered" } },
    ...params,
  });
}

async function createMeteredPrice(name: string): Promise<Stripe.Price> {
  const meter = await stripe.billing.meters.create({
    display_name: name,
    event_name: name,
    default_aggregation: { formula: "sum" },
  });
  const product = await stripe.products.create({ name });
  return stripe.prices.create({
    product: product.id,
    currency: "usd",
    unit_amount: 10,
    recurring: { interval: "month", usage_type: "metered", meter: meter.id },
  });
}

/** Subscribes to usage at ten cents, uses some, and goes to where it was billed. */
async function bill(
  units: Record<string, number>,
  params: Partial<Stripe.SubscriptionCreateParams> = {},
): Promise<Stripe.Invoice> {
  const prices = await Promise.all(Object.keys(units).map(createMeteredPrice));
  return billPrices(prices, units, params);
}

async function billPrices(
  prices: Stripe.Price[],
  units: Record<string, number>,
  params: Partial<Stripe.SubscriptionCreateParams> = {},
): Promise<Stripe.Invoice> {
  const { id } = await stripe.subscriptions.create({
    customer,
    items: prices.map((price) => ({ price: price.id })),
    ...params,
  });
  for (const [event_name, value] of Object.entries(units)) {
    const payload = { stripe_customer_id: customer, value: String(value) };
    await stripe.billing.meterEvents.create({ event_name, payload });
  }
  const { json } = await local.lab("POST", "/clock", { to: { next_renewal: id } });
  now = Number(json.now);
  const [invoice] = (await stripe.invoices.list({ subscription: id, limit: 1 })).data;
  if (!invoice) throw new Error("There is no invoice.");
  return invoice;
}

async function available(
  filter: Stripe.Billing.CreditBalanceSummaryRetrieveParams.Filter = {
    type: "applicability_scope",
    applicability_scope: { price_type: "metered" },
  },
): Promise<number | undefined> {
  const summary = await stripe.billing.creditBalanceSummaries.retrieve({ customer, filter });
  return summary.balances[0]?.available_balance.monetary?.value;
}

async function movements(creditGrant?: string): Promise<[string | undefined, number | undefined][]> {
  const { data } = await stripe.billing.creditBalanceTransactions.list({
    customer,
    ...(creditGrant === undefined ? {} : { credit_grant: creditGrant }),
  });
  return data
    .map(({ credit, debit }): [string | undefined, number | undefined] => {
      const one = credit ?? debit;
      return [one?.type, one?.amount.monetary?.value];
    })
    .reverse();
}

// https://docs.stripe.com/api/billing/credit-grant
describe("a credit grant", () => {
  test("is paid, of middle priority and effective at once unless told otherwise", async () => {
    const granted = await grant(1000, { name: "Prepaid", metadata: { order: "1" } });
    expect(granted).toMatchObject({
      id: expect.stringMatching(/^credgr_test_\w{24}$/),
      amount: { type: "monetary", monetary: { currency: "usd", value: 1000 } },
      applicability_config: { scope: { price_type: "metered" } },
      category: "paid",
      customer,
      effective_at: granted.created,
      expires_at: null,
      name: "Prepaid",
      priority: 50,
      voided_at: null,
    });
    expect(await available()).toBe(1000);
    expect(await movements()).toEqual([["credits_granted", 1000]]);
    expect(await toldOf(stripe, granted.id)).toEqual(["billing.credit_grant.created"]);
    const updated = await stripe.billing.creditGrants.update(granted.id, {
      expires_at: now + DAY_SECONDS,
      metadata: { order: "2" },
    });
    expect([updated.expires_at, updated.metadata]).toEqual([now + DAY_SECONDS, { order: "2" }]);
    const unset = await stripe.billing.creditGrants.update(granted.id, { expires_at: "" });
    expect(unset.expires_at).toBeNull();
    expect((await stripe.billing.creditGrants.list({ customer })).data).toEqual([unset]);
  });

  test("refuses what makes no sense, by the parameter's name", async () => {
    const licensed = await stripe.prices.create({
      product_data: { name: "Seat" },
      currency: "usd",
      unit_amount: 100,
      recurring: { interval: "month" },
    });
    const scope = (value: object) => ({ applicability_config: { scope: value } });
    const paramOf = async (params: GrantOptions) => (await refusalOf(grant(1000, params))).param;
    const two = { price_type: "metered", prices: [{ id: licensed.id }] };
    expect(await paramOf(scope(two))).toBe("applicability_config[scope]");
    expect(await paramOf(scope({ prices: [{ id: licensed.id }] }))).toBe(
      "applicability_config[scope][prices][0][id]",
    );
    expect(await paramOf({ expires_at: now - 1 })).toBe("expires_at");
    expect(await paramOf({ priority: 101 })).toBe("priority");
    expect(await paramOf({ customer: "cus_none" })).toBe("customer");
    expect((await refusalOf(grant(0))).param).toBe("amount[monetary][value]");
  });

  test("expires by time, or at once when told to; what was left is gone", async () => {
    const timed = await grant(1000, { expires_at: now + DAY_SECONDS });
    const ended = await grant(500);
    const expired = await stripe.billing.creditGrants.expire(ended.id);
    expect(expired.expires_at).toBe(expired.updated);
    expect(await movements(ended.id)).toEqual([
      ["credits_granted", 500],
      ["credits_expired", 500],
    ]);
    expect(await available()).toBe(1000);
    await local.lab("POST", "/clock", { advance_ms: DAY_SECONDS * 1000 });
    expect(await available()).toBeUndefined();
    expect(await movements(timed.id)).toEqual([
      ["credits_granted", 1000],
      ["credits_expired", 1000],
    ]);
    expect((await refusalOf(stripe.billing.creditGrants.expire(timed.id))).statusCode).toBe(400);
  });

  test("can be voided while nothing of it was used", async () => {
    const unused = await grant(700);
    const voided = await stripe.billing.creditGrants.voidGrant(unused.id);
    expect(voided.voided_at).toBe(voided.updated);
    expect(await movements(unused.id)).toEqual([
      ["credits_granted", 700],
      ["credits_voided", 700],
    ]);
    const used = await grant(5000);
    await bill({ tokens: 10 });
    const refusal = await refusalOf(stripe.billing.creditGrants.voidGrant(used.id));
    expect(refusal.message).toContain("applied to an invoice");
  });

  test("counts from when it is effective", async () => {
    const later = await grant(300, { effective_at: now + DAY_SECONDS });
    const filter = { type: "credit_grant", credit_grant: later.id } as const;
    expect(await available(filter)).toBe(0);
    await local.lab("POST", "/clock", { advance_ms: DAY_SECONDS * 1000 });
    expect(await available(filter)).toBe(300);
  });
});

// https://docs.stripe.com/billing/subscriptions/usage-based/billing-credits
describe("credits on invoices", () => {
  test("pay for metered usage when the invoice is finalized, and the rest is charged", async () => {
    const { id } = await grant(700);
    const invoice = await bill({ tokens: 100 });
    const [transaction] = (await stripe.billing.creditBalanceTransactions.list({ credit_grant: id })).data;
    const line = invoice.lines.data.find(({ amount }) => amount > 0);
    expect(invoice).toMatchObject({
      status: "paid",
      subtotal: 1000,
      total: 300,
      total_excluding_tax: 300,
      amount_paid: 300,
      total_pretax_credit_amounts: [
        { amount: 700, credit_balance_transaction: transaction?.id, type: "credit_balance_transaction" },
      ],
    });
    expect(line?.pretax_credit_amounts).toEqual(invoice.total_pretax_credit_amounts);
    expect(transaction).toMatchObject({
      type: "debit",
      debit: {
        type: "credits_applied",
        amount: { monetary: { currency: "usd", value: 700 } },
        credits_applied: { invoice: invoice.id, invoice_line_item: line?.id },
      },
    });
    expect(await available()).toBe(0);
    expect(await toldOf(stripe, String(transaction?.id))).toEqual([
      "billing.credit_balance_transaction.created",
    ]);
  });

  test("come after discounts and before taxes", async () => {
    await grant(400);
    const coupon = await stripe.coupons.create({ percent_off: 50, duration: "forever" });
    const rate = await stripe.taxRates.create({ display_name: "VAT", percentage: 10, inclusive: false });
    const invoice = await bill(
      { tokens: 100 },
      { discounts: [{ coupon: coupon.id }], default_tax_rates: [rate.id] },
    );
    // 1000 less 500 less 400, and a tenth of that on top.
    expect([invoice.total_excluding_tax, invoice.total]).toEqual([100, 110]);
    expect(invoice.total_pretax_credit_amounts?.map(({ type, amount }) => [type, amount])).toEqual([
      ["discount", 500],
      ["credit_balance_transaction", 400],
    ]);
  });

  test("are used by priority, then expiry, category, effect and age", async () => {
    const soon = now + 100 * DAY_SECONDS;
    const names = ["created", "effective", "category", "expiry", "priority"] as const;
    const grants = {
      created: await grant(100, { effective_at: now }),
      effective: await grant(100, { effective_at: now - 1 }),
      category: await grant(100, { category: "promotional" }),
      expiry: await grant(100, { expires_at: soon }),
      priority: await grant(100, { priority: 1 }),
    };
    const invoice = await bill({ tokens: 35 });
    const used = (await stripe.billing.creditBalanceTransactions.list({ customer })).data
      .filter(({ type }) => type === "debit")
      .reverse()
      .map((one) => [
        names.find((name) => grants[name].id === one.credit_grant),
        one.debit?.amount.monetary?.value,
      ]);
    expect(used).toEqual([
      ["priority", 100],
      ["expiry", 100],
      ["category", 100],
      ["effective", 50],
    ]);
    expect([invoice.total, invoice.status]).toEqual([0, "paid"]);
  });

  test("pay only for the prices they are for, in their currency, and never for licenses", async () => {
    const [tokens, images] = [await createMeteredPrice("tokens"), await createMeteredPrice("images")];
    await grant(5000, { applicability_config: { scope: { prices: [{ id: images.id }] } } });
    await stripe.billing.creditGrants.create({
      customer,
      amount: { type: "monetary", monetary: { currency: "eur", value: 5000 } },
      applicability_config: { scope: { price_type: "metered" } },
    });
    const seat = await stripe.prices.create({
      product_data: { name: "Seat" },
      currency: "usd",
      unit_amount: 900,
      recurring: { interval: "month" },
    });
    const invoice = await billPrices([tokens, images, seat], { tokens: 20, images: 30 });
    const paid = invoice.lines.data
      .filter(({ amount }) => amount > 0)
      .map(({ amount, pretax_credit_amounts: credits }) => [amount, credits?.[0]?.amount ?? 0])
      .sort(([a = 0], [b = 0]) => a - b);
    expect(paid).toEqual([
      [200, 0],
      [300, 300],
      [900, 0],
    ]);
    expect(
      await available({
        type: "applicability_scope",
        applicability_scope: { prices: [{ id: images.id }] },
      }),
    ).toBe(4700);
  });

  // https://docs.stripe.com/changelog/acacia/2024-12-18/billing-credits-invoice-voiding
  test("come back when the invoice is voided, and expire at once if it is too late for them", async () => {
    const [lasting, ending] = [
      await grant(300, { priority: 1 }),
      await grant(200, { expires_at: now + 40 * DAY_SECONDS }),
    ];
    const sent = { collection_method: "send_invoice", days_until_due: 30 } as const;
    const invoice = await bill({ tokens: 100 }, sent);
    expect([invoice.status, invoice.amount_due]).toEqual(["open", 500]);
    await local.lab("POST", "/clock", { advance_ms: 15 * DAY_SECONDS * 1000 });
    await stripe.invoices.voidInvoice(invoice.id);
    expect(await movements(lasting.id)).toEqual([
      ["credits_granted", 300],
      ["credits_applied", 300],
      ["credits_application_invoice_voided", 300],
    ]);
    expect((await movements(ending.id)).slice(2)).toEqual([
      ["credits_application_invoice_voided", 200],
      ["credits_expired", 200],
    ]);
    expect(await available()).toBe(300);
  });

  // https://docs.stripe.com/api/credit_notes/create
  test("are left out of what a credit note gives back", async () => {
    await grant(700);
    const invoice = await bill({ tokens: 100 });
    const line = invoice.lines.data.find(({ amount }) => amount > 0);
    const note = await stripe.creditNotes.create({
      invoice: invoice.id,
      lines: [{ type: "invoice_line_item", invoice_line_item: String(line?.id), amount: 1000 }],
      refund_amount: 300,
    });
    expect([note.total, note.pretax_credit_amounts.map(({ amount }) => amount)]).toEqual([300, [700]]);
  });
});

// https://docs.stripe.com/api/billing/credit-balance-summary
test("a summary asks for the filter it names, and for the customer's own grants", async () => {
  const other = await stripe.customers.create({});
  const { id } = await grant(100);
  const filter = { type: "credit_grant", credit_grant: id } as const;
  const foreign = stripe.billing.creditBalanceSummaries.retrieve({ customer: other.id, filter });
  expect((await refusalOf(foreign)).param).toBe("filter[credit_grant]");
  const unnamed = stripe.billing.creditBalanceSummaries.retrieve({
    customer,
    filter: { type: "credit_grant" },
  });
  expect((await refusalOf(unnamed)).code).toBe("parameter_missing");
});
