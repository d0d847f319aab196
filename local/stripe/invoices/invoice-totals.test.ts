import type Stripe from "stripe";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { createPayingCustomer, createPlan } from "@/local/stripe/testing/catalogue";
import { draftOver } from "@/local/stripe/testing/invoicing";
import { refusalOf, startTestStripe, type TestStripe } from "@/local/stripe/testing/start-test-stripe";

let local: TestStripe;
let customer: Stripe.Customer;
beforeAll(async () => {
  local = await startTestStripe();
});
afterAll(() => local.server.close());
beforeEach(async () => {
  customer = await createPayingCustomer(local.stripe);
});

const HOUR = 3600;

function coupon(params: Stripe.CouponCreateParams): Promise<Stripe.Coupon> {
  return local.stripe.coupons.create({ duration: "once", ...params });
}

function vat(percentage: number, inclusive = false): Promise<Stripe.TaxRate> {
  return local.stripe.taxRates.create({ display_name: "VAT", percentage, inclusive });
}

// https://docs.stripe.com/billing/subscriptions/coupons and https://docs.stripe.com/billing/taxes/tax-rates
describe("discounts and taxes of a draft", () => {
  test("are worked out anew with every change, and stay as they are once finalized", async () => {
    const [half, rate] = [await coupon({ percent_off: 50 }), await vat(20)];
    const draft = await draftOver(local.stripe, customer, [1000], {
      discounts: [{ coupon: half.id }],
      default_tax_rates: [rate.id],
    });
    expect(draft).toMatchObject({ subtotal: 1000, total: 600, amount_due: 600, total_excluding_tax: 500 });
    expect(draft.lines.data).toMatchObject([
      { discount_amounts: [{ amount: 500 }], taxes: [{ amount: 100, tax_behavior: "exclusive" }] },
    ]);
    await local.stripe.invoiceItems.create({
      customer: customer.id,
      invoice: draft.id,
      amount: 200,
      currency: "usd",
    });
    expect((await local.stripe.invoices.retrieve(draft.id)).total).toBe(720);
    const plain = await local.stripe.invoices.update(draft.id, { discounts: "", default_tax_rates: "" });
    expect(plain).toMatchObject({ total: 1200, discounts: [], default_tax_rates: [], total_taxes: [] });
    const open = await local.stripe.invoices.finalizeInvoice(draft.id);
    expect(open).toMatchObject({ total: 1200, amount_due: 1200, amount_remaining: 1200 });
    const intent = (await local.stripe.invoicePayments.list({ invoice: draft.id })).data[0]?.payment;
    expect((await local.stripe.paymentIntents.retrieve(String(intent?.payment_intent))).amount).toBe(1200);
  });

  test("an item's own rates and discounts come before the invoice's", async () => {
    const [general, own] = [await vat(20), await vat(5)];
    const [ten, hundred] = [
      await coupon({ percent_off: 10 }),
      await coupon({ amount_off: 100, currency: "usd" }),
    ];
    const draft = await local.stripe.invoices.create({
      customer: customer.id,
      currency: "usd",
      default_tax_rates: [general.id],
      discounts: [{ coupon: ten.id }],
    });
    await local.stripe.invoiceItems.create({
      customer: customer.id,
      invoice: draft.id,
      amount: 1100,
      currency: "usd",
      tax_rates: [own.id],
      discounts: [{ coupon: hundred.id }],
    });
    // 1100 - 100 = 1000, less 10 % = 900, plus 5 % = 945.
    expect(await local.stripe.invoices.retrieve(draft.id)).toMatchObject({
      subtotal: 1000,
      total_excluding_tax: 900,
      total: 945,
      total_taxes: [{ tax_rate_details: { tax_rate: own.id }, amount: 45 }],
    });
  });

  test("automatic tax takes the rate of where the customer is, and waits for an address", async () => {
    const draft = await draftOver(local.stripe, customer, [1000], { automatic_tax: { enabled: true } });
    expect(draft).toMatchObject({ total: 1000, automatic_tax: { status: "requires_location_inputs" } });
    await local.stripe.customers.update(customer.id, { address: { country: "DE", postal_code: "10115" } });
    expect(await local.stripe.invoices.retrieve(draft.id)).toMatchObject({
      total: 1190,
      automatic_tax: { enabled: true, status: "complete" },
      total_taxes: [{ amount: 190, taxability_reason: "standard_rated", tax_behavior: "exclusive" }],
    });
    const foreigner = await createPayingCustomer(local.stripe);
    const nowhere = await draftOver(local.stripe, foreigner, [1000], { automatic_tax: { enabled: true } });
    expect(await local.stripe.invoices.finalizeInvoice(nowhere.id)).toMatchObject({
      total: 1000,
      automatic_tax: { enabled: false, disabled_reason: "finalization_requires_location_inputs" },
    });
  });

  // https://docs.stripe.com/tax/products-prices-tax-codes-tax-behavior#setting-a-default-tax-behavior-(recommended)
  test("automatic tax is inside of a price that does not say, where the settings have it so", async () => {
    await local.stripe.tax.settings.update({ defaults: { tax_behavior: "inclusive" } });
    const customer = await local.stripe.customers.create({ address: { country: "DE" } });
    const invoice = await draftOver(local.stripe, customer, [11_900], { automatic_tax: { enabled: true } });
    expect(invoice).toMatchObject({ total: 11_900, total_excluding_tax: 10_000 });
    await local.stripe.tax.settings.update({ defaults: { tax_behavior: "exclusive" } });
    const other = await draftOver(local.stripe, customer, [10_000], { automatic_tax: { enabled: true } });
    expect(other).toMatchObject({ total: 11_900, total_excluding_tax: 10_000 });
  });

  test("a subscription's coupon for one invoice is on the first and leaves it", async () => {
    const [plan, half] = [await createPlan(local.stripe), await coupon({ percent_off: 50 })];
    const subscription = await local.stripe.subscriptions.create({
      customer: customer.id,
      items: [{ price: plan.id }],
      discounts: [{ coupon: half.id }],
      expand: ["latest_invoice"],
    });
    expect(subscription.latest_invoice).toMatchObject({ total: 2700, amount_paid: 2700 });
    const renewed = await local.stripe.subscriptions.retrieve(subscription.id);
    expect(renewed.discounts).toEqual([]);
    const end = renewed.items.data[0]?.current_period_end ?? 0;
    await local.lab("POST", "/clock", { to: end + HOUR });
    const [second] = (await local.stripe.invoices.list({ subscription: subscription.id })).data;
    expect(second).toMatchObject({ total: 5400, amount_paid: 5400, discounts: [] });
  });
});

// https://docs.stripe.com/billing/subscriptions/coupons
test("a discount that ends while its invoice is a draft stays on it", async () => {
  const [plan, half] = [
    await createPlan(local.stripe, { recurring: { interval: "month" } }),
    await coupon({ percent_off: 50, duration: "repeating", duration_in_months: 1 }),
  ];
  const subscription = await local.stripe.subscriptions.create({
    customer: customer.id,
    items: [{ price: plan.id }],
  });
  await local.lab("POST", "/clock", { advance_ms: 0.5 * HOUR * 1000 });
  await local.stripe.subscriptions.update(subscription.id, { discounts: [{ coupon: half.id }] });
  const end = subscription.items.data[0]?.current_period_end ?? 0;
  await local.lab("POST", "/clock", { to: end + HOUR });
  const [renewal] = (await local.stripe.invoices.list({ subscription: subscription.id })).data;
  expect(renewal).toMatchObject({ status: "paid", created: end, amount_paid: 2700 });
  expect((await local.stripe.subscriptions.retrieve(subscription.id)).discounts).toEqual([]);
});

// https://docs.stripe.com/billing/customer/balance
describe("the customer's balance", () => {
  const balanceOf = async (id: string) =>
    ((await local.stripe.customers.retrieve(id)) as Stripe.Customer).balance;
  const ledgerOf = async (id: string) =>
    (await local.stripe.customers.listBalanceTransactions(id)).data.map(
      ({ type, amount, ending_balance: ending, invoice }) => ({ type, amount, ending, invoice }),
    );

  test("a credit is shown on drafts, and pays first when one is finalized", async () => {
    const draft = await draftOver(local.stripe, customer, [1000]);
    await local.stripe.customers.createBalanceTransaction(customer.id, { amount: -300, currency: "usd" });
    expect(await local.stripe.invoices.retrieve(draft.id)).toMatchObject({
      starting_balance: -300,
      ending_balance: null,
      amount_due: 700,
    });
    const open = await local.stripe.invoices.finalizeInvoice(draft.id);
    expect(open).toMatchObject({ total: 1000, starting_balance: -300, ending_balance: 0, amount_due: 700 });
    expect(await balanceOf(customer.id)).toBe(0);
    expect(await ledgerOf(customer.id)).toEqual([
      { type: "applied_to_invoice", amount: 300, ending: 0, invoice: draft.id },
      { type: "adjustment", amount: -300, ending: -300, invoice: null },
    ]);
  });

  // https://docs.stripe.com/changelog/2019-12-03/customer-balances-returned-voided-invoices
  test("voiding gives back what was applied", async () => {
    await local.stripe.customers.createBalanceTransaction(customer.id, { amount: -300, currency: "usd" });
    const draft = await draftOver(local.stripe, customer, [1000]);
    await local.stripe.invoices.finalizeInvoice(draft.id);
    await local.stripe.invoices.voidInvoice(draft.id);
    expect(await balanceOf(customer.id)).toBe(-300);
    expect((await ledgerOf(customer.id))[0]).toMatchObject({
      type: "unapplied_from_invoice",
      amount: -300,
      ending: -300,
      invoice: draft.id,
    });
  });

  test("a negative total becomes credit, and the invoice is paid", async () => {
    const draft = await draftOver(local.stripe, customer, [1000, -1500]);
    const paid = await local.stripe.invoices.finalizeInvoice(draft.id);
    expect(paid).toMatchObject({ status: "paid", total: -500, amount_due: 0, ending_balance: -500 });
    expect(await balanceOf(customer.id)).toBe(-500);
    const next = await draftOver(local.stripe, customer, [700]);
    expect(await local.stripe.invoices.finalizeInvoice(next.id)).toMatchObject({
      amount_due: 200,
      starting_balance: -500,
      ending_balance: 0,
    });
  });

  test("less than the minimum charge is not charged, but owed with the next invoice", async () => {
    const small = await draftOver(local.stripe, customer, [49]);
    const paid = await local.stripe.invoices.finalizeInvoice(small.id);
    expect(paid).toMatchObject({
      status: "paid",
      total: 49,
      amount_due: 0,
      amount_paid: 0,
      ending_balance: 49,
    });
    expect((await ledgerOf(customer.id))[0]).toMatchObject({ type: "invoice_too_small", amount: 49 });
    expect((await local.stripe.charges.list({ customer: customer.id })).data).toEqual([]);
    const next = await draftOver(local.stripe, customer, [1000]);
    expect(await local.stripe.invoices.pay(next.id)).toMatchObject({ total: 1000, amount_paid: 1049 });
    expect(await balanceOf(customer.id)).toBe(0);
  });

  test("of another currency than the customer's is refused, and not applied", async () => {
    await local.stripe.customers.createBalanceTransaction(customer.id, { amount: -300, currency: "usd" });
    const error = await refusalOf(
      local.stripe.customers.createBalanceTransaction(customer.id, { amount: -300, currency: "eur" }),
    );
    expect(error.code).toBe("not_simulated");
    const draft = await local.stripe.invoices.create({ customer: customer.id, currency: "eur" });
    await local.stripe.invoiceItems.create({
      customer: customer.id,
      invoice: draft.id,
      amount: 500,
      currency: "eur",
    });
    expect(await local.stripe.invoices.retrieve(draft.id)).toMatchObject({
      starting_balance: 0,
      amount_due: 500,
    });
  });
});
