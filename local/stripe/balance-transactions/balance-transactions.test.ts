import type Stripe from "stripe";
import { afterEach, beforeEach, expect, test } from "vitest";
import { refusalOf, startTestStripe, type TestStripe } from "@/local/stripe/testing/start-test-stripe";

const DAY_SECONDS = 24 * 60 * 60;

let local: TestStripe;
beforeEach(async () => {
  local = await startTestStripe();
});
afterEach(() => local.server.close());

async function pay(
  amount: number,
  currency = "usd",
  method = "pm_card_visa",
): Promise<Stripe.PaymentIntent & { latest_charge: Stripe.Charge }> {
  const intent = await local.stripe.paymentIntents.create({
    amount,
    currency,
    description: "Credits",
    payment_method: method,
    capture_method: "automatic",
    automatic_payment_methods: { enabled: true, allow_redirects: "never" },
    confirm: true,
    expand: ["latest_charge.balance_transaction"],
  });
  // It was expanded just above.
  return intent as Stripe.PaymentIntent & { latest_charge: Stripe.Charge };
}

// https://docs.stripe.com/api/balance_transactions/object
test("a charge adds to the balance, less 2.9 % and 30 cents", async () => {
  const { latest_charge: charge } = await pay(1050);
  expect(charge.balance_transaction).toMatchObject({
    id: expect.stringMatching(/^txn_\w{24}$/),
    amount: 1050,
    fee: 60,
    net: 990,
    currency: "usd",
    description: "Credits",
    fee_details: [{ amount: 60, currency: "usd", description: "Stripe processing fees", type: "stripe_fee" }],
    reporting_category: "charge",
    source: charge.id,
    status: "pending",
    type: "charge",
  });
});

test.each([
  // 2.9 % of 1,000 is 29; of 50 it is 1.45; half a cent rounds up.
  [1000, "usd", 59],
  [50, "usd", 31],
  [500, "usd", 45],
  [10_000, "jpy", 320],
  [10_000, "kwd", 590],
])("%i %s cost %i", async (amount, currency, fee) => {
  expect((await pay(amount, currency)).latest_charge.balance_transaction).toMatchObject({
    amount,
    fee,
    net: amount - fee,
  });
});

// https://docs.stripe.com/payments/balances
test("money is pending until the second midnight, then available", async () => {
  const { created, latest_charge: charge } = await pay(2000);
  const midnight = (Math.floor(created / DAY_SECONDS) + 2) * DAY_SECONDS;
  const id = (charge.balance_transaction as Stripe.BalanceTransaction).id;
  expect((await local.stripe.balanceTransactions.retrieve(id)).available_on).toBe(midnight);
  await local.lab("POST", "/clock", { to: midnight - 1 });
  await pay(3000);
  expect((await local.stripe.balanceTransactions.retrieve(id)).status).toBe("pending");
  expect(await local.stripe.balance.retrieve()).toMatchObject({
    available: [{ amount: 0, currency: "usd" }],
    pending: [{ amount: 1912 + 2883, currency: "usd", source_types: { card: 4795 } }],
  });
  await local.lab("POST", "/clock", { to: midnight });
  expect((await local.stripe.balanceTransactions.retrieve(id)).status).toBe("available");
  expect(await local.stripe.balance.retrieve()).toMatchObject({
    available: [{ amount: 1912 }],
    pending: [{ amount: 2883 }],
  });
  await local.lab("POST", "/clock", { advance_ms: 2 * DAY_SECONDS * 1000 });
  expect(await local.stripe.balance.retrieve()).toMatchObject({
    available: [{ amount: 4795 }],
    pending: [{ amount: 0 }],
  });
});

// https://docs.stripe.com/testing#available-balance
test("some test cards' money is available at once", async () => {
  const { latest_charge: charge } = await pay(2000, "usd", "pm_card_bypassPending");
  expect(charge.balance_transaction).toMatchObject({ status: "available" });
  expect((await local.stripe.balance.retrieve()).available).toMatchObject([{ amount: 1912 }]);
});

test("every currency has a balance of its own, and refunds come off it without their fee", async () => {
  const euros = await pay(2000, "eur");
  await pay(1000, "usd");
  await local.stripe.refunds.create({ payment_intent: euros.id });
  const { pending } = await local.stripe.balance.retrieve();
  expect(pending.map(({ amount, currency }) => [currency, amount])).toEqual([
    ["usd", 941],
    ["eur", -88],
  ]);
});

test("they are listed by type, source, currency and time", async () => {
  const first = await pay(2000, "eur");
  const second = await pay(1000);
  const refund = await local.stripe.refunds.create({ payment_intent: first.id, amount: 100 });
  const list = async (params: Stripe.BalanceTransactionListParams) =>
    (await local.stripe.balanceTransactions.list(params)).data.map(({ source }) => source);
  expect(await list({})).toEqual([refund.id, second.latest_charge.id, first.latest_charge.id]);
  expect(await list({ type: "refund" })).toEqual([refund.id]);
  expect(await list({ source: first.latest_charge.id })).toEqual([first.latest_charge.id]);
  expect(await list({ currency: "usd" })).toEqual([second.latest_charge.id]);
  expect(await list({ created: { gt: second.created + 60 } })).toEqual([]);
  expect((await refusalOf(local.stripe.balanceTransactions.retrieve("txn_none"))).statusCode).toBe(404);
  const payout = await refusalOf(local.stripe.balanceTransactions.list({ payout: "po_1" }));
  expect([payout.code, payout.param]).toEqual(["not_simulated", "payout"]);
});
