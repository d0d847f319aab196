import type Stripe from "stripe";
import { check, checkRefusal } from "@/local/stripe/live/check";
import type { Scenario } from "@/local/stripe/live/scenario";
import { later, makeCustomer, type World } from "@/local/stripe/live/world";

export const invoices: Scenario = {
  name: "an invoice is drafted, finalized and paid, or voided",
  page: "https://docs.stripe.com/invoicing/overview#invoice-statuses",
  async run(stripe, world) {
    const customer = await makeCustomer(world);
    const draft = await draftOver(world, customer, [1500, -200]);
    check("draft", draft, {
      status: "draft",
      number: null,
      subtotal: 1300,
      amount_due: 1300,
      billing_reason: "manual",
    });
    const open = await stripe.invoices.finalizeInvoice(draft.id, { auto_advance: false });
    check("open", open, { status: "open", attempted: false, amount_remaining: 1300 });
    check("numbered", open.number !== null, true);
    await checkRefusal("deleting it", stripe.invoices.del(draft.id), {
      statusCode: 400,
      type: "invalid_request_error",
    });
    check("paid", await stripe.invoices.pay(draft.id), {
      status: "paid",
      amount_paid: 1300,
      amount_remaining: 0,
    });
    await checkRefusal("paying it again", stripe.invoices.pay(draft.id), {
      statusCode: 400,
      type: "invalid_request_error",
    });
    const other = await draftOver(world, customer, [900]);
    await stripe.invoices.finalizeInvoice(other.id, { auto_advance: false });
    check("void", await stripe.invoices.voidInvoice(other.id), { status: "void", amount_paid: 0 });
    const third = await draftOver(world, customer, [700]);
    check("deleted", await stripe.invoices.del(third.id), { id: third.id, deleted: true });
  },
};

export const invoiceTaxes: Scenario = {
  name: "tax is added to an amount or contained in it, as its rate says",
  page: "https://docs.stripe.com/billing/taxes/tax-rates",
  async run(stripe, world) {
    const customer = await makeCustomer(world);
    const rates = [];
    for (const inclusive of [false, true]) {
      const rate = await stripe.taxRates.create({ display_name: "VAT", percentage: 20, inclusive });
      later(world, "archive the tax rate", () => stripe.taxRates.update(rate.id, { active: false }));
      rates.push(rate.id);
    }
    const [added, contained] = [
      await draftOver(world, customer, [1000], { default_tax_rates: rates.slice(0, 1) }),
      await draftOver(world, customer, [1000], { default_tax_rates: rates.slice(1) }),
    ];
    check("added", added, {
      subtotal: 1000,
      total: 1200,
      total_excluding_tax: 1000,
      total_taxes: [{ amount: 200, tax_behavior: "exclusive", taxable_amount: 1000 }],
    });
    check("contained", contained, {
      subtotal: 1000,
      total: 1000,
      total_excluding_tax: 833,
      total_taxes: [{ amount: 167, tax_behavior: "inclusive", taxable_amount: 833 }],
    });
    for (const { id } of [added, contained]) await stripe.invoices.del(id);
  },
};

export const creditNotes: Scenario = {
  name: "a credit note makes an open invoice smaller, and gives back of a paid one",
  page: "https://docs.stripe.com/invoicing/dashboard/credit-notes",
  async run(stripe, world) {
    const customer = await makeCustomer(world);
    const { id } = await draftOver(world, customer, [2000]);
    await stripe.invoices.finalizeInvoice(id, { auto_advance: false });
    const before = await stripe.creditNotes.create({ invoice: id, amount: 500 });
    check("before payment", before, { amount: 500, type: "pre_payment", status: "issued" });
    check("smaller", await stripe.invoices.retrieve(id), {
      amount_due: 1500,
      amount_remaining: 1500,
      pre_payment_credit_notes_amount: 500,
    });
    check("paid", await stripe.invoices.pay(id), { amount_paid: 1500 });
    const after = await stripe.creditNotes.create({ invoice: id, amount: 400, credit_amount: 400 });
    check("after payment", after, { amount: 400, type: "post_payment" });
    check("balance", await stripe.customers.retrieve(customer.id), { balance: -400 });
    await checkRefusal(
      "more than is left",
      stripe.creditNotes.create({ invoice: id, amount: 1200, credit_amount: 1200 }),
      { statusCode: 400, type: "invalid_request_error" },
    );
  },
};

async function draftOver(
  { stripe }: World,
  customer: Stripe.Customer,
  amounts: number[],
  params: Partial<Stripe.InvoiceCreateParams> = {},
): Promise<Stripe.Invoice> {
  const { id } = await stripe.invoices.create({
    customer: customer.id,
    currency: "usd",
    auto_advance: false,
    ...params,
  });
  for (const amount of amounts) {
    const item = { customer: customer.id, invoice: id, amount, currency: "usd", description: "Work" };
    await stripe.invoiceItems.create(item);
  }
  return stripe.invoices.retrieve(id);
}
