import type Stripe from "stripe";
import { afterAll, beforeAll, expect, test } from "vitest";
import { OPERATIONS } from "@/local/stripe/operations";
import { createPayingCustomer, createPlan } from "@/local/stripe/testing/catalogue";
import { startTestStripe, type TestStripe } from "@/local/stripe/testing/start-test-stripe";
import { expectReadBack } from "./check-read-back";

let local: TestStripe;
let stripe: Stripe;
let customer: Stripe.Customer;
let price: Stripe.Price;
beforeAll(async () => {
  local = await startTestStripe();
  stripe = local.stripe;
  customer = await createPayingCustomer(stripe);
  price = await createPlan(stripe);
});
afterAll(() => local.server.close());

type Make = () => Promise<unknown>;

const usd = (amount: number) => ({ amount, currency: "usd" });

async function paidInvoice(): Promise<string> {
  const { id } = await stripe.invoices.create({ customer: customer.id, currency: "usd" });
  await stripe.invoiceItems.create({ customer: customer.id, invoice: id, ...usd(2000) });
  await stripe.invoices.pay(id);
  return id;
}

async function charge(): Promise<string> {
  const { latest_charge } = await stripe.paymentIntents.create({
    ...usd(500),
    payment_method: "pm_card_visa",
    automatic_payment_methods: { enabled: true, allow_redirects: "never" },
    confirm: true,
  });
  return typeof latest_charge === "string" ? latest_charge : "";
}

function subscribe(): Promise<Stripe.Subscription> {
  return stripe.subscriptions.create({ customer: customer.id, items: [{ price: price.id }] });
}

/** One of each kind that can be made and read by its id, under the call that makes it. */
const MAKE: Record<string, Make> = {
  "/v1/billing/credit_grants": () =>
    stripe.billing.creditGrants.create({
      customer: customer.id,
      category: "promotional",
      amount: { type: "monetary", monetary: { value: 500, currency: "usd" } },
      applicability_config: { scope: { price_type: "metered" } },
    }),
  "/v1/billing/meters": () =>
    stripe.billing.meters.create({
      display_name: "Calls",
      event_name: "calls",
      default_aggregation: { formula: "sum" },
    }),
  "/v1/billing_portal/configurations": () =>
    stripe.billingPortal.configurations.create({ features: { invoice_history: { enabled: true } } }),
  "/v1/checkout/sessions": () =>
    stripe.checkout.sessions.create({
      mode: "subscription",
      line_items: [{ price: price.id, quantity: 1 }],
      success_url: "http://localhost:3000/",
    }),
  "/v1/coupons": () => stripe.coupons.create({ percent_off: 12.5, duration: "forever" }),
  "/v1/credit_notes": async () => {
    const invoice = await paidInvoice();
    return stripe.creditNotes.create({ invoice, amount: 300, credit_amount: 300 });
  },
  "/v1/customers": () => stripe.customers.create({ name: "Ada", metadata: { a: "1" } }),
  "/v1/customers/:customer/balance_transactions": () =>
    stripe.customers.createBalanceTransaction(customer.id, usd(-200)),
  "/v1/invoiceitems": () => stripe.invoiceItems.create({ customer: customer.id, ...usd(100) }),
  "/v1/invoices": () => stripe.invoices.create({ customer: customer.id, description: "Work" }),
  "/v1/payment_intents": () => stripe.paymentIntents.create(usd(700)),
  "/v1/payment_methods": () =>
    stripe.paymentMethods.create({ type: "card", card: { token: "tok_visa" }, metadata: { a: "1" } }),
  "/v1/prices": () => createPlan(stripe, { unit_amount: 100 }),
  "/v1/products": () => stripe.products.create({ name: "Pro", marketing_features: [{ name: "Seats" }] }),
  "/v1/promotion_codes": async () => {
    const { id } = await stripe.coupons.create({ percent_off: 5 });
    return stripe.promotionCodes.create({ promotion: { type: "coupon", coupon: id } });
  },
  "/v1/refunds": async () => stripe.refunds.create({ charge: await charge(), amount: 200 }),
  "/v1/setup_intents": () => stripe.setupIntents.create({ customer: customer.id }),
  "/v1/subscription_items": async () => {
    const { id } = await subscribe();
    return stripe.subscriptionItems.create({ subscription: id, price: (await createPlan(stripe)).id });
  },
  "/v1/subscription_schedules": async () =>
    stripe.subscriptionSchedules.create({ from_subscription: (await subscribe()).id }),
  "/v1/subscriptions": () => subscribe(),
  "/v1/customers/:customer/tax_ids": () =>
    stripe.customers.createTaxId(customer.id, { type: "us_ein", value: "12-3456789" }),
  "/v1/tax_ids": () => stripe.taxIds.create({ type: "us_ein", value: "12-3456789" }),
  "/v1/tax_rates": () => stripe.taxRates.create({ display_name: "VAT", percentage: 7, inclusive: true }),
  "/v1/test_helpers/test_clocks": () => stripe.testHelpers.testClocks.create({ frozen_time: 2_000_000_000 }),
  "/v1/tokens": () =>
    stripe.tokens.create({
      card: { number: "4242424242424242", exp_month: "12", exp_year: "2034", cvc: "123" },
    }),
  "/v1/webhook_endpoints": () =>
    stripe.webhookEndpoints.create({ url: "http://127.0.0.1:1/", enabled_events: ["payout.paid"] }),
};

test.each(Object.entries(MAKE))("POST %s answers what is read back by its id", async (_path, make) => {
  await expectReadBack(stripe, await make());
});

test("every kind that can be made and read is among them", () => {
  const paths = new Set(OPERATIONS.map(({ method, path }) => `${method} ${path}`));
  const made = OPERATIONS.filter(({ method, path }) => {
    const isRead = [...paths].some(
      (each) => each.startsWith(`GET ${path}/:`) && !each.slice(`GET ${path}/:`.length).includes("/"),
    );
    return method === "POST" && isRead;
  });
  expect(made.map(({ path }) => path).sort()).toEqual(Object.keys(MAKE).sort());
});

test("an object changed is read back as its change answered it", async () => {
  const { id } = await stripe.customers.create({ name: "Ada" });
  await expectReadBack(stripe, await stripe.customers.update(id, { name: "Grace", metadata: { a: "1" } }));
  const product = await stripe.products.create({ name: "Pro" });
  await expectReadBack(stripe, await stripe.products.update(product.id, { active: false }));
  const subscription = await subscribe();
  const params = { description: "Ours", cancel_at_period_end: true };
  await expectReadBack(stripe, await stripe.subscriptions.update(subscription.id, params));
  const invoice = await paidInvoice();
  await expectReadBack(stripe, await stripe.invoices.update(invoice, { metadata: { seen: "yes" } }));
});
