import Stripe from "stripe";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Context } from "@/lib/context";
import { startCheckout } from "@/lib/services/checkout/start-checkout";
import { processStripeEvents } from "@/lib/services/stripe-events/process-stripe-events";
import { receiveStripeEvent } from "@/lib/services/stripe-events/receive-stripe-event";
import { failNextCharge, jumpTo, jumpToNextRenewal, payOnPage, repairCard } from "@/local/testing/lab-driver";
import { openTestWorld, type TestWorld } from "@/local/testing/test-context";
import { getSubscription } from "./get-subscription";

const DAY_MS = 86_400_000;

let world: TestWorld;
/** Business time: wherever the local Stripe's clock was last brought to. */
let now = new Date();
beforeAll(async () => {
  world = await openTestWorld();
});
afterAll(() => world.close());

type Subscriber = { customerId: string; stripeCustomerId: string; subscriptionId: string };

/** Webhooks arrive once and in order only on good days. */
const DELIVERIES: [string, (events: Stripe.Event[]) => Stripe.Event[]][] = [
  ["once, in order", (events) => events],
  ["twice each", (events) => events.flatMap((event) => [event, event])],
  ["in reverse", (events) => events.toReversed()],
];

describe.each(DELIVERIES)("with every event delivered %s (S0-66, S2-57, S2-86, S3-43)", (_name, order) => {
  let heard = new Set<string>();

  /** The app hears what happened to the customer since it last listened. */
  async function hear({ stripeCustomerId }: Pick<Subscriber, "stripeCustomerId">): Promise<Context> {
    const ctx = world.at(now);
    const all = await ctx.stripe.events.list({ limit: 100 }).autoPagingToArray({ limit: 5_000 });
    const news = all
      .filter(({ id, data }) => !heard.has(id) && JSON.stringify(data.object).includes(stripeCustomerId))
      .reverse();
    expect(news.length).toBeGreaterThan(0);
    for (const event of order(news)) {
      const body = JSON.stringify(event);
      const { webhookSecret: secret } = ctx.env.stripe;
      const signature = Stripe.webhooks.generateTestHeaderString({ payload: body, secret });
      await receiveStripeEvent(ctx, { body, signature });
      await processStripeEvents(ctx, { stripeCustomerId });
    }
    heard = new Set(all.map(({ id }) => id));
    return ctx;
  }

  /** Someone past their trial, in good standing, with a first period paid. */
  async function subscriber(): Promise<Subscriber> {
    const { customerId } = await world.createPerson();
    const { url } = await startCheckout(world.at(now), { customerId, choice: { plan: "community-pro" } });
    await payOnPage(url);
    const { stripeCustomerId } = await world.ctx.db.customer.findUniqueOrThrow({ where: { id: customerId } });
    const ids = { customerId, stripeCustomerId: stripeCustomerId ?? "" };
    const { subscription } = await getSubscription(await hear(ids), ids);
    const subscriptionId = subscription?.id ?? "";
    now = await jumpToNextRenewal(world.stripe.url, world.ctx.stripe, subscriptionId);
    await hear(ids);
    return { ...ids, subscriptionId };
  }

  async function renewal({ subscriptionId }: Subscriber): Promise<void> {
    now = await jumpToNextRenewal(world.stripe.url, world.ctx.stripe, subscriptionId);
  }

  const accessAt = async (customer: Subscriber, moment: number) =>
    (await getSubscription(world.at(new Date(moment)), customer)).access;

  test("a trial that ends is paid, and the plan goes on under the same grant", async () => {
    const customer = await subscriber();
    const { access, subscription } = await getSubscription(world.at(now), customer);
    expect([access, subscription?.status]).toEqual(["full", "active"]);
    const { db } = world.ctx;
    const where = { customerId: customer.customerId };
    expect(await db.invoice.findMany({ where, orderBy: { createdAt: "asc" } })).toMatchObject([
      { status: "paid", totalMinor: 0, billingReason: "subscription_create" },
      { status: "paid", totalMinor: 5400, billingReason: "subscription_cycle", firstFailedAt: null },
    ]);
    expect(await db.planGrant.findMany({ where })).toMatchObject([{ endsAt: null }]);
    const history = await db.subscriptionHistory.findMany({ where, orderBy: { occurredAt: "asc" } });
    expect(history.map(({ action }) => action)).toEqual(["trial_start", "trial_end"]);
  });

  test("a renewal extends the plan", async () => {
    const customer = await subscriber();
    const before = await getSubscription(world.at(now), customer);
    await renewal(customer);
    const { access, plan, subscription } = await getSubscription(await hear(customer), customer);
    expect([access, plan.slug]).toEqual(["full", "community-pro"]);
    expect(subscription?.currentPeriodStart).toEqual(before.subscription?.currentPeriodEnd);
    expect(subscription?.currentPeriodEnd.getTime()).toBeGreaterThan(now.getTime() + 85 * DAY_MS);
    expect(await world.ctx.db.planGrant.count({ where: { customerId: customer.customerId } })).toBe(1);
  });

  test("a renewal that fails leaves access for seven days from the first attempt, whatever is retried; paid, it is back", async () => {
    const customer = await subscriber();
    await failNextCharge(world.ctx.stripe, customer.subscriptionId);
    await renewal(customer);
    const failedAt = now.getTime();
    expect((await getSubscription(await hear(customer), customer)).subscription?.status).toBe("past_due");
    expect(await accessAt(customer, failedAt)).toBe("grace");
    expect(await accessAt(customer, failedAt + 7 * DAY_MS - 1)).toBe("grace");
    expect(await accessAt(customer, failedAt + 7 * DAY_MS)).toBe("limited");

    // The second attempt, on the third day, does not prolong it.
    now = await jumpTo(world.stripe.url, new Date(failedAt + 4 * DAY_MS));
    await hear(customer);
    expect(await accessAt(customer, failedAt + 7 * DAY_MS - 1)).toBe("grace");
    expect(await accessAt(customer, failedAt + 7 * DAY_MS)).toBe("limited");
    const [unpaid] = await world.ctx.db.invoice.findMany({
      where: { customerId: customer.customerId, status: "open" },
    });
    expect(unpaid).toMatchObject({
      attemptCount: 2,
      firstFailedAt: new Date(failedAt),
      nextPaymentAttemptAt: new Date(failedAt + 8 * DAY_MS),
    });

    // The third, on the eighth, meets a good card.
    await repairCard(world.ctx.stripe, customer.subscriptionId);
    now = await jumpTo(world.stripe.url, new Date(failedAt + 8 * DAY_MS));
    const paid = await getSubscription(await hear(customer), customer);
    expect([paid.access, paid.subscription?.status, paid.plan.slug]).toEqual([
      "full",
      "active",
      "community-pro",
    ]);
  });

  test("paying the invoice by hand gives full access back at once", async () => {
    const customer = await subscriber();
    await failNextCharge(world.ctx.stripe, customer.subscriptionId);
    await renewal(customer);
    now = await jumpTo(world.stripe.url, new Date(now.getTime() + 7.5 * DAY_MS));
    expect((await getSubscription(await hear(customer), customer)).access).toBe("limited");
    await repairCard(world.ctx.stripe, customer.subscriptionId);
    const { latest_invoice: invoice } = await world.ctx.stripe.subscriptions.retrieve(
      customer.subscriptionId,
    );
    await world.ctx.stripe.invoices.pay(String(invoice));
    expect((await getSubscription(await hear(customer), customer)).access).toBe("full");
  });

  test("a renewal that is never paid ends the subscription, and the free plan is left", async () => {
    const customer = await subscriber();
    await failNextCharge(world.ctx.stripe, customer.subscriptionId);
    await renewal(customer);
    now = await jumpTo(world.stripe.url, new Date(now.getTime() + 16 * DAY_MS));
    const { access, plan, subscription } = await getSubscription(await hear(customer), customer);
    expect([access, plan.slug, subscription?.status]).toEqual(["limited", "explorer", "canceled"]);
    const history = await world.ctx.db.subscriptionHistory.findMany({
      where: { customerId: customer.customerId, action: "cancel" },
    });
    expect(history).toMatchObject([{ reason: "payment_failed" }]);
  });

  test("an announced end comes at its time, and access lasts until then", async () => {
    const customer = await subscriber();
    await world.ctx.stripe.subscriptions.update(customer.subscriptionId, { cancel_at_period_end: true });
    const announced = await getSubscription(await hear(customer), customer);
    const end = announced.subscription?.currentPeriodEnd.getTime() ?? 0;
    expect(await accessAt(customer, end - 1)).toBe("full");
    now = await jumpTo(world.stripe.url, new Date(end));
    const ended = await getSubscription(await hear(customer), customer);
    expect([ended.access, ended.subscription?.status]).toEqual(["limited", "canceled"]);
  });
});
