import type Stripe from "stripe";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
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

const itemOf = (line: Stripe.InvoiceLineItem | undefined) =>
  String(line?.parent?.invoice_item_details?.invoice_item);

// https://docs.stripe.com/api/invoice-line-item/bulk
test("lines are added, over new items or pending ones", async () => {
  const draft = await draftOver(local.stripe, customer, [100]);
  const pending = await local.stripe.invoiceItems.create({
    customer: customer.id,
    amount: 40,
    currency: "usd",
  });
  const product = await local.stripe.products.create({ name: "Hours" });
  const changed = await local.stripe.invoices.addLines(draft.id, {
    invoice_metadata: { by: "hand" },
    lines: [
      { amount: 20, description: "New" },
      { invoice_item: pending.id, description: "Was pending" },
      { price_data: { currency: "usd", product: product.id, unit_amount: 5 }, quantity: 3 },
    ],
  });
  expect(changed.lines.data).toMatchObject([
    { amount: 100 },
    { amount: 20, description: "New" },
    { amount: 40, description: "Was pending" },
    { amount: 15, quantity: 3, description: "Hours" },
  ]);
  expect(changed).toMatchObject({ total: 175, metadata: { by: "hand" } });
  expect((await local.stripe.invoiceItems.retrieve(pending.id)).invoice).toBe(draft.id);
});

// https://docs.stripe.com/api/invoice-line-item/update
test("a line and the item behind it change together", async () => {
  const draft = await draftOver(local.stripe, customer, [100, 200]);
  const [first, second] = draft.lines.data;
  const line = await local.stripe.invoices.updateLineItem(draft.id, String(first?.id), {
    amount: 150,
    metadata: { a: "1" },
  });
  expect(line).toMatchObject({ id: first?.id, object: "line_item", amount: 150, metadata: { a: "1" } });
  expect((await local.stripe.invoiceItems.retrieve(itemOf(first))).amount).toBe(150);
  const changed = await local.stripe.invoices.updateLines(draft.id, {
    lines: [{ id: String(second?.id), description: "Second", discountable: false }],
  });
  expect(changed.lines.data).toMatchObject([
    { amount: 150 },
    { amount: 200, description: "Second", discountable: false },
  ]);
  expect(changed.total).toBe(350);
});

test("a subscription's line is changed where it stands, for this invoice alone", async () => {
  const plan = await createPlan(local.stripe);
  const subscription = await local.stripe.subscriptions.create({
    customer: customer.id,
    items: [{ price: plan.id }],
  });
  const end = subscription.items.data[0]?.current_period_end ?? 0;
  await local.lab("POST", "/clock", { to: end });
  const [draft] = (await local.stripe.invoices.list({ subscription: subscription.id })).data;
  const line = draft?.lines.data[0];
  const rate = await local.stripe.taxRates.create({ display_name: "VAT", percentage: 10, inclusive: false });
  await local.stripe.invoices.updateLineItem(String(draft?.id), String(line?.id), {
    amount: 1000,
    tax_rates: [rate.id],
  });
  await local.lab("POST", "/clock", { to: end + 3600 });
  expect(await local.stripe.invoices.retrieve(String(draft?.id))).toMatchObject({
    status: "paid",
    subtotal: 1000,
    total: 1100,
    amount_paid: 1100,
  });
});

// https://docs.stripe.com/api/invoice-line-item/bulk
test("lines are removed with their items, or let go to wait again", async () => {
  const draft = await draftOver(local.stripe, customer, [100, 200, 300]);
  const [first, second] = draft.lines.data;
  const changed = await local.stripe.invoices.removeLines(draft.id, {
    lines: [
      { id: String(first?.id), behavior: "delete" },
      { id: String(second?.id), behavior: "unassign" },
    ],
  });
  expect(changed.lines.data.map(({ amount }) => amount)).toEqual([300]);
  expect(changed.total).toBe(300);
  expect((await refusalOf(local.stripe.invoiceItems.retrieve(itemOf(first)))).statusCode).toBe(404);
  expect((await local.stripe.invoiceItems.retrieve(itemOf(second))).invoice).toBeNull();
});

test("what is not there, and what is finalized, is refused", async () => {
  const draft = await draftOver(local.stripe, customer, [100]);
  const unknown = await refusalOf(
    local.stripe.invoices.removeLines(draft.id, { lines: [{ id: "il_none", behavior: "delete" }] }),
  );
  expect([unknown.code, unknown.param]).toEqual(["resource_missing", "lines[0][id]"]);
  const both = await refusalOf(
    local.stripe.invoices.addLines(draft.id, { lines: [{ amount: 5, quantity: 2 }] }),
  );
  expect([both.param, both.message]).toEqual([
    "lines[0][amount]",
    "You may only specify one of these parameters: amount, quantity.",
  ]);
  await local.stripe.invoices.finalizeInvoice(draft.id);
  const late = await refusalOf(local.stripe.invoices.addLines(draft.id, { lines: [{ amount: 5 }] }));
  expect([late.code, late.message]).toEqual([
    "invoice_not_editable",
    "Invalid invoice: This invoice is no longer editable",
  ]);
});
