import type Stripe from "stripe";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createPayingCustomer } from "@/local/stripe/testing/catalogue";
import { startTestStripe, type TestStripe } from "@/local/stripe/testing/start-test-stripe";

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
    const answer = await pay(invoice, { ...CARD, number: "4242 4242 4242 4242" });
    expect(answer.status).toBe(303);
    expect(await statusOf(invoice)).toBe("paid");
    expect(await (await open(invoice)).text()).toContain("$54.00 paid");
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
  expect(textOf(file)).toContain("$54.00");
  expect(textOf(file)).toContain(String(invoice.number));
  expect(await read()).toEqual(file);
});

/** The text of an uncompressed PDF whose fonts are the standard ones: hexadecimal strings within `TJ` arrays. */
function textOf(file: Buffer): string {
  const arrays = file.toString("latin1").match(/\[(?:[^\]]*)\] TJ/g) ?? [];
  return arrays
    .map((array) =>
      [...array.matchAll(/<([0-9a-f]+)>/g)]
        .map(([, hex = ""]) => Buffer.from(hex, "hex").toString("latin1"))
        .join(""),
    )
    .join("\n");
}
