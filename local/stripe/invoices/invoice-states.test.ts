import type Stripe from "stripe";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { createPayingCustomer } from "@/local/stripe/testing/catalogue";
import { draftOver, toldOf } from "@/local/stripe/testing/invoicing";
import { refusalOf, startTestStripe, type TestStripe } from "@/local/stripe/testing/start-test-stripe";

const HOUR = 3600;
const DAY = 24 * HOUR;

let local: TestStripe;
let customer: Stripe.Customer;
beforeAll(async () => {
  local = await startTestStripe();
});
afterAll(() => local.server.close());
beforeEach(async () => {
  customer = await createPayingCustomer(local.stripe);
});

const SENT = { collection_method: "send_invoice", days_until_due: 30 } as const;

// https://docs.stripe.com/api/invoices/create
describe("a new invoice", () => {
  test("is an empty draft that nobody advances", async () => {
    await local.stripe.invoiceItems.create({ customer: customer.id, amount: 500, currency: "usd" });
    const draft = await local.stripe.invoices.create({ customer: customer.id });
    expect(draft).toMatchObject({
      status: "draft",
      billing_reason: "manual",
      auto_advance: false,
      automatically_finalizes_at: null,
      next_payment_attempt: null,
      number: null,
      effective_at: null,
      ending_balance: null,
      hosted_invoice_url: null,
      total: 0,
      period_start: draft.created,
      period_end: draft.created,
      lines: { data: [] },
    });
    await local.lab("POST", "/clock", { advance_ms: 2 * DAY * 1000 });
    expect((await local.stripe.invoices.retrieve(draft.id)).status).toBe("draft");
  });

  test("takes up the pending items if it is to, newest first", async () => {
    for (const amount of [100, 200]) {
      await local.stripe.invoiceItems.create({ customer: customer.id, amount, currency: "usd" });
      await local.lab("POST", "/clock", { advance_ms: 1000 });
    }
    const draft = await local.stripe.invoices.create({
      customer: customer.id,
      pending_invoice_items_behavior: "include",
    });
    expect(draft.lines.data.map(({ amount }) => amount)).toEqual([200, 100]);
    expect(draft.total).toBe(300);
    expect((await local.stripe.invoiceItems.list({ customer: customer.id, pending: true })).data).toEqual([]);
    const attached = await local.stripe.invoiceItems.list({ invoice: draft.id });
    expect(attached.data).toHaveLength(2);
  });

  test("has what it was given", async () => {
    const draft = await local.stripe.invoices.create({
      customer: customer.id,
      ...SENT,
      currency: "eur",
      custom_fields: [{ name: "PO", value: "17" }],
      description: "Thanks",
      effective_at: 1_700_000_000,
      footer: "Fine print",
      metadata: { order: "6" },
      number: "MINE-1",
      statement_descriptor: "ACME SHOP",
    });
    expect(draft).toMatchObject({
      currency: "eur",
      collection_method: "send_invoice",
      due_date: draft.created + 30 * DAY,
      custom_fields: [{ name: "PO", value: "17" }],
      description: "Thanks",
      footer: "Fine print",
      metadata: { order: "6" },
      number: "MINE-1",
      statement_descriptor: "ACME SHOP",
    });
    const open = await local.stripe.invoices.finalizeInvoice(draft.id);
    expect(open).toMatchObject({ number: "MINE-1", effective_at: 1_700_000_000 });
  });

  test.each<[string, Partial<Stripe.InvoiceCreateParams>, string]>([
    [
      "sent without a due date",
      { collection_method: "send_invoice" },
      "If invoice collection method is 'send_invoice', you must specify 'due_date' or 'days_until_due'.",
    ],
    [
      "charged with one",
      { days_until_due: 3 },
      "You can only specify 'due_date' or 'days_until_due' if invoice collection method is 'send_invoice'.",
    ],
    ["with a descriptor without letters", { statement_descriptor: "12" }, "at least one letter"],
    ["for a subscription that is not there", { subscription: "sub_none" }, "No such subscription"],
  ])("is refused %s", async (_name, params, message) => {
    const error = await refusalOf(local.stripe.invoices.create({ customer: customer.id, ...params }));
    expect([error.statusCode, error.message]).toEqual([400, expect.stringContaining(message)]);
  });
});

// https://docs.stripe.com/invoicing/integration/automatic-advancement-collection
describe("automatic advancement", () => {
  test("finalizes and charges an hour after the draft was made", async () => {
    const draft = await draftOver(local.stripe, customer, [1000], { auto_advance: true });
    expect(draft).toMatchObject({
      automatically_finalizes_at: draft.created + HOUR,
      next_payment_attempt: draft.created + HOUR,
    });
    await local.lab("POST", "/clock", { to: draft.created + HOUR - 1 });
    expect((await local.stripe.invoices.retrieve(draft.id)).status).toBe("draft");
    await local.lab("POST", "/clock", { to: draft.created + HOUR });
    expect(await local.stripe.invoices.retrieve(draft.id)).toMatchObject({
      status: "paid",
      amount_paid: 1000,
      attempt_count: 1,
    });
  });

  test("can be turned off, on again and given another time", async () => {
    const { id, created } = await draftOver(local.stripe, customer, [1000], { auto_advance: true });
    const off = await local.stripe.invoices.update(id, { auto_advance: false });
    expect(off).toMatchObject({ automatically_finalizes_at: null, next_payment_attempt: null });
    await local.lab("POST", "/clock", { to: created + 2 * HOUR });
    expect((await local.stripe.invoices.retrieve(id)).status).toBe("draft");
    const at = created + 5 * DAY;
    const later = await local.stripe.invoices.update(id, {
      auto_advance: true,
      automatically_finalizes_at: at,
    });
    expect(later.automatically_finalizes_at).toBe(at);
    await local.lab("POST", "/clock", { to: at });
    expect((await local.stripe.invoices.retrieve(id)).status).toBe("paid");
  });

  test("an invoice that is sent is told as sent, and nobody is charged", async () => {
    const draft = await draftOver(local.stripe, customer, [1000], { ...SENT, auto_advance: true });
    expect(draft.next_payment_attempt).toBeNull();
    await local.lab("POST", "/clock", { to: draft.created + HOUR });
    expect(await local.stripe.invoices.retrieve(draft.id)).toMatchObject({
      status: "open",
      attempted: false,
      due_date: draft.due_date,
    });
    expect(await toldOf(local.stripe, draft.id)).toContain("invoice.sent");
  });

  test("a finalized invoice that advances by itself is charged within the hour", async () => {
    const { id } = await draftOver(local.stripe, customer, [1000]);
    const open = await local.stripe.invoices.finalizeInvoice(id, { auto_advance: true });
    const at = Number(open.status_transitions.finalized_at) + HOUR;
    expect(open).toMatchObject({ status: "open", attempted: false, next_payment_attempt: at });
    await local.lab("POST", "/clock", { to: at });
    expect((await local.stripe.invoices.retrieve(id)).status).toBe("paid");
  });
});

// https://docs.stripe.com/invoicing/integration/workflow-transitions
describe("the states of an invoice", () => {
  async function openInvoice(params: Partial<Stripe.InvoiceCreateParams> = {}): Promise<Stripe.Invoice> {
    const draft = await draftOver(local.stripe, customer, [1000], params);
    return local.stripe.invoices.finalizeInvoice(draft.id);
  }

  test("finalizing numbers it, shows where it can be paid, and charges nobody", async () => {
    const open = await openInvoice();
    expect(open).toMatchObject({
      status: "open",
      attempted: false,
      number: `${customer.invoice_prefix}-0001`,
      hosted_invoice_url: expect.stringContaining(open.id),
      invoice_pdf: expect.stringContaining(open.id),
      ending_balance: 0,
      effective_at: open.status_transitions.finalized_at,
    });
    const again = await refusalOf(local.stripe.invoices.finalizeInvoice(open.id));
    expect(again.message).toBe(
      "This invoice is already finalized, you can't re-finalize a non-draft invoice.",
    );
  });

  test("an invoice over nothing is paid by being finalized", async () => {
    const { id } = await local.stripe.invoices.create({ customer: customer.id });
    expect(await local.stripe.invoices.finalizeInvoice(id)).toMatchObject({
      status: "paid",
      attempted: true,
      attempt_count: 0,
      amount_paid: 0,
    });
    expect((await local.stripe.invoicePayments.list({ invoice: id })).data).toEqual([]);
  });

  test("a draft is deleted, a finalized invoice is not", async () => {
    const draft = await draftOver(local.stripe, customer, [1000]);
    expect(await local.stripe.invoices.del(draft.id)).toEqual(
      expect.objectContaining({ id: draft.id, object: "invoice", deleted: true }),
    );
    expect(await toldOf(local.stripe, draft.id)).toContain("invoice.deleted");
    expect((await refusalOf(local.stripe.invoices.retrieve(draft.id))).statusCode).toBe(404);
    const open = await openInvoice();
    expect((await refusalOf(local.stripe.invoices.del(open.id))).message).toBe(
      "You can only delete draft invoices.",
    );
  });

  test("voiding ends it and cancels its payment intent; a paid one cannot be voided", async () => {
    const open = await openInvoice();
    const voided = await local.stripe.invoices.voidInvoice(open.id, { expand: ["payments"] });
    expect(voided).toMatchObject({ status: "void", amount_due: 1000, auto_advance: false });
    expect(voided.status_transitions.voided_at).not.toBeNull();
    expect(voided.payments?.data).toMatchObject([{ status: "canceled" }]);
    const intent = String(voided.payments?.data[0]?.payment.payment_intent);
    expect(await local.stripe.paymentIntents.retrieve(intent)).toMatchObject({
      status: "canceled",
      cancellation_reason: "void_invoice",
    });
    expect((await toldOf(local.stripe, open.id)).at(-1)).toBe("invoice.voided");
    expect((await refusalOf(local.stripe.invoices.pay(open.id))).statusCode).toBe(400);
    const paid = await openInvoice();
    await local.stripe.invoices.pay(paid.id);
    expect((await refusalOf(local.stripe.invoices.voidInvoice(paid.id))).message).toBe(
      "Invoices with `paid` payments cannot be voided.",
    );
    const draft = await draftOver(local.stripe, customer, [1000]);
    expect((await refusalOf(local.stripe.invoices.voidInvoice(draft.id))).message).toBe(
      "You can only pass in open invoices. This invoice isn't open.",
    );
  });

  test("what is written off can still be paid or voided", async () => {
    const [first, second] = [await openInvoice(), await openInvoice()];
    for (const { id } of [first, second]) {
      const written = await local.stripe.invoices.markUncollectible(id);
      expect(written).toMatchObject({ status: "uncollectible", auto_advance: false });
      expect((await toldOf(local.stripe, id)).at(-1)).toBe("invoice.marked_uncollectible");
    }
    expect((await refusalOf(local.stripe.invoices.markUncollectible(first.id))).message).toBe(
      "This invoice has already been marked uncollectible.",
    );
    expect((await local.stripe.invoices.pay(first.id)).status).toBe("paid");
    expect((await local.stripe.invoices.voidInvoice(second.id)).status).toBe("void");
  });

  test("sending tells of it, and finalizes a draft first", async () => {
    const draft = await draftOver(local.stripe, customer, [1000], SENT);
    expect((await local.stripe.invoices.sendInvoice(draft.id)).status).toBe("open");
    expect((await toldOf(local.stripe, draft.id)).slice(-2)).toEqual(["invoice.finalized", "invoice.sent"]);
    const charged = await openInvoice();
    expect((await refusalOf(local.stripe.invoices.sendInvoice(charged.id))).message).toContain(
      "This invoice cannot be sent right now.",
    );
  });

  test("paying a draft finalizes it in the same call", async () => {
    const draft = await draftOver(local.stripe, customer, [1000]);
    const paid = await local.stripe.invoices.pay(draft.id);
    expect(paid).toMatchObject({ status: "paid", attempt_count: 1, amount_paid: 1000 });
    expect((await toldOf(local.stripe, draft.id)).filter((type) => type !== "invoice.updated")).toEqual([
      "invoice.created",
      "invoice.finalized",
      "invoice.paid",
      "invoice.payment_succeeded",
    ]);
  });
});

// https://docs.stripe.com/api/invoices/update
describe("changing an invoice", () => {
  test("a draft takes everything, and tells what changed", async () => {
    const draft = await draftOver(local.stripe, customer, [1000]);
    const changed = await local.stripe.invoices.update(draft.id, {
      ...SENT,
      description: "New",
      metadata: { a: "1" },
    });
    expect(changed).toMatchObject({
      collection_method: "send_invoice",
      due_date: draft.created + 30 * DAY,
      description: "New",
      metadata: { a: "1" },
    });
    const [event] = (await local.stripe.events.list({ limit: 1 })).data;
    expect(event?.type).toBe("invoice.updated");
    expect(event?.data.previous_attributes).toMatchObject({ description: null, due_date: null });
    const charged = await local.stripe.invoices.update(draft.id, {
      collection_method: "charge_automatically",
    });
    expect(charged.due_date).toBeNull();
  });

  test("a finalized invoice keeps its words and its amounts, not its metadata", async () => {
    const draft = await draftOver(local.stripe, customer, [1000]);
    await local.stripe.invoices.finalizeInvoice(draft.id);
    const error = await refusalOf(local.stripe.invoices.update(draft.id, { description: "Late" }));
    expect([error.message, error.param]).toEqual([
      "Finalized invoices can't be updated in this way",
      "description",
    ]);
    const noted = await local.stripe.invoices.update(draft.id, { metadata: { late: "yes" } });
    expect(noted.metadata).toEqual({ late: "yes" });
  });

  test("a draft follows its customer until it is finalized", async () => {
    const draft = await draftOver(local.stripe, customer, [1000]);
    await local.stripe.customers.update(customer.id, { name: "Grace" });
    expect((await local.stripe.invoices.retrieve(draft.id)).customer_name).toBe("Grace");
    await local.stripe.invoices.finalizeInvoice(draft.id);
    await local.stripe.customers.update(customer.id, { name: "Alan" });
    expect((await local.stripe.invoices.retrieve(draft.id)).customer_name).toBe("Grace");
  });
});

test("invoices are listed by how they are collected and when they are due", async () => {
  const sent = await draftOver(local.stripe, customer, [1000], SENT);
  await draftOver(local.stripe, customer, [1000]);
  const bySending = await local.stripe.invoices.list({
    customer: customer.id,
    collection_method: "send_invoice",
  });
  expect(bySending.data.map(({ id }) => id)).toEqual([sent.id]);
  const due = await local.stripe.invoices.list({
    customer: customer.id,
    due_date: { lte: sent.created + 30 * DAY },
  });
  expect(due.data.map(({ id }) => id)).toEqual([sent.id]);
});
