import type Stripe from "stripe";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { createPayingCustomer } from "@/local/stripe/testing/catalogue";
import { draftOver, toldOf } from "@/local/stripe/testing/invoicing";
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

async function openInvoice(
  amounts: number[],
  params: Partial<Stripe.InvoiceCreateParams> = {},
): Promise<Stripe.Invoice> {
  const draft = await draftOver(local.stripe, customer, amounts, params);
  return local.stripe.invoices.finalizeInvoice(draft.id);
}

async function paidInvoice(amounts: number[], params: Partial<Stripe.InvoiceCreateParams> = {}) {
  const { id } = await openInvoice(amounts, params);
  return local.stripe.invoices.pay(id);
}

async function intentOf(invoice: Stripe.Invoice): Promise<Stripe.PaymentIntent> {
  const [payment] = (await local.stripe.invoicePayments.list({ invoice: invoice.id })).data;
  return local.stripe.paymentIntents.retrieve(String(payment?.payment.payment_intent));
}

const invoiceOf = (id: string) => local.stripe.invoices.retrieve(id);

// https://docs.stripe.com/api/credit_notes/create
describe("a credit note for an open invoice", () => {
  test("takes from what is still to be paid, and from its payment intent", async () => {
    const invoice = await openInvoice([1000]);
    const note = await local.stripe.creditNotes.create({
      invoice: invoice.id,
      amount: 300,
      memo: "Overcharged",
      reason: "order_change",
    });
    expect(note).toMatchObject({
      object: "credit_note",
      amount: 300,
      total: 300,
      status: "issued",
      type: "pre_payment",
      pre_payment_amount: 300,
      post_payment_amount: 0,
      number: `${invoice.number}-CN-01`,
      memo: "Overcharged",
      reason: "order_change",
      refunds: [],
      lines: { data: [{ type: "custom_line_item", amount: 300 }] },
    });
    expect(await invoiceOf(invoice.id)).toMatchObject({
      status: "open",
      total: 1000,
      amount_due: 700,
      amount_remaining: 700,
      pre_payment_credit_notes_amount: 300,
    });
    expect((await intentOf(invoice)).amount).toBe(700);
    expect(await toldOf(local.stripe, note.id)).toEqual(["credit_note.created"]);
    expect(await local.stripe.invoices.pay(invoice.id)).toMatchObject({ status: "paid", amount_paid: 700 });
  });

  // https://docs.stripe.com/invoicing/dashboard/credit-notes
  test("over all of it pays the invoice", async () => {
    const invoice = await openInvoice([1000]);
    await local.stripe.creditNotes.create({ invoice: invoice.id, amount: 1000 });
    expect(await invoiceOf(invoice.id)).toMatchObject({
      status: "paid",
      amount_due: 0,
      amount_paid: 0,
      amount_remaining: 0,
    });
    expect((await intentOf(invoice)).status).toBe("canceled");
    expect(await toldOf(local.stripe, invoice.id)).toContain("invoice.paid");
  });

  // https://docs.stripe.com/api/credit_notes/void
  test("can be voided, and then everything is owed again", async () => {
    const invoice = await openInvoice([1000]);
    const first = await local.stripe.creditNotes.create({ invoice: invoice.id, amount: 300 });
    const voided = await local.stripe.creditNotes.voidCreditNote(first.id);
    expect(voided.status).toBe("void");
    expect(voided.voided_at).not.toBeNull();
    expect(await invoiceOf(invoice.id)).toMatchObject({
      amount_due: 1000,
      amount_remaining: 1000,
      pre_payment_credit_notes_amount: 0,
    });
    expect((await intentOf(invoice)).amount).toBe(1000);
    expect(await toldOf(local.stripe, first.id)).toEqual(["credit_note.created", "credit_note.voided"]);
    // Its number is used up, its amount is not.
    const second = await local.stripe.creditNotes.create({ invoice: invoice.id, amount: 1000 });
    expect(second.number).toBe(`${invoice.number}-CN-02`);
    expect((await refusalOf(local.stripe.creditNotes.voidCreditNote(second.id))).statusCode).toBe(400);
  });
});

describe("a credit note for a paid invoice", () => {
  test("refunds, credits the balance and counts what is given back elsewhere", async () => {
    const invoice = await paidInvoice([1000]);
    const note = await local.stripe.creditNotes.create({
      invoice: invoice.id,
      amount: 600,
      refund_amount: 300,
      credit_amount: 200,
      out_of_band_amount: 100,
    });
    expect(note).toMatchObject({
      type: "post_payment",
      pre_payment_amount: 0,
      post_payment_amount: 600,
      out_of_band_amount: 100,
      refunds: [{ amount_refunded: 300, type: "refund" }],
    });
    const refund = await local.stripe.refunds.retrieve(String(note.refunds[0]?.refund));
    expect(refund).toMatchObject({ amount: 300, status: "succeeded" });
    expect((await local.stripe.customers.retrieve(customer.id)) as Stripe.Customer).toMatchObject({
      balance: -200,
    });
    const [transaction] = (await local.stripe.customers.listBalanceTransactions(customer.id)).data;
    expect(transaction).toMatchObject({
      id: note.customer_balance_transaction,
      type: "credit_note",
      amount: -200,
      credit_note: note.id,
      invoice: invoice.id,
    });
    expect(await invoiceOf(invoice.id)).toMatchObject({
      status: "paid",
      amount_due: 1000,
      amount_paid: 1000,
      post_payment_credit_notes_amount: 600,
    });
    expect((await refusalOf(local.stripe.creditNotes.voidCreditNote(note.id))).message).toBe(
      "You can only void credit notes of open invoices.",
    );
  });

  test("must say where all of it goes, and neither more nor elsewhere", async () => {
    const invoice = await paidInvoice([1000]);
    const nowhere = await refusalOf(local.stripe.creditNotes.create({ invoice: invoice.id, amount: 400 }));
    expect(nowhere.message).toBe(
      "The sum of refunds, credit amount, and out of band amount ($0.00) must equal the credit note post_payment_amount ($4.00).",
    );
    const tooMuch = await refusalOf(
      local.stripe.creditNotes.create({ invoice: invoice.id, amount: 1001, credit_amount: 1001 }),
    );
    expect([tooMuch.param, tooMuch.message]).toEqual([
      "amount",
      expect.stringContaining("greater than what is left to credit"),
    ]);
    expect((await local.stripe.creditNotes.list({ invoice: invoice.id })).data).toEqual([]);
    const draft = await draftOver(local.stripe, customer, [100]);
    expect((await refusalOf(local.stripe.creditNotes.create({ invoice: draft.id, amount: 1 }))).param).toBe(
      "invoice",
    );
  });

  // https://docs.stripe.com/api/credit_notes/create
  test("takes refunds into account that were made without one, or is linked to them", async () => {
    const invoice = await paidInvoice([1000]);
    const { id: intent } = await intentOf(invoice);
    const refund = await local.stripe.refunds.create({ payment_intent: intent, amount: 700 });
    const tooMuch = await refusalOf(
      local.stripe.creditNotes.create({ invoice: invoice.id, amount: 301, credit_amount: 301 }),
    );
    expect(tooMuch.param).toBe("amount");
    const note = await local.stripe.creditNotes.create({
      invoice: invoice.id,
      amount: 300,
      credit_amount: 300,
    });
    expect(note.post_payment_amount).toBe(300);
    const other = await paidInvoice([1000]);
    const made = await local.stripe.refunds.create({
      payment_intent: (await intentOf(other)).id,
      amount: 250,
    });
    const unlinked = await refusalOf(
      local.stripe.creditNotes.create({ invoice: other.id, amount: 250, refunds: [] }),
    );
    expect(unlinked.message).toContain("must equal");
    const linked = await local.stripe.creditNotes.create({
      invoice: other.id,
      amount: 250,
      refunds: [{ refund: made.id }],
    });
    expect(linked.refunds).toMatchObject([{ refund: made.id, amount_refunded: 250 }]);
    expect(refund.amount).toBe(700);
  });
});

// https://docs.stripe.com/invoicing/integration/programmatic-credit-notes
describe("the lines of a credit note", () => {
  test("give back a line's discounts and taxes in proportion", async () => {
    const rate = await local.stripe.taxRates.create({
      display_name: "VAT",
      percentage: 20,
      inclusive: false,
    });
    const half = await local.stripe.coupons.create({ percent_off: 50, duration: "once" });
    const invoice = await paidInvoice([1000], {
      default_tax_rates: [rate.id],
      discounts: [{ coupon: half.id }],
    });
    expect(invoice.total).toBe(600);
    const line = String(invoice.lines.data[0]?.id);
    const note = await local.stripe.creditNotes.create({
      invoice: invoice.id,
      lines: [{ type: "invoice_line_item", invoice_line_item: line, amount: 400 }],
      refund_amount: 240,
    });
    expect(note).toMatchObject({
      subtotal: 400,
      discount_amount: 200,
      total_excluding_tax: 200,
      total: 240,
      total_taxes: [{ amount: 40, tax_behavior: "exclusive" }],
      lines: { data: [{ invoice_line_item: line, amount: 400, discount_amount: 200 }] },
    });
    const tooMuch = await refusalOf(
      local.stripe.creditNotes.create({
        invoice: invoice.id,
        lines: [{ type: "invoice_line_item", invoice_line_item: line, amount: 601 }],
        refund_amount: 361,
      }),
    );
    expect(tooMuch.param).toBe("lines[0][amount]");
    const rest = await local.stripe.creditNotes.create({
      invoice: invoice.id,
      lines: [{ type: "invoice_line_item", invoice_line_item: line, amount: 600 }],
      refund_amount: 360,
    });
    expect(rest.total).toBe(360);
  });

  test("may be a quantity of a line, or lines of their own", async () => {
    const product = await local.stripe.products.create({ name: "Seats" });
    const price = await local.stripe.prices.create({
      product: product.id,
      currency: "usd",
      unit_amount: 500,
    });
    const draft = await local.stripe.invoices.create({ customer: customer.id, currency: "usd" });
    await local.stripe.invoiceItems.create({
      customer: customer.id,
      invoice: draft.id,
      pricing: { price: price.id },
      quantity: 4,
    });
    const invoice = await local.stripe.invoices.finalizeInvoice(draft.id);
    const note = await local.stripe.creditNotes.create({
      invoice: invoice.id,
      lines: [
        {
          type: "invoice_line_item",
          invoice_line_item: String(invoice.lines.data[0]?.id),
          quantity: 3,
        },
        { type: "custom_line_item", description: "Goodwill", quantity: 2, unit_amount: 50 },
      ],
    });
    expect(note).toMatchObject({ total: 1600, pre_payment_amount: 1600 });
    const lines = await local.stripe.creditNotes.listLineItems(note.id);
    expect(lines.data).toMatchObject([
      { type: "invoice_line_item", amount: 1500, quantity: 3, unit_amount: 500 },
      { type: "custom_line_item", amount: 100, description: "Goodwill", quantity: 2, unit_amount: 50 },
    ]);
    const missing = await refusalOf(
      local.stripe.creditNotes.create({
        invoice: invoice.id,
        lines: [{ type: "invoice_line_item", invoice_line_item: "il_none", amount: 1 }],
      }),
    );
    expect([missing.code, missing.param]).toEqual(["resource_missing", "lines[0][invoice_line_item]"]);
  });
});

// https://docs.stripe.com/api/credit_notes/preview
test("a preview is the credit note that would be issued, and leaves nothing behind", async () => {
  const invoice = await paidInvoice([1000]);
  const params = { invoice: invoice.id, amount: 400, refund_amount: 400 };
  const preview = await local.stripe.creditNotes.preview(params);
  expect((await local.stripe.creditNotes.list({ customer: customer.id })).data).toEqual([]);
  expect((await intentOf(invoice)).amount_received).toBe(1000);
  const lines = await local.stripe.creditNotes.listPreviewLineItems(params);
  expect(lines.data).toMatchObject([{ amount: 400 }]);
  const note = await local.stripe.creditNotes.create(params);
  expect([note.total, note.number, note.type]).toEqual([preview.total, preview.number, preview.type]);
  const changed = await local.stripe.creditNotes.update(note.id, { memo: "Later", metadata: { a: "1" } });
  expect(changed).toMatchObject({ memo: "Later", metadata: { a: "1" } });
  expect((await toldOf(local.stripe, note.id)).at(-1)).toBe("credit_note.updated");
  expect(await local.stripe.creditNotes.retrieve(note.id)).toMatchObject({ memo: "Later" });
});
