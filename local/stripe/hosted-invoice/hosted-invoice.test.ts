import type Stripe from "stripe";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { formatMoney } from "@/local/stripe/money";
import { createPayingCustomer, createPlan } from "@/local/stripe/testing/catalogue";
import { countPdfPages, readPdfText } from "@/local/stripe/testing/read-pdf-text";
import { startTestStripe, type TestStripe } from "@/local/stripe/testing/start-test-stripe";
import { pdfText } from "./pdf-text";

let local: TestStripe;
beforeAll(async () => {
  local = await startTestStripe();
});
afterAll(() => local.server.close());

const CARD = { expiry: "12 / 34", cvc: "123", name: "Ada" };

/** An open invoice over 54 dollars of a customer with a good card on file. */
async function openInvoice(): Promise<Stripe.Invoice> {
  const customer = await createPayingCustomer(local.stripe);
  await local.stripe.invoiceItems.create({
    customer: customer.id,
    amount: 5400,
    currency: "usd",
    description: "Seats",
  });
  const draft = await local.stripe.invoices.create({
    customer: customer.id,
    auto_advance: false,
    pending_invoice_items_behavior: "include",
  });
  return local.stripe.invoices.finalizeInvoice(draft.id);
}

function open(invoice: Stripe.Invoice): Promise<Response> {
  return fetch(invoice.hosted_invoice_url ?? "");
}

function pay(invoice: Stripe.Invoice, fields: Record<string, string>): Promise<Response> {
  return fetch(invoice.hosted_invoice_url ?? "", {
    method: "POST",
    body: new URLSearchParams(fields),
    redirect: "manual",
  });
}

async function statusOf(invoice: Stripe.Invoice): Promise<string | null> {
  return (await local.stripe.invoices.retrieve(invoice.id)).status;
}

// https://docs.stripe.com/invoicing/hosted-invoice-page
describe("the hosted invoice page", () => {
  test("shows what it is over and what is due, and is paid with a new card", async () => {
    const invoice = await openInvoice();
    const text = await (await open(invoice)).text();
    expect(text).toContain("$54.00 due");
    expect(text).toContain("Seats");
    expect(text).toContain(String(invoice.number));
    expect(text).not.toContain("Download receipt");
    const answer = await pay(invoice, { ...CARD, number: "4242 4242 4242 4242" });
    expect(answer.status).toBe(303);
    expect(await statusOf(invoice)).toBe("paid");
    const page = await (await open(invoice)).text();
    expect(page).toContain("$54.00 paid");
    expect(page).toContain("Download invoice");
    expect(page).toContain("Download receipt");
  });

  test("takes a saved card with one press, and a second press pays nothing again", async () => {
    const invoice = await openInvoice();
    const saved = /name="saved" value="(pm_\w+)"/.exec(await (await open(invoice)).text())?.[1] ?? "";
    const [first, second] = await Promise.all([pay(invoice, { saved }), pay(invoice, { saved })]);
    expect([first?.status, second?.status]).toEqual([303, 303]);
    const charges = await local.stripe.charges.list({ customer: String(invoice.customer) });
    expect(charges.data).toHaveLength(1);
  });

  test("tells why a card was declined, keeps the name and never the number", async () => {
    const invoice = await openInvoice();
    const answer = await pay(invoice, { ...CARD, number: "4000000000009995" });
    const text = await answer.text();
    expect(answer.status).toBe(402);
    expect(text).toContain("insufficient funds");
    expect(text).toContain('value="Ada"');
    expect(text).not.toContain("4000000000009995");
    expect(await statusOf(invoice)).toBe("open");
  });

  test("leads to the bank's page for a card that must be authenticated, and is paid after it", async () => {
    const invoice = await openInvoice();
    const answer = await pay(invoice, { ...CARD, number: "4000002760003184" });
    const challenge = answer.headers.get("location") ?? "";
    expect(challenge).toMatch(/^\/3ds\/pi_/);
    await fetch(`${local.server.url}${challenge}`, {
      method: "POST",
      body: new URLSearchParams({ outcome: "succeeded" }),
    });
    expect(await statusOf(invoice)).toBe("paid");
  });

  test("does not take another customer's card", async () => {
    const [invoice, other] = [await openInvoice(), await openInvoice()];
    const foreign = /name="saved" value="(pm_\w+)"/.exec(await (await open(other)).text())?.[1] ?? "";
    expect((await pay(invoice, { saved: foreign })).status).toBe(402);
    expect(await statusOf(invoice)).toBe("open");
  });

  test("what is missing is told at its field", async () => {
    const answer = await pay(await openInvoice(), { number: "4242", expiry: "", cvc: "", name: "" });
    expect(answer.status).toBe(422);
    expect(await answer.text()).toContain("Your card number is incomplete.");
  });

  test("drafts and unknown invoices are nobody's to see", async () => {
    const customer = await createPayingCustomer(local.stripe);
    const draft = await local.stripe.invoices.create({ customer: customer.id, auto_advance: false });
    for (const id of [draft.id, "in_none"]) {
      expect((await fetch(`${local.server.url}/invoices/${id}/hosted`)).status).toBe(404);
      expect((await fetch(`${local.server.url}/invoices/${id}/pdf`)).status).toBe(404);
    }
  });
});

// https://docs.stripe.com/api/invoices/object#invoice_object-invoice_pdf
test("the PDF is one, carries the API's amounts, and is the same every time", async () => {
  const invoice = await openInvoice();
  const read = async () => Buffer.from(await (await fetch(invoice.invoice_pdf ?? "")).arrayBuffer());
  const file = await read();
  expect(file.subarray(0, 5).toString()).toBe("%PDF-");
  expect(file.subarray(-6).toString().trim()).toBe("%%EOF");
  expect(readPdfText(file)).toContain("$54.00");
  expect(readPdfText(file)).toContain(String(invoice.number));
  expect(await read()).toEqual(file);
});

describe("the PDF of a long invoice", () => {
  async function longInvoice(currency: string): Promise<Stripe.Invoice> {
    const customer = await createPayingCustomer(local.stripe);
    const draft = await local.stripe.invoices.create({
      customer: customer.id,
      currency,
      auto_advance: false,
    });
    for (let number = 1; number <= 50; number += 1) {
      await local.stripe.invoiceItems.create({
        customer: customer.id,
        invoice: draft.id,
        amount: 1000 + number * 10,
        currency,
        description: `Item ${number} ${"of an unusually long name ".repeat(number === 7 ? 30 : 1)}`,
      });
    }
    return local.stripe.invoices.finalizeInvoice(draft.id);
  }

  test("goes on over pages, each amount on the page of its line, with a title and a number on each", async () => {
    const invoice = await longInvoice("usd");
    const file = await readFile(invoice);
    const lines = readPdfText(file).split("\n");
    const pages = countPdfPages(file);
    expect(pages).toBeGreaterThan(2);
    expect(pages).toBeLessThan(6);
    expect(lines.filter((line) => line === "What it is over (continued)")).toHaveLength(pages - 1);
    expect(lines.filter((line) => line.startsWith("Local simulation of Stripe."))).toHaveLength(pages);
    expect(lines).toContain(`Invoice ${invoice.number} · page ${pages} of ${pages}`);
    for (const { description, amount } of invoice.lines.data) {
      const at = lines.indexOf(formatMoney(amount, "usd"));
      // The amount is set first, then the label beside it.
      expect(lines[at + 1]).toContain(description?.slice(0, 20));
    }
    expect(lines).toContain(formatMoney(invoice.total, "usd"));
  });

  test.each(["jpy", "kwd", "inr"])("has the right decimals in %s", async (currency) => {
    const invoice = await longInvoice(currency);
    const text = readPdfText(await readFile(invoice));
    expect(text).toContain(pdfText(formatMoney(invoice.total, currency)));
    expect(pdfText(formatMoney(1234, currency))).toBe(
      { jpy: "¥1,234", kwd: "KWD\u00a01.234", inr: "INR\u00a012.34" }[currency],
    );
  });

  test("says whom it is for, with address and tax id", async () => {
    const customer = await local.stripe.customers.create({
      name: "Zoë Ltd",
      address: { line1: "1 Road", postal_code: "10115", city: "Berlin", country: "DE" },
      tax_id_data: [{ type: "eu_vat", value: "DE123456789" }],
    });
    const draft = await local.stripe.invoices.create({ customer: customer.id });
    const text = readPdfText(await readFile(await local.stripe.invoices.finalizeInvoice(draft.id)));
    expect(text).toContain("Bill to: Zoë Ltd\nAddress: 1 Road, 10115 Berlin, DE\nTax id: DE123456789");
  });

  test("an amount in any currency can be set, whatever its sign", () => {
    for (const currency of ["usd", "eur", "krw", "vnd", "ils", "php", "xof", "xaf", "pln", "try", "uah"]) {
      expect(pdfText(formatMoney(-123400, currency))).not.toContain("?");
    }
    expect(pdfText("Zażółć Łódź – 東京")).toBe("Zazólc Lódz – ??");
  });
});

async function readFile(invoice: Stripe.Invoice): Promise<Buffer> {
  return Buffer.from(await (await fetch(invoice.invoice_pdf ?? "")).arrayBuffer());
}

// https://docs.stripe.com/api/invoices/object#invoice_object-subtotal
test("the sums add up to the total, with discounts of lines and of the whole and both kinds of tax", async () => {
  const customer = await createPayingCustomer(local.stripe);
  const [onLine, onAll] = await Promise.all([
    local.stripe.coupons.create({ percent_off: 10 }),
    local.stripe.coupons.create({ amount_off: 700, currency: "usd" }),
  ]);
  const [vat, levy] = await Promise.all([
    local.stripe.taxRates.create({ display_name: "VAT", percentage: 20, inclusive: false }),
    local.stripe.taxRates.create({ display_name: "Levy", percentage: 5, inclusive: true }),
  ]);
  const draft = await local.stripe.invoices.create({
    customer: customer.id,
    auto_advance: false,
    discounts: [{ coupon: onAll.id }],
  });
  const item = { customer: customer.id, invoice: draft.id, currency: "usd" };
  await local.stripe.invoiceItems.create({
    ...item,
    amount: 10000,
    discounts: [{ coupon: onLine.id }],
    tax_rates: [vat.id],
  });
  await local.stripe.invoiceItems.create({ ...item, amount: 5000, tax_rates: [levy.id] });
  const invoice = await local.stripe.invoices.finalizeInvoice(draft.id);
  const page = await (await open(invoice)).text();
  expect(sumsOn(page)).toEqual([
    ["Subtotal", formatMoney(invoice.subtotal, "usd")],
    ["Discount", "-$7.00"],
    ...(invoice.total_taxes ?? []).map(({ amount, tax_behavior }) => [
      tax_behavior === "inclusive" ? "Levy 5 % (included)" : "VAT 20 %",
      formatMoney(amount, "usd"),
    ]),
    ["Total", formatMoney(invoice.total, "usd")],
    ["Amount due", formatMoney(invoice.amount_due, "usd")],
  ]);
  expect(invoice.subtotal).toBe(14000);
  expect(page).toContain("Discount: -$10.00");
});

// https://docs.stripe.com/billing/subscriptions/usage-based/billing-credits
test("what credits paid stands among the sums, apart from discounts", async () => {
  const { stripe } = local;
  const customer = await createPayingCustomer(stripe);
  await stripe.billing.creditGrants.create({
    customer: customer.id,
    amount: { type: "monetary", monetary: { currency: "usd", value: 300 } },
    applicability_config: { scope: { price_type: "metered" } },
  });
  const meter = await stripe.billing.meters.create({
    display_name: "Calls",
    event_name: "calls",
    default_aggregation: { formula: "sum" },
  });
  const price = await createPlan(stripe, {
    unit_amount: 10,
    recurring: { interval: "month", usage_type: "metered", meter: meter.id },
  });
  const subscription = await stripe.subscriptions.create({
    customer: customer.id,
    items: [{ price: price.id }],
  });
  const payload = { stripe_customer_id: customer.id, value: "50" };
  await stripe.billing.meterEvents.create({ event_name: "calls", payload });
  await local.lab("POST", "/clock", { to: { next_renewal: subscription.id } });
  const [invoice] = (await stripe.invoices.list({ subscription: subscription.id, limit: 1 })).data;
  expect(invoice).toMatchObject({ subtotal: 500, total: 200, status: "paid" });
  expect(sumsOn(await (await fetch(invoice?.hosted_invoice_url ?? "")).text())).toEqual([
    ["Subtotal", "$5.00"],
    ["Credits used", "-$3.00"],
    ["Total", "$2.00"],
    ["Paid", "-$2.00"],
    ["Amount due", "$0.00"],
  ]);
});

function sumsOn(page: string): (string | undefined)[][] {
  const sums = page.matchAll(/<dt[^>]*>([^<]*)<\/dt><dd[^>]*>([^<]*)<\/dd>/g);
  return [...sums].map(([, label, amount]) => [label, amount]);
}
