import type Stripe from "stripe";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createPayingCustomer } from "@/local/stripe/testing/catalogue";
import { startTestStripe, type TestStripe } from "@/local/stripe/testing/start-test-stripe";

let local: TestStripe;
let stripe: Stripe;
let customer: Stripe.Customer;
beforeEach(async () => {
  local = await startTestStripe();
  stripe = local.stripe;
  customer = await createPayingCustomer(stripe);
});
afterEach(() => local.server.close());

async function pay(
  method = String(customer.invoice_settings.default_payment_method),
): Promise<Stripe.Charge> {
  const intent = await stripe.paymentIntents.create({
    amount: 2000,
    currency: "usd",
    customer: customer.id,
    payment_method: method,
    automatic_payment_methods: { enabled: true, allow_redirects: "never" },
    confirm: true,
  });
  return stripe.charges.retrieve(String(intent.latest_charge));
}

async function read(path = `/dashboard/customers/${customer.id}`): Promise<string> {
  return (await fetch(`${local.server.url}${path}`)).text();
}

/** Presses a button of the customer's page. @returns the page that follows. */
async function press(call: string, fields: Record<string, string> = {}): Promise<string> {
  const response = await fetch(`${local.server.url}/dashboard/actions${call}`, {
    method: "POST",
    redirect: "manual",
    body: new URLSearchParams({ _back: `/dashboard/customers/${customer.id}`, ...fields }),
    headers: { Origin: local.server.url },
  });
  expect(response.status).toBe(303);
  return read(response.headers.get("location") ?? "");
}

async function disputes(): Promise<Stripe.Dispute[]> {
  return (await stripe.disputes.list()).data;
}

describe("a customer's page", () => {
  test("disputes the charge whose form was sent, for the reason chosen, and no other", async () => {
    const [first, second] = [await pay(), await pay()];
    const page = await press(`/charges/${first.id}/dispute`, { reason: "product_not_received" });
    const [dispute, ...others] = await disputes();
    expect(others).toEqual([]);
    expect(dispute).toMatchObject({
      charge: first.id,
      amount: 2000,
      reason: "product_not_received",
      status: "needs_response",
    });
    expect((await stripe.charges.retrieve(second.id)).disputed).toBe(false);
    expect(page).toContain(`$20.00 is disputed as product_not_received: ${dispute?.id}.`);
    const due = new Date((dispute?.evidence_details.due_by ?? 0) * 1000).toISOString();
    expect(page).toContain(due.replace(".000Z", "Z"));
    expect(page).not.toContain(`/actions/charges/${first.id}/dispute`);
    expect(page).toContain(`/actions/charges/${second.id}/dispute`);
  });

  test("offers no dispute where nothing was paid, and says why where one is sent nevertheless", async () => {
    const charge = await pay();
    await stripe.refunds.create({ charge: charge.id });
    expect(await read()).not.toContain("/dispute");
    expect(await press(`/charges/${charge.id}/dispute`)).toContain(`The charge ${charge.id} was refunded.`);
    expect(await disputes()).toEqual([]);
  });

  test("refuses a reason that is none, and a second dispute", async () => {
    const charge = await pay();
    expect(await press(`/charges/${charge.id}/dispute`, { reason: "boredom" })).toContain("reason: ");
    expect(await disputes()).toEqual([]);
    await press(`/charges/${charge.id}/dispute`);
    expect(await press(`/charges/${charge.id}/dispute`)).toContain("is disputed already");
    expect(await disputes()).toHaveLength(1);
  });

  test.each([
    ["won", ["charge.dispute.funds_reinstated", "charge.dispute.closed"]],
    ["lost", ["charge.dispute.closed"]],
  ])("lets the bank decide: %s", async (outcome, told) => {
    const charge = await pay();
    await press(`/charges/${charge.id}/dispute`);
    const [{ id } = { id: "" }] = await disputes();
    const page = await press(`/disputes/${id}/decide`, { outcome });
    expect(page).toContain(`The dispute ${id} is ${outcome} now.`);
    expect((await stripe.disputes.retrieve(id)).status).toBe(outcome);
    expect(page).not.toContain("/decide");
    const events = (await stripe.events.list({ limit: 10 })).data.map(({ type }) => type).reverse();
    expect(events.slice(-told.length)).toEqual(told);
    expect(await press(`/disputes/${id}/decide`, { outcome })).toContain(`is ${outcome} already`);
  });

  test("escalates an inquiry or closes it, but nobody wins one", async () => {
    await pay("pm_card_createDisputeInquiry");
    const [{ id } = { id: "" }] = await disputes();
    expect(await read()).toContain("Escalate");
    expect(await press(`/disputes/${id}/decide`, { outcome: "won" })).toContain("is an inquiry");
    expect((await stripe.disputes.retrieve(id)).status).toBe("warning_needs_response");
    await press(`/disputes/${id}/decide`, { outcome: "escalated" });
    expect(await stripe.disputes.retrieve(id)).toMatchObject({
      status: "needs_response",
      balance_transactions: [{ amount: -2000 }],
    });
    expect(await press(`/disputes/${id}/decide`, { outcome: "escalated" })).toContain("is no inquiry");
  });

  test("knows a bank account by its bank, lets it neither expire nor be disputed", async () => {
    const method = await stripe.paymentMethods.attach("pm_usBankAccount_success", { customer: customer.id });
    const intent = await stripe.paymentIntents.create({
      amount: 2000,
      currency: "usd",
      customer: customer.id,
      payment_method: method.id,
      mandate_data: { customer_acceptance: { type: "offline", offline: {} } },
      allowed_payment_method_types: ["us_bank_account"],
      confirm: true,
    });
    await local.lab("POST", "/clock", { advance_ms: 7 * 24 * 60 * 60 * 1000 });
    const page = await read();
    expect(page).toContain("STRIPE TEST BANK ···· 6789");
    expect(page).not.toContain(`/payment_methods/${method.id}/expire`);
    const text = await press(`/charges/${intent.latest_charge}/dispute`);
    expect(text).toContain("was not made to a card");
  });
});
