import type Stripe from "stripe";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { formatDate, formatMoney } from "@/local/stripe/money";
import { createPayingCustomer } from "@/local/stripe/testing/catalogue";
import { readPdfText } from "@/local/stripe/testing/read-pdf-text";
import { startTestStripe, type TestStripe } from "@/local/stripe/testing/start-test-stripe";

let local: TestStripe;
beforeAll(async () => {
  local = await startTestStripe();
});
afterAll(() => local.server.close());

async function pay(params: Partial<Stripe.PaymentIntentCreateParams> = {}): Promise<Stripe.Charge> {
  const intent = await local.stripe.paymentIntents.create({
    amount: 2000,
    currency: "usd",
    payment_method: "pm_card_visa",
    automatic_payment_methods: { enabled: true, allow_redirects: "never" },
    confirm: true,
    ...params,
  });
  return local.stripe.charges.retrieve(String(intent.latest_charge));
}

/** An invoice of $54 for seats and $6 for storage with 20 % VAT, paid with the customer's card. */
async function payInvoice(): Promise<{ invoice: Stripe.Invoice; charge: Stripe.Charge }> {
  const customer = await createPayingCustomer(local.stripe, "pm_card_mastercard");
  const rate = await local.stripe.taxRates.create({ display_name: "VAT", percentage: 20, inclusive: false });
  const draft = await local.stripe.invoices.create({ customer: customer.id, default_tax_rates: [rate.id] });
  for (const [description, amount] of [
    ["Seats", 5400],
    ["Storage", 600],
  ] as const) {
    await local.stripe.invoiceItems.create({
      customer: customer.id,
      invoice: draft.id,
      amount,
      currency: "usd",
      description,
    });
  }
  await local.stripe.invoices.finalizeInvoice(draft.id);
  const invoice = await local.stripe.invoices.pay(draft.id);
  const { data } = await local.stripe.charges.list({ customer: customer.id });
  const [charge] = data;
  if (!charge) throw new Error("The invoice was not charged.");
  return { invoice, charge };
}

async function read(link: string | null): Promise<string> {
  const answer = await fetch(link ?? "");
  expect(answer.status).toBe(200);
  return answer.text();
}

async function readPdf(link: string | null): Promise<string> {
  const answer = await fetch(link ?? "");
  expect(answer.headers.get("content-type")).toBe("application/pdf");
  return readPdfText(Buffer.from(await answer.arrayBuffer()));
}

// https://docs.stripe.com/receipts
describe("a receipt", () => {
  test("of a single payment tells amount, date, card and description", async () => {
    const charge = await pay({ description: "Credits <500>" });
    const page = await read(charge.receipt_url);
    for (const told of ["$20.00", formatDate(charge.created), "Visa ···· 4242", "Credits &lt;500&gt;"]) {
      expect(page).toContain(told);
    }
    expect(page).toContain("Local simulation of Stripe");
    expect(page).not.toContain("View invoice");
  });

  test("of an invoice has its lines, taxes and totals, and leads to it", async () => {
    const { invoice, charge } = await payInvoice();
    expect(charge.amount).toBe(7200);
    const [page, file] = [await read(charge.receipt_url), await readPdf(`${charge.receipt_url}/pdf`)];
    for (const text of [page, file]) {
      for (const told of [
        "Seats",
        "$54.00",
        "Storage",
        "$6.00",
        "VAT 20 %",
        "$12.00",
        "Mastercard ···· 4444",
      ]) {
        expect(text).toContain(told);
      }
      expect(text).toContain(formatMoney(invoice.subtotal, "usd"));
      expect(text).toContain(`${formatMoney(charge.amount_captured, "usd")} paid on`);
      expect(text).toContain(String(invoice.number));
    }
    expect(page).toContain(`href="/invoices/${invoice.id}/hosted"`);
  });

  test("follows every refund, and tells of one that failed", async () => {
    const charge = await pay({ amount: 5000 });
    expect(await read(charge.receipt_url)).not.toContain("Refund");
    await local.stripe.refunds.create({ charge: charge.id, amount: 1250 });
    const partly = await read(charge.receipt_url);
    expect(partly).toContain("$12.50 refunded");
    expect(partly).toContain("$37.50");
    await local.stripe.refunds.create({ charge: charge.id });
    expect(await read(charge.receipt_url)).toMatch(/\$50\.00 paid on [^,]+, \d+, refunded/);
    const file = (await readPdf(`${charge.receipt_url}/pdf`)).split("\n");
    expect(file.slice(file.indexOf("Paid after refunds") - 1)).toContain("$0.00");
    expect(file).toEqual(expect.arrayContaining(["-$50.00", "$12.50", "$37.50"]));
  });

  test("tells of a refund that failed, and counts it no more", async () => {
    const charge = await pay({ payment_method: "pm_card_refundFail" });
    await local.stripe.refunds.create({ charge: charge.id });
    expect(await read(charge.receipt_url)).toContain(", refunded");
    await local.lab("POST", "/clock", { advance_ms: 2 * 60 * 60 * 1000 });
    const page = await read(charge.receipt_url);
    expect(page).toContain("Refund failed");
    expect(page).not.toContain(", refunded");
    expect(page).not.toContain("Paid after refunds");
  });

  test.each([
    ["jpy", 1234, "¥1,234"],
    ["kwd", 12340, "KWD\u00a012.340"],
    ["eur", 1234, "€12.34"],
  ])("has the right decimals in %s", async (currency, amount, text) => {
    const charge = await pay({ currency, amount });
    expect(await read(charge.receipt_url)).toContain(`${text} paid on`);
    expect(await readPdf(`${charge.receipt_url}/pdf`)).toContain(`${text} paid on`);
  });
});

describe("a charge has a receipt", () => {
  test("only once it succeeded: a declined one never, a hold from its capture on, over what was captured", async () => {
    const { data } = await local.stripe.charges.list({ limit: 1 });
    await pay({ payment_method: "pm_card_visa_chargeDeclined" }).catch(() => null);
    const [declined] = (await local.stripe.charges.list({ limit: 1 })).data;
    expect(declined?.id).not.toBe(data[0]?.id);
    expect(declined).toMatchObject({ status: "failed", receipt_url: null });
    const held = await pay({ capture_method: "manual", amount: 3000 });
    expect(held.receipt_url).toBeNull();
    await local.lab("POST", "/clock", { advance_ms: 3 * 24 * 60 * 60 * 1000 });
    const { created } = await local.stripe.paymentIntents.capture(String(held.payment_intent), {
      amount_to_capture: 2500,
    });
    const captured = await local.stripe.charges.retrieve(held.id);
    const page = await read(captured.receipt_url);
    expect(page).toContain(`$25.00 paid on ${formatDate(created + 3 * 24 * 60 * 60)}`);
    expect(page).not.toContain("refunded");
  });

  test("that the charge's id alone does not lead to", async () => {
    const [mine, other] = [await pay(), await pay()];
    const secret = mine.receipt_url?.split("/").at(-1) ?? "";
    expect(secret).toMatch(/^rcpt_\w{24}$/);
    for (const path of ["", "/", "/pdf", `/${secret}`, `/${secret}/pdf`]) {
      const answer = await fetch(`${local.server.url}/receipts/${other.id}${path}`);
      expect(answer.status).toBe(404);
      expect(await answer.text()).toContain("Receipt not found");
    }
    for (const link of [`${mine.receipt_url}/doc`, `${local.server.url}/receipts/ch_none/${secret}`]) {
      expect((await fetch(link)).status).toBe(404);
    }
  });
});

// https://docs.stripe.com/invoicing/hosted-invoice-page
describe("the page of a paid invoice", () => {
  test("gives the invoice and the receipt to download", async () => {
    const { invoice, charge } = await payInvoice();
    const page = await read(invoice.hosted_invoice_url ?? null);
    const links = [...page.matchAll(/href="([^"]+)">(Download \w+)</g)].map(([, href, name]) => [name, href]);
    expect(links).toEqual([
      ["Download invoice", new URL(invoice.invoice_pdf ?? "").pathname],
      ["Download receipt", `${new URL(charge.receipt_url ?? "").pathname}/pdf`],
    ]);
    for (const [, href] of links)
      expect(await readPdf(`${local.server.url}${href}`)).toContain("$72.00 paid");
  });

  test("has no receipt where no charge paid it", async () => {
    const customer = await local.stripe.customers.create({});
    const draft = await local.stripe.invoices.create({ customer: customer.id });
    await local.stripe.invoices.finalizeInvoice(draft.id);
    const invoice = await local.stripe.invoices.retrieve(draft.id);
    expect(invoice.status).toBe("paid");
    expect(await read(invoice.hosted_invoice_url ?? null)).not.toContain("Download receipt");
  });
});
