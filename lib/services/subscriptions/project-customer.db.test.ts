import type Stripe from "stripe";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Context } from "@/lib/context";
import { startCheckout } from "@/lib/services/checkout/start-checkout";
import { withCustomerLease } from "@/lib/services/customers/with-customer-lease";
import { jumpTo, payOnPage } from "@/local/testing/lab-driver";
import { openTestWorld, type TestWorld } from "@/local/testing/test-context";
import { getSubscription } from "./get-subscription";
import { projectCustomer } from "./project-customer";
import { syncCustomer } from "./sync-customer";

let world: TestWorld;
let customerId: string;
beforeAll(async () => {
  world = await openTestWorld();
});
beforeEach(async () => {
  ({ customerId } = await world.createPerson());
});
afterAll(() => world.close());

const now = (): Context => world.at(new Date());

async function subscribe(plan: string): Promise<void> {
  await payOnPage((await startCheckout(now(), { customerId, choice: { plan } })).url);
  await syncCustomer(now(), { customerId });
}

/** Stripe as it answers after something was changed there, by the dashboard for one. */
function readingAs(change: {
  subscription?: (subscription: Stripe.Subscription) => Stripe.Subscription;
  invoices?: Stripe.Invoice[];
}): Context {
  const { stripe } = world.ctx;
  const list = (params: Stripe.SubscriptionListParams) => ({
    autoPagingToArray: async () =>
      (await stripe.subscriptions.list(params)).data.map(change.subscription ?? ((same) => same)),
  });
  const changed: Stripe = Object.assign(Object.create(stripe), {
    subscriptions: { list },
    ...(change.invoices
      ? { invoices: { list: () => ({ autoPagingToArray: async () => change.invoices }) } }
      : {}),
  });
  return { ...now(), stripe: changed };
}

async function withPriceOf(plan: string) {
  const { stripePriceId } = await world.ctx.db.price.findFirstOrThrow({
    where: { planVersion: { plan: { slug: plan } } },
  });
  return (subscription: Stripe.Subscription): Stripe.Subscription => ({
    ...subscription,
    items: {
      ...subscription.items,
      data: subscription.items.data.map((item) => ({
        ...item,
        price: { ...item.price, id: stripePriceId ?? "price_of_somebody_else" },
      })),
    },
  });
}

describe("a subscription whose price was changed at Stripe", () => {
  test("to a lower plan leaves nothing of the higher one", async () => {
    await subscribe("pro-learn");
    await syncCustomer(readingAs({ subscription: await withPriceOf("community-pro") }), { customerId });
    expect((await getSubscription(now(), { customerId })).plan.slug).toBe("community-pro");
    // Back again, it grants the higher one again.
    await syncCustomer(now(), { customerId });
    expect((await getSubscription(now(), { customerId })).plan.slug).toBe("pro-learn");
  });

  test("to a price that is none of ours grants no plan of ours", async () => {
    await subscribe("pro-learn");
    const foreign = (subscription: Stripe.Subscription): Stripe.Subscription => ({
      ...subscription,
      items: {
        ...subscription.items,
        data: subscription.items.data.map((item) => ({
          ...item,
          price: { ...item.price, id: "price_foreign" },
        })),
      },
    });
    await syncCustomer(readingAs({ subscription: foreign }), { customerId });
    expect((await getSubscription(now(), { customerId })).plan.slug).toBe("explorer");
  });
});

describe("a customer with many invoices", () => {
  /** The members that the mirror reads. */
  const invoice = (index: number, status: Stripe.Invoice.Status): Stripe.Invoice =>
    ({
      id: `in_${index}_${customerId}`,
      status,
      currency: "usd",
      total: 100,
      amount_paid: status === "paid" ? 100 : 0,
      amount_remaining: status === "paid" ? 0 : 100,
      attempt_count: 1,
      created: 1_770_000_000 + index,
      status_transitions: { finalized_at: 1_770_000_000, paid_at: null },
    }) as Stripe.Invoice;

  test("is mirrored whole, and an open invoice that was paid meanwhile is seen as paid", async () => {
    await startCheckout(now(), { customerId, choice: { plan: "pro-learn" } });
    const first = Array.from({ length: 5_000 }, (_, index) => invoice(index, index === 0 ? "open" : "paid"));
    await syncCustomer(readingAs({ invoices: first }), { customerId });
    const later = first.map((_, index) => invoice(index, "paid"));
    await syncCustomer(readingAs({ invoices: later }), { customerId });
    expect(await world.ctx.db.invoice.count({ where: { customerId, status: "paid" } })).toBe(5_000);
  });
});

test("when an invoice first failed is read from its charges, not from when it was finalized", async () => {
  const { stripe } = world.ctx;
  await startCheckout(now(), { customerId, choice: { plan: "pro-learn" } });
  const { stripeCustomerId } = await world.ctx.db.customer.findUniqueOrThrow({ where: { id: customerId } });
  const customer = stripeCustomerId ?? "";
  const card = await stripe.paymentMethods.attach("pm_card_chargeCustomerFail", { customer });
  const { stripePriceId } = await world.ctx.db.price.findFirstOrThrow({
    where: { planVersion: { plan: { slug: "pro-learn" } } },
  });
  const { latest_invoice: invoice } = await stripe.subscriptions.create({
    customer,
    items: [{ price: stripePriceId ?? "" }],
    default_payment_method: card.id,
    payment_behavior: "default_incomplete",
  });
  // Finalized at once, tried by hand five hours later and once more after that.
  const failures: number[] = [];
  for (const hours of [5, 6]) {
    await jumpTo(world.stripe.url, new Date(Date.now() + hours * 3_600_000));
    await expect(stripe.invoices.pay(String(invoice))).rejects.toMatchObject({ code: "card_declined" });
    const [charge] = (await stripe.charges.list({ customer, limit: 1 })).data;
    failures.push(charge?.created ?? 0);
  }
  await syncCustomer(now(), { customerId });
  expect(await world.ctx.db.invoice.findUniqueOrThrow({ where: { id: String(invoice) } })).toMatchObject({
    status: "open",
    attemptCount: 1,
    firstFailedAt: new Date((failures[0] ?? 0) * 1000),
  });
});

test("a reading that lost its lease to a newer one writes nothing", async () => {
  await payOnPage((await startCheckout(now(), { customerId, choice: { plan: "pro-learn" } })).url);
  await withCustomerLease(now(), customerId, 0, async (slow) => {
    await world.ctx.db.customerLease.update({ where: { customerId }, data: { fence: { increment: 1 } } });
    await expect(projectCustomer(now(), slow)).rejects.toMatchObject({ code: "conflict" });
  });
  expect(await world.ctx.db.subscription.count({ where: { customerId } })).toBe(0);
  expect(await world.ctx.db.planGrant.count({ where: { customerId } })).toBe(0);
});
