import type Stripe from "stripe";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { createPayingCustomer, createPlan } from "@/local/stripe/testing/catalogue";
import { draftOver, toldOf } from "@/local/stripe/testing/invoicing";
import { refusalOf, startTestStripe, type TestStripe } from "@/local/stripe/testing/start-test-stripe";

const HOUR = 3600;

let local: TestStripe;
let customer: Stripe.Customer;
beforeAll(async () => {
  local = await startTestStripe();
});
afterAll(() => local.server.close());
beforeEach(async () => {
  customer = await createPayingCustomer(local.stripe);
});

const create = (params: Partial<Stripe.InvoiceItemCreateParams>) =>
  local.stripe.invoiceItems.create({ customer: customer.id, ...params });

async function oneTimePrice(params: Partial<Stripe.PriceCreateParams> = {}): Promise<Stripe.Price> {
  const product = await local.stripe.products.create({ name: "Set-up" });
  return local.stripe.prices.create({ product: product.id, currency: "usd", unit_amount: 700, ...params });
}

// https://docs.stripe.com/api/invoiceitems/create
describe("a new item", () => {
  test("over an amount waits for the next invoice", async () => {
    const item = await create({ amount: 500, currency: "usd", description: "Help", metadata: { a: "1" } });
    expect(item).toMatchObject({
      object: "invoiceitem",
      amount: 500,
      quantity: 1,
      invoice: null,
      discountable: true,
      proration: false,
      description: "Help",
      metadata: { a: "1" },
      period: { start: item.date, end: item.date },
      pricing: { unit_amount_decimal: expect.anything() },
      parent: null,
    });
    expect(String(item.pricing?.unit_amount_decimal)).toBe("500");
    expect(await toldOf(local.stripe, item.id)).toEqual(["invoiceitem.created"]);
  });

  test("over a price is named after its product and multiplied by the quantity", async () => {
    const price = await oneTimePrice();
    const item = await create({ pricing: { price: price.id }, quantity: 3 });
    expect(item).toMatchObject({
      amount: 2100,
      currency: "usd",
      quantity: 3,
      description: "Set-up",
      pricing: { price_details: { price: price.id, product: price.product } },
    });
  });

  test("over data for a price makes that price, which is sold no further", async () => {
    const product = await local.stripe.products.create({ name: "Hours" });
    const item = await create({
      price_data: { currency: "usd", product: product.id, unit_amount_decimal: "12.5" as never },
      quantity: 3,
    });
    // 37.5 cents, rounded once.
    expect(item.amount).toBe(38);
    const price = await local.stripe.prices.retrieve(String(item.pricing?.price_details?.price));
    expect(price).toMatchObject({ active: false, type: "one_time", product: product.id });
  });

  test("over a unit amount may be a credit, which discounts do not touch", async () => {
    const item = await create({ unit_amount_decimal: "-33.3" as never, quantity: 5, currency: "usd" });
    expect(item).toMatchObject({ amount: -167, discountable: false });
  });

  test.each<[string, Partial<Stripe.InvoiceItemCreateParams>, string | undefined, string]>([
    ["without an amount", { currency: "usd" }, "amount", "Missing required param: amount."],
    ["without a currency", { amount: 5 }, "currency", "Missing required param: currency."],
    ["of nobody", { customer: "cus_none", amount: 5, currency: "usd" }, "customer", "No such customer"],
    [
      "with an amount and a quantity",
      { amount: 5, quantity: 2, currency: "usd" },
      "amount",
      "You may only specify one of these parameters: amount, quantity.",
    ],
    [
      "with a period that ends before it starts",
      { amount: 5, currency: "usd", period: { start: 2, end: 1 } },
      "period[end]",
      "must not be before",
    ],
    ["on an invoice that is not there", { amount: 5, invoice: "in_none" }, "invoice", "No such invoice"],
  ])("is refused %s", async (_name, params, param, message) => {
    const error = await refusalOf(create(params));
    expect([error.statusCode, error.param, error.message]).toEqual([
      400,
      param,
      expect.stringContaining(message),
    ]);
  });

  test("is refused over a recurring price, or one that is no longer sold", async () => {
    const plan = await createPlan(local.stripe);
    const recurring = await refusalOf(create({ pricing: { price: plan.id } }));
    expect([recurring.param, recurring.message]).toEqual([
      "pricing[price]",
      expect.stringContaining("only accepts prices with `type=one_time`"),
    ]);
    const gone = await oneTimePrice({ active: false });
    expect((await refusalOf(create({ pricing: { price: gone.id } }))).message).toContain("inactive");
  });

  test("goes onto a draft at once, and onto nothing else", async () => {
    const draft = await draftOver(local.stripe, customer, [100]);
    const item = await create({ invoice: draft.id, amount: 50 });
    expect(item).toMatchObject({ invoice: draft.id, currency: "usd" });
    const changed = await local.stripe.invoices.retrieve(draft.id);
    expect(changed.lines.data).toMatchObject([
      { amount: 100 },
      {
        amount: 50,
        parent: { type: "invoice_item_details", invoice_item_details: { invoice_item: item.id } },
      },
    ]);
    expect(changed.total).toBe(150);
    await local.stripe.invoices.finalizeInvoice(draft.id);
    const error = await refusalOf(create({ invoice: draft.id, amount: 50 }));
    expect(error.code).toBe("invoice_not_editable");
  });
});

// https://docs.stripe.com/api/invoiceitems/update and https://docs.stripe.com/api/invoiceitems/delete
describe("an item that is changed or deleted", () => {
  test("on a draft takes the draft's line along, in its place", async () => {
    const draft = await draftOver(local.stripe, customer, [100, 200]);
    const [first] = draft.lines.data;
    const id = String(first?.parent?.invoice_item_details?.invoice_item);
    await local.stripe.invoiceItems.update(id, { amount: 150, description: "Dearer" });
    const changed = await local.stripe.invoices.retrieve(draft.id);
    expect(changed.lines.data).toMatchObject([
      { id: first?.id, amount: 150, description: "Dearer" },
      { amount: 200 },
    ]);
    expect(changed.total).toBe(350);
    expect(await local.stripe.invoiceItems.del(id)).toMatchObject({ id, deleted: true });
    const without = await local.stripe.invoices.retrieve(draft.id);
    expect(without.lines.data.map(({ amount }) => amount)).toEqual([200]);
    expect(without.total).toBe(200);
    expect(await toldOf(local.stripe, id)).toEqual(["invoiceitem.created", "invoiceitem.deleted"]);
  });

  test("over a price keeps it when only the quantity changes", async () => {
    const price = await oneTimePrice();
    const item = await create({ pricing: { price: price.id }, quantity: 3 });
    const changed = await local.stripe.invoiceItems.update(item.id, { quantity: 2 });
    expect(changed).toMatchObject({
      amount: 1400,
      quantity: 2,
      pricing: { price_details: { price: price.id } },
    });
  });

  test("on a finalized invoice stays", async () => {
    const draft = await draftOver(local.stripe, customer, [100]);
    const id = String(draft.lines.data[0]?.parent?.invoice_item_details?.invoice_item);
    await local.stripe.invoices.finalizeInvoice(draft.id);
    expect((await refusalOf(local.stripe.invoiceItems.update(id, { amount: 1 }))).code).toBe(
      "invoice_not_editable",
    );
    expect((await refusalOf(local.stripe.invoiceItems.del(id))).code).toBe("invoice_not_editable");
  });
});

// https://docs.stripe.com/billing/invoices/subscription#adding-upcoming-invoice-items
describe("pending items of a subscriber", () => {
  test("come with the next renewal, but not those of another subscription", async () => {
    const plan = await createPlan(local.stripe, { recurring: { interval: "month" } });
    const subscribe = () =>
      local.stripe.subscriptions.create({ customer: customer.id, items: [{ price: plan.id }] });
    const [mine, other] = [await subscribe(), await subscribe()];
    await create({ amount: 100, currency: "usd", description: "Of none" });
    await local.lab("POST", "/clock", { advance_ms: 1000 });
    await create({ amount: 200, currency: "usd", subscription: mine.id, description: "Mine" });
    const theirs = await create({ amount: 400, currency: "usd", subscription: other.id });
    const end = mine.items.data[0]?.current_period_end ?? 0;
    await local.lab("POST", "/clock", { to: end + HOUR });
    const [invoice] = (await local.stripe.invoices.list({ subscription: mine.id })).data;
    expect(invoice?.lines.data.map(({ description, amount }) => [description, amount])).toEqual([
      ["Mine", 200],
      ["Of none", 100],
      [expect.stringContaining("Community Pro"), 5400],
    ]);
    expect(invoice).toMatchObject({ status: "paid", amount_paid: 5700 });
    expect(await local.stripe.invoiceItems.retrieve(theirs.id)).not.toMatchObject({ invoice: invoice?.id });
  });

  test("are listed as pending until then", async () => {
    const item = await create({ amount: 100, currency: "usd" });
    const draft = await draftOver(local.stripe, customer, [50]);
    const pending = await local.stripe.invoiceItems.list({ customer: customer.id, pending: true });
    expect(pending.data.map(({ id }) => id)).toEqual([item.id]);
    const taken = await local.stripe.invoiceItems.list({ customer: customer.id, pending: false });
    expect(taken.data).toMatchObject([{ invoice: draft.id }]);
  });
});
