import Stripe from "stripe";
import { afterAll, beforeAll, expect, test } from "vitest";
import { directory } from "@/catalogues/directory";
import { publishCatalogue } from "@/lib/services/catalogue/publish-catalogue";
import { startCheckout } from "@/lib/services/checkout/start-checkout";
import { sweepStripeCommands } from "@/lib/services/stripe-commands/sweep-stripe-commands";
import { jumpToNextRenewal, payOnPage, setFault } from "@/local/testing/lab-driver";
import { openTestWorld, type TestWorld } from "@/local/testing/test-context";
import { getSubscription } from "./get-subscription";
import { syncCustomer } from "./sync-customer";

/** Sells access for a month that does not renew. */
let world: TestWorld;
/** How far the local Stripe's clock was brought ahead. */
let aheadMs = 0;
beforeAll(async () => {
  world = await openTestWorld({ preset: "directory" });
});
afterAll(() => world.close());

const now = () => world.at(new Date(Date.now() + aheadMs));

async function buy(): Promise<{ customerId: string }> {
  const { customerId } = await world.createPerson();
  await payOnPage((await startCheckout(now(), { customerId, choice: { plan: "premium" } })).url);
  return { customerId };
}

const commandsOf = (customerId: string) =>
  world.ctx.db.stripeCommand.findMany({ where: { customerId, kind: "subscriptions.end_with_period" } });

test("what was bought ends with its period: nothing more is charged, and it can be bought again (S4-09, K-24)", async () => {
  const customer = await buy();
  await syncCustomer(now(), customer);
  const { access, autoRenews, subscription } = await getSubscription(now(), customer);
  expect({ access, autoRenews }).toEqual({ access: "full", autoRenews: false });
  expect(subscription).toMatchObject({ status: "active", cancelAtPeriodEnd: true });

  const later = await jumpToNextRenewal(world.stripe.url, world.ctx.stripe, subscription?.id ?? "");
  aheadMs = later.getTime() - Date.now();
  await syncCustomer(now(), customer);
  const after = await getSubscription(now(), customer);
  expect([after.plan.slug, after.subscription?.isLive]).toEqual(["free", false]);
  expect(await world.ctx.db.invoice.findMany({ where: customer })).toMatchObject([
    { status: "paid", totalMinor: 3900 },
  ]);
  await payOnPage((await startCheckout(now(), { ...customer, choice: { plan: "premium" } })).url);
  await syncCustomer(now(), customer);
  expect((await getSubscription(now(), customer)).subscription).toMatchObject({
    isLive: true,
    cancelAtPeriodEnd: true,
  });
});

test("the payment page says that it does not renew", async () => {
  const { customerId } = await world.createPerson();
  const { url } = await startCheckout(now(), { customerId, choice: { plan: "premium" } });
  expect(await (await fetch(url)).text()).toContain(
    "It does not renew: right after your payment it is set to end with the period you pay for.",
  );
});

test("Stripe is told once: whoever turns renewal on again there is not overruled", async () => {
  const customer = await buy();
  await Promise.all(Array.from({ length: 5 }, () => syncCustomer(now(), customer)));
  const { subscription } = await getSubscription(now(), customer);
  await world.ctx.stripe.subscriptions.update(subscription?.id ?? "", { cancel_at_period_end: false });
  await syncCustomer(now(), customer);
  expect((await getSubscription(now(), customer)).subscription?.cancelAtPeriodEnd).toBe(false);
  expect(await commandsOf(customer.customerId)).toMatchObject([{ state: "succeeded", attempts: 1 }]);
});

test("while Stripe does not take it, what was paid is there, and it is told as soon as it does", async () => {
  const customer = await buy();
  // The SDK tries each call three times.
  await setFault(world.stripe.url, { route: "POST /v1/subscriptions/:id", status: 500, count: 3 });
  await syncCustomer(now(), customer);
  const { access, subscription } = await getSubscription(now(), customer);
  expect([access, subscription?.cancelAtPeriodEnd]).toEqual(["full", false]);
  expect(await commandsOf(customer.customerId)).toMatchObject([{ state: "pending" }]);

  await world.ctx.db.stripeCommand.updateMany({ where: customer, data: { nextAttemptAt: new Date() } });
  await sweepStripeCommands(world.ctx, { limit: 10 });
  await syncCustomer(now(), customer);
  expect((await getSubscription(now(), customer)).subscription?.cancelAtPeriodEnd).toBe(true);
});

test("what Stripe refuses is asked for again when the customer is next read", async () => {
  const customer = await buy();
  const { stripe } = world.ctx;
  const refusal = new Stripe.errors.StripePermissionError({
    type: "invalid_request_error",
    message: "This key may not.",
    statusCode: 403,
  });
  const update = () => Promise.reject(refusal);
  const subscriptions = Object.assign(Object.create(stripe.subscriptions), { update });
  const refusing: Stripe = Object.assign(Object.create(stripe), { subscriptions });
  await syncCustomer({ ...now(), stripe: refusing }, customer);
  const { access, subscription } = await getSubscription(now(), customer);
  expect([access, subscription?.cancelAtPeriodEnd]).toEqual(["full", false]);
  expect(await commandsOf(customer.customerId)).toMatchObject([{ state: "failed" }]);

  await syncCustomer(now(), customer);
  expect((await getSubscription(now(), customer)).subscription?.cancelAtPeriodEnd).toBe(true);
  expect(await commandsOf(customer.customerId)).toMatchObject([{ state: "succeeded" }]);
});

test("what was sold with renewal renews, whatever the catalogue says by now", async () => {
  const renewing = { ...directory, policy: { ...directory.policy, autoRenews: true } };
  await publishCatalogue(now(), { catalogue: renewing });
  const policyOf = async (customerId: string) => (await getSubscription(now(), { customerId })).autoRenews;
  const waiting = await world.createPerson();
  await expect.poll(() => policyOf(waiting.customerId)).toBe(true);
  const customer = await buy();
  await publishCatalogue(now(), { catalogue: directory });
  await expect.poll(() => policyOf(waiting.customerId)).toBe(false);
  await syncCustomer(now(), customer);
  expect((await getSubscription(now(), customer)).subscription?.cancelAtPeriodEnd).toBe(false);
  expect(await commandsOf(customer.customerId)).toEqual([]);
});

test("a subscription that is none of ours is left as it is", async () => {
  const customer = await buy();
  await syncCustomer(now(), customer);
  const { stripe, db } = world.ctx;
  const { stripeCustomerId } = await db.customer.findUniqueOrThrow({ where: { id: customer.customerId } });
  const foreign = await stripe.prices.create({
    currency: "usd",
    unit_amount: 100,
    recurring: { interval: "month" },
    product_data: { name: "Not of this catalogue" },
  });
  const [card] = (await stripe.customers.listPaymentMethods(stripeCustomerId ?? "")).data;
  const other = await stripe.subscriptions.create({
    default_payment_method: card?.id ?? "",
    customer: stripeCustomerId ?? "",
    items: [{ price: foreign.id }],
  });
  await syncCustomer(now(), customer);
  expect((await stripe.subscriptions.retrieve(other.id)).cancel_at_period_end).toBe(false);
  expect(await commandsOf(customer.customerId)).toHaveLength(1);
});
