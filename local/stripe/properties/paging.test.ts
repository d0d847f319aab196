import fc from "fast-check";
import type Stripe from "stripe";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createPayingCustomer, createPlan } from "@/local/stripe/testing/catalogue";
import { startTestStripe, type TestStripe } from "@/local/stripe/testing/start-test-stripe";
import { PROPERTY_TIMEOUT_MS, randomRuns } from "./random-runs";

let local: TestStripe;
let customer: Stripe.Customer;
let price: Stripe.Price;
beforeAll(async () => {
  local = await startTestStripe();
  customer = await createPayingCustomer(local.stripe);
  price = await createPlan(local.stripe);
});
afterAll(() => local.server.close());

type Paged = {
  create(stripe: Stripe): Promise<{ id: string }>;
  list(stripe: Stripe, params: Stripe.PaginationParams): Stripe.ApiListPromise<{ id: string }>;
};

const usd = (amount: number) => ({ amount, currency: "usd" });

/** A list for every way lists are kept: of the account, of a customer, by the customer, of what happened. */
const LISTS: Record<string, Paged> = {
  products: {
    create: (stripe) => stripe.products.create({ name: "One of many" }),
    list: (stripe, params) => stripe.products.list(params),
  },
  prices: {
    create: (stripe) => stripe.prices.create({ currency: "usd", unit_amount: 1, product: productOf(price) }),
    list: (stripe, params) => stripe.prices.list(params),
  },
  coupons: {
    create: (stripe) => stripe.coupons.create({ percent_off: 1 }),
    list: (stripe, params) => stripe.coupons.list(params),
  },
  customers: {
    create: (stripe) => stripe.customers.create({ name: "One of many" }),
    list: (stripe, params) => stripe.customers.list(params),
  },
  "a customer's subscriptions": {
    create: (stripe) => stripe.subscriptions.create({ customer: customer.id, items: [{ price: price.id }] }),
    list: (stripe, params) => stripe.subscriptions.list({ ...params, customer: customer.id }),
  },
  invoices: {
    create: (stripe) => stripe.invoices.create({ customer: customer.id }),
    list: (stripe, params) => stripe.invoices.list(params),
  },
  "invoice items": {
    create: (stripe) => stripe.invoiceItems.create({ customer: customer.id, ...usd(5) }),
    list: (stripe, params) => stripe.invoiceItems.list(params),
  },
  "a customer's balance transactions": {
    create: (stripe) => stripe.customers.createBalanceTransaction(customer.id, usd(5)),
    list: (stripe, params) => stripe.customers.listBalanceTransactions(customer.id, params),
  },
  "payment intents": {
    create: (stripe) => stripe.paymentIntents.create(usd(500)),
    list: (stripe, params) => stripe.paymentIntents.list(params),
  },
  "tax rates": {
    create: (stripe) => stripe.taxRates.create({ display_name: "VAT", percentage: 1, inclusive: false }),
    list: (stripe, params) => stripe.taxRates.list(params),
  },
  events: {
    create: (stripe) => stripe.products.create({ name: "An event" }),
    list: (stripe, params) => stripe.events.list(params),
  },
};

// https://docs.stripe.com/api/pagination
test.each(Object.entries(LISTS))(
  "paging over %s gives each that was there once, newest first, while others are made",
  async (_name, { create, list }) => {
    const { stripe } = local;
    const existing = fc.integer({ min: 1, max: 12 });
    const pageSize = fc.integer({ min: 1, max: 7 });
    const arrivals = fc.array(fc.nat({ max: 2 }), { maxLength: 12 });
    const property = fc.asyncProperty(existing, pageSize, arrivals, async (count, limit, arriving) => {
      for (let made = 0; made < count; made += 1) await create(stripe);
      const there = await list(stripe, { limit: 100 });
      const ids = there.data.map(({ id }) => id);
      const paged: string[] = [];
      for await (const { id } of list(stripe, { limit })) {
        for (let made = arriving[paged.length] ?? 0; made > 0; made -= 1) await create(stripe);
        paged.push(id);
        if (there.has_more && paged.length === ids.length) break;
      }
      expect(paged).toEqual(ids);
    });
    await fc.assert(property, randomRuns(3));
  },
  PROPERTY_TIMEOUT_MS,
);

// https://docs.stripe.com/api/pagination#pagination-ending_before
test("paging backwards gives what came after, in the same order", async () => {
  const { stripe } = local;
  const ids: string[] = [];
  for (let made = 0; made < 9; made += 1) ids.unshift((await stripe.products.create({ name: "Back" })).id);
  const oldest = ids.at(-1) ?? "";
  const pages = stripe.products.list({ limit: 3, ending_before: oldest });
  const seen = (await pages.autoPagingToArray({ limit: 100 })).map(({ id }) => id);
  expect(seen).toEqual(ids.slice(0, -1).reverse());
});

function productOf({ product }: Stripe.Price): string {
  return typeof product === "string" ? product : product.id;
}
