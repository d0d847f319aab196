import type Stripe from "stripe";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { CANCEL_URL, createPlan, openCheckout, SUCCESS_URL } from "@/local/stripe/testing/catalogue";
import { toldOf } from "@/local/stripe/testing/invoicing";
import { refusalOf, startTestStripe, type TestStripe } from "@/local/stripe/testing/start-test-stripe";

// https://docs.stripe.com/checkout/fulfillment and https://docs.stripe.com/payments/ach-direct-debit/accept-a-payment

const DAY_MS = 24 * 60 * 60 * 1000;
const BOTH: Stripe.Checkout.SessionCreateParams["allowed_payment_method_types"] = ["card", "us_bank_account"];

let local: TestStripe;
let stripe: Stripe;
beforeEach(async () => {
  local = await startTestStripe();
  stripe = local.stripe;
});
afterEach(() => local.server.close());

async function openPayment(
  params: Partial<Stripe.Checkout.SessionCreateParams> = {},
): Promise<Stripe.Checkout.Session> {
  return stripe.checkout.sessions.create({
    mode: "payment",
    line_items: [
      { quantity: 1, price_data: { currency: "usd", unit_amount: 2500, product_data: { name: "Guide" } } },
    ],
    success_url: SUCCESS_URL,
    cancel_url: CANCEL_URL,
    allowed_payment_method_types: BOTH,
    ...params,
  });
}

async function openSubscription(
  params: Partial<Stripe.Checkout.SessionCreateParams> = {},
): Promise<Stripe.Checkout.Session> {
  const plan = await createPlan(stripe, { recurring: { interval: "month" }, unit_amount: 1900 });
  return openCheckout(stripe, plan, { allowed_payment_method_types: BOTH, ...params });
}

/** Presses the debit's button, the card's fields left empty. */
function payByDebit(session: Stripe.Checkout.Session, account = "success"): Promise<Response> {
  const fields = { email: "ada@example.test", bank_account: account, bank_debit: "yes" };
  return fetch(String(session.url), {
    method: "POST",
    redirect: "manual",
    body: new URLSearchParams({ ...fields, number: "", expiry: "", cvc: "", name: "" }),
  });
}

function read(session: Stripe.Checkout.Session): Promise<Stripe.Checkout.Session> {
  return stripe.checkout.sessions.retrieve(session.id);
}

async function pass(days = 7): Promise<void> {
  expect((await local.lab("POST", "/clock", { advance_ms: days * DAY_MS })).status).toBe(200);
}

describe("a payment", () => {
  test("is offered by debit where the session allows it, and by card alone elsewhere", async () => {
    const both = await openPayment();
    expect(both).toMatchObject({ allowed_payment_method_types: BOTH, payment_method_types: BOTH });
    expect(await (await fetch(String(both.url))).text()).toContain("Pay by bank debit");
    const cards = await openPayment({ allowed_payment_method_types: undefined });
    expect(cards.payment_method_types).toEqual(["card"]);
    expect(await (await fetch(String(cards.url))).text()).not.toContain("bank debit");
    // What the page does not offer cannot be posted to it either.
    expect((await payByDebit(cards)).status).toBe(422);
    expect((await read(cards)).status).toBe("open");
  });

  test("completes the session unpaid, and is told of when the money is there", async () => {
    const session = await openPayment();
    const answer = await payByDebit(session);
    expect(answer.status).toBe(303);
    expect(answer.headers.get("Location")).toBe(SUCCESS_URL.replace("{CHECKOUT_SESSION_ID}", session.id));
    const completed = await read(session);
    expect(completed).toMatchObject({ status: "complete", payment_status: "unpaid", url: null });
    const intent = await stripe.paymentIntents.retrieve(String(completed.payment_intent));
    expect(intent.status).toBe("processing");
    await pass();
    expect((await read(session)).payment_status).toBe("paid");
    expect(await toldOf(stripe, session.id)).toEqual([
      "checkout.session.completed",
      "checkout.session.async_payment_succeeded",
    ]);
    const [event] = (await stripe.events.list({ type: "checkout.session.async_payment_succeeded" })).data;
    expect(event?.data.object).toMatchObject({ payment_status: "paid", payment_intent: intent.id });
  });

  test("that fails in the end leaves the session unpaid and says so, once", async () => {
    const session = await openPayment();
    await payByDebit(session, "insufficientFunds");
    await pass(20);
    expect(await read(session)).toMatchObject({ status: "complete", payment_status: "unpaid" });
    expect(await toldOf(stripe, session.id)).toEqual([
      "checkout.session.completed",
      "checkout.session.async_payment_failed",
    ]);
  });

  test("pressed twice debits once, however the presses meet", async () => {
    const session = await openPayment();
    const answers = await Promise.all([payByDebit(session), payByDebit(session), payByDebit(session)]);
    expect(answers.map(({ status }) => status)).toEqual([303, 303, 303]);
    await payByDebit(session);
    expect((await stripe.charges.list()).data).toHaveLength(1);
    expect(await toldOf(stripe, session.id)).toEqual(["checkout.session.completed"]);
  });

  test("gets its invoice paid later as well", async () => {
    const session = await openPayment({ invoice_creation: { enabled: true }, customer_creation: "always" });
    await payByDebit(session);
    const { invoice } = await read(session);
    expect((await stripe.invoices.retrieve(String(invoice))).status).toBe("open");
    await pass();
    expect((await stripe.invoices.retrieve(String(invoice))).status).toBe("paid");
    expect((await read(session)).payment_status).toBe("paid");
  });

  test("keeps the account that was chosen when something else is missing", async () => {
    const session = await openPayment();
    const body = new URLSearchParams({ email: "", bank_account: "noAccount", bank_debit: "yes" });
    const answer = await fetch(String(session.url), { method: "POST", redirect: "manual", body });
    expect(answer.status).toBe(422);
    const page = await answer.text();
    expect(page).toContain("Enter your email address.");
    expect(page).toContain('value="noAccount" selected');
    expect(page).not.toContain("Your card number");
  });

  test("made with an account nobody knows is asked for a card", async () => {
    const session = await openPayment();
    for (const account of ["", "dispute", "constructor"]) {
      expect((await payByDebit(session, account)).status).toBe(422);
    }
    expect((await read(session)).status).toBe("open");
    expect((await stripe.charges.list()).data).toEqual([]);
  });
});

describe("a subscription", () => {
  test("is active at once, the session unpaid until the money is there", async () => {
    const session = await openSubscription();
    expect((await payByDebit(session)).status).toBe(303);
    const completed = await read(session);
    expect(completed).toMatchObject({ status: "complete", payment_status: "unpaid" });
    const subscription = await stripe.subscriptions.retrieve(String(completed.subscription));
    expect(subscription).toMatchObject({ status: "active", default_payment_method: expect.any(String) });
    await pass();
    expect((await read(session)).payment_status).toBe("paid");
    expect(await toldOf(stripe, session.id)).toEqual([
      "checkout.session.completed",
      "checkout.session.async_payment_succeeded",
    ]);
    await pass(35);
    const invoices = (await stripe.invoices.list({ subscription: subscription.id })).data;
    expect(invoices.map(({ status }) => status)).toEqual(["paid", "paid"]);
  });

  test("whose first debit fails is past due, and the session says that it failed", async () => {
    const session = await openSubscription();
    await payByDebit(session, "debitNotAuthorized");
    await pass();
    const { subscription, payment_status: status } = await read(session);
    expect(status).toBe("unpaid");
    expect((await stripe.subscriptions.retrieve(String(subscription))).status).toBe("past_due");
    expect((await toldOf(stripe, session.id)).at(-1)).toBe("checkout.session.async_payment_failed");
    // What is tried afterwards is the invoice's alone.
    const { invoice } = await read(session);
    await stripe.invoices.pay(String(invoice));
    await pass();
    expect(await toldOf(stripe, session.id)).toHaveLength(2);
  });

  test("on trial owes nothing yet, and debits the account when the trial is over", async () => {
    const session = await openSubscription({ subscription_data: { trial_period_days: 14 } });
    expect((await payByDebit(session)).status).toBe(303);
    const completed = await read(session);
    expect(completed.payment_status).toBe("no_payment_required");
    await pass(15);
    const [charge] = (await stripe.charges.list()).data;
    expect(charge).toMatchObject({ status: "pending", amount: 1900 });
    await pass();
    expect((await stripe.charges.retrieve(String(charge?.id))).status).toBe("succeeded");
  });
});

describe("an account that is only saved", () => {
  test("has a mandate, and can be debited from then on", async () => {
    const customer = await stripe.customers.create({ email: "ada@example.test" });
    const session = await stripe.checkout.sessions.create({
      mode: "setup",
      customer: customer.id,
      allowed_payment_method_types: BOTH,
      success_url: SUCCESS_URL,
    });
    expect((await payByDebit(session)).status).toBe(303);
    const completed = await read(session);
    expect(completed).toMatchObject({ status: "complete", payment_status: "no_payment_required" });
    const setup = await stripe.setupIntents.retrieve(String(completed.setup_intent));
    expect(setup).toMatchObject({ status: "succeeded", mandate: expect.stringMatching(/^mandate_/) });
    const intent = await stripe.paymentIntents.create({
      amount: 900,
      currency: "usd",
      customer: customer.id,
      payment_method: String(setup.payment_method),
      allowed_payment_method_types: ["us_bank_account"],
      off_session: true,
      confirm: true,
    });
    expect(intent.status).toBe("processing");
  });
});

describe("what no session can offer is refused", () => {
  const param = "allowed_payment_method_types";

  test("debits in another currency", async () => {
    const error = await refusalOf(
      openPayment({
        line_items: [
          {
            quantity: 1,
            price_data: { currency: "eur", unit_amount: 2500, product_data: { name: "Guide" } },
          },
        ],
      }),
    );
    expect(error).toMatchObject({ statusCode: 400, param });
  });

  test("debits that are captured by hand", async () => {
    const error = await refusalOf(openPayment({ payment_intent_data: { capture_method: "manual" } }));
    expect(error).toMatchObject({ statusCode: 400, param });
  });

  test.each([[["us_bank_account"]], [["card", "sepa_debit"]]] as const)("%j, by name", async (types) => {
    const error = await refusalOf(openPayment({ allowed_payment_method_types: [...types] }));
    expect(error).toMatchObject({ code: "not_simulated", param });
  });
});
