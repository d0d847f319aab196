import type Stripe from "stripe";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { formatMoney } from "@/local/stripe/money";
import { createPayingCustomer } from "@/local/stripe/testing/catalogue";
import { countPdfPages, readPdfText } from "@/local/stripe/testing/read-pdf-text";
import { startTestStripe, type TestStripe } from "@/local/stripe/testing/start-test-stripe";

let local: TestStripe;
beforeAll(async () => {
  local = await startTestStripe();
});
afterAll(() => local.server.close());

/** A finalized invoice over $120.00: seats with 20 % VAT. */
async function openInvoice(): Promise<Stripe.Invoice> {
  const customer = await createPayingCustomer(local.stripe);
  const rate = await local.stripe.taxRates.create({ display_name: "VAT", percentage: 20, inclusive: false });
  const draft = await local.stripe.invoices.create({
    customer: customer.id,
    auto_advance: false,
    default_tax_rates: [rate.id],
  });
  await local.stripe.invoiceItems.create({
    customer: customer.id,
    invoice: draft.id,
    amount: 10000,
    currency: "usd",
    description: "Seats",
  });
  return local.stripe.invoices.finalizeInvoice(draft.id);
}

async function paidInvoice(): Promise<Stripe.Invoice> {
  return local.stripe.invoices.pay((await openInvoice()).id);
}

async function readFile(link: string): Promise<Buffer> {
  const answer = await fetch(link);
  expect(answer.status).toBe(200);
  expect(answer.headers.get("content-type")).toBe("application/pdf");
  return Buffer.from(await answer.arrayBuffer());
}

/** What the file says, each amount beside its label. */
async function rowsOf(note: Stripe.CreditNote): Promise<{ text: string; rows: Record<string, string> }> {
  const text = readPdfText(await readFile(note.pdf));
  const lines = text.split("\n");
  // An amount is set before its label.
  const rows = lines.flatMap((line, index) => (/^-?\$/.test(line) ? [[lines[index + 1] ?? "", line]] : []));
  return { text, rows: Object.fromEntries(rows) };
}

function pageOf({ hosted_invoice_url: link }: Stripe.Invoice): Promise<string> {
  return fetch(link ?? "").then((answer) => answer.text());
}

// https://docs.stripe.com/api/credit_notes/object#credit_note_object-pdf
describe("the PDF of a credit note", () => {
  test("of a paid invoice has lines, tax and reason, and how the total was given back", async () => {
    const invoice = await paidInvoice();
    const [line] = invoice.lines.data;
    const note = await local.stripe.creditNotes.create({
      invoice: invoice.id,
      lines: [{ type: "invoice_line_item", invoice_line_item: line?.id ?? "", amount: 5000 }],
      reason: "order_change",
      memo: "Sorry for the trouble.",
      refund_amount: 3000,
      credit_amount: 2000,
      out_of_band_amount: 1000,
    });
    const { text, rows } = await rowsOf(note);
    expect(rows).toEqual({
      Seats: "$50.00",
      Subtotal: formatMoney(note.subtotal, "usd"),
      "VAT 20 %": formatMoney(note.total_taxes?.[0]?.amount ?? 0, "usd"),
      Total: formatMoney(note.total, "usd"),
      Refunded: "$30.00",
      "Credited to the customer's balance": "$20.00",
      "Given back outside of Stripe": "$10.00",
      "What is credited": "$60.00 credited",
    });
    expect([note.subtotal, note.total]).toEqual([5000, 6000]);
    for (const told of [
      note.number,
      String(invoice.number),
      "Order change",
      "Sorry for the trouble.",
      "Ada",
    ]) {
      expect(text).toContain(told);
    }
  });

  test("of an open invoice tells what it takes off, and once void that it does not count", async () => {
    const invoice = await openInvoice();
    const note = await local.stripe.creditNotes.create({ invoice: invoice.id, amount: 2400 });
    expect((await rowsOf(note)).rows).toMatchObject({
      Subtotal: formatMoney(note.subtotal, "usd"),
      Total: "$24.00",
      "Taken off the amount due": "$24.00",
    });
    expect(await pageOf(invoice)).toContain("$96.00 due");
    await local.stripe.creditNotes.voidCreditNote(note.id);
    const { text } = await rowsOf(note);
    expect(text).toContain("Void: this credit note does not count");
    expect(text).toContain("Voided on");
    expect(text).not.toContain("Taken off");
    const page = await pageOf(invoice);
    expect(page).toContain("void, does not count");
    expect(page).toContain("$120.00 due");
  });

  test("is the same every time, and goes over pages", async () => {
    const invoice = await openInvoice();
    const note = await local.stripe.creditNotes.create({
      invoice: invoice.id,
      lines: Array.from({ length: 50 }, (_, index) => ({
        type: "custom_line_item" as const,
        description: `Adjustment ${index + 1} of a product whose name is longer than a line of the page can be`,
        quantity: 1,
        unit_amount: 100 + index,
      })),
    });
    const file = await readFile(note.pdf);
    expect(countPdfPages(file)).toBeGreaterThan(1);
    expect(await readFile(note.pdf)).toEqual(file);
    const lines = readPdfText(file).split("\n");
    for (const { amount, description } of note.lines.data) {
      const at = lines.indexOf(formatMoney(amount, "usd"));
      expect(description).toContain(lines[at + 1]?.trim());
    }
    expect(lines).toContain(formatMoney(note.total, "usd"));
  });
});

describe("a credit note's link", () => {
  test("stands on the page of its invoice, and in the invoice's PDF by number", async () => {
    const invoice = await openInvoice();
    const notes = [
      await local.stripe.creditNotes.create({ invoice: invoice.id, amount: 1200 }),
      await local.stripe.creditNotes.create({ invoice: invoice.id, amount: 600 }),
    ];
    const [page, file] = [await pageOf(invoice), readPdfText(await readFile(invoice.invoice_pdf ?? ""))];
    for (const { number, pdf } of notes) {
      expect(page).toContain(`<a href="${new URL(pdf).pathname}">${number}</a>`);
      expect(file).toContain(number);
    }
  });

  test("is not to be guessed from its id, nor from another's link", async () => {
    const invoice = await openInvoice();
    const [mine, other] = [
      await local.stripe.creditNotes.create({ invoice: invoice.id, amount: 1200 }),
      await local.stripe.creditNotes.create({ invoice: invoice.id, amount: 600 }),
    ];
    const secret = new URL(mine.pdf).pathname.split("/")[3] ?? "";
    expect(secret).toMatch(/^cnpdf_\w{24}$/);
    for (const path of [
      `${other.id}/pdf`,
      `${other.id}/${secret}/pdf`,
      `${mine.id}/${secret}`,
      "cn_none/pdf",
    ]) {
      const answer = await fetch(`${local.server.url}/credit_notes/${path}`);
      expect(answer.status).toBe(404);
      expect(await answer.text()).toContain("Credit note not found");
    }
  });
});
