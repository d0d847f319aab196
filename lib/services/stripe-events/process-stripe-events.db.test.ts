import Stripe from "stripe";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Context } from "@/lib/context";
import { startCheckout } from "@/lib/services/checkout/start-checkout";
import { getSubscription } from "@/lib/services/subscriptions/get-subscription";
import { payOnPage, setFault } from "@/local/testing/lab-driver";
import { openTestWorld, type TestWorld } from "@/local/testing/test-context";
import { processStripeEvents, sweepStripeEvents } from "./process-stripe-events";
import { receiveStripeEvent } from "./receive-stripe-event";

let world: TestWorld;
let customerId: string;
let stripeCustomerId: string;
/** Everything Stripe would have sent about this customer, oldest first. */
let events: Stripe.Event[];

beforeAll(async () => {
  world = await openTestWorld();
});
afterAll(() => world.close());

const now = (): Context => world.at(new Date());

beforeEach(async () => {
  ({ customerId } = await world.createPerson());
  await payOnPage((await startCheckout(now(), { customerId, choice: { plan: "community-pro" } })).url);
  const customer = await world.ctx.db.customer.findUniqueOrThrow({ where: { id: customerId } });
  stripeCustomerId = customer.stripeCustomerId ?? "";
  events = await eventsOf(stripeCustomerId);
});

async function eventsOf(stripeCustomer: string): Promise<Stripe.Event[]> {
  const all = await world.ctx.stripe.events.list({ limit: 100 }).autoPagingToArray({ limit: 1_000 });
  return all.filter((event) => JSON.stringify(event.data.object).includes(stripeCustomer)).reverse();
}

function sign(
  payload: string,
  timestamp = Math.floor(Date.now() / 1000),
  secret = world.ctx.env.stripe.webhookSecret,
): string {
  return Stripe.webhooks.generateTestHeaderString({ payload, timestamp, secret });
}

async function deliver(event: Stripe.Event) {
  const body = JSON.stringify(event);
  return receiveStripeEvent(now(), { body, signature: sign(body) });
}

async function counts() {
  const { db } = world.ctx;
  const where = { where: { customerId } };
  return {
    subscriptions: await db.subscription.count(where),
    grants: await db.planGrant.count(where),
    history: await db.subscriptionHistory.count(where),
  };
}

const ONCE = { subscriptions: 1, grants: 1, history: 1 };

describe("webhooks converge on what Stripe has", () => {
  test("one event delivered 20 times at once is stored once and has one effect (S1-59, S1-155)", async () => {
    const created = events.find((event) => event.type === "customer.subscription.created");
    if (!created) throw new Error("Stripe sent no customer.subscription.created");
    await Promise.all(
      Array.from({ length: 20 }, async () => {
        await deliver(created);
        await processStripeEvents(now(), { stripeCustomerId });
      }),
    );
    expect(await world.ctx.db.stripeEvent.count({ where: { id: created.id } })).toBe(1);
    expect(await counts()).toEqual(ONCE);
    expect((await getSubscription(now(), { customerId })).subscription?.status).toBe("trialing");
  });

  test("all events in reverse order, each processed as it comes, end in one subscription and one history row", async () => {
    for (const event of events.toReversed()) {
      await deliver(event);
      await processStripeEvents(now(), { stripeCustomerId });
    }
    expect(await counts()).toEqual(ONCE);
    const states = await world.ctx.db.stripeEvent.findMany({
      where: { stripeCustomerId, state: { not: "ignored" } },
    });
    expect(states.length).toBeGreaterThanOrEqual(3);
    expect(new Set(states.map((event) => event.state))).toEqual(new Set(["processed"]));
    expect(await world.ctx.db.invoice.findMany({ where: { customerId } })).toMatchObject([
      { status: "paid", totalMinor: 0 },
    ]);
  });

  test("a canceled subscription leaves the customer on the free plan, however late its creation is heard of (S1-56)", async () => {
    const [subscription] = (await world.ctx.stripe.subscriptions.list({ customer: stripeCustomerId })).data;
    await world.ctx.stripe.subscriptions.cancel(subscription?.id ?? "");
    for (const event of (await eventsOf(stripeCustomerId)).toReversed()) {
      await deliver(event);
      await processStripeEvents(now(), { stripeCustomerId });
      expect((await getSubscription(now(), { customerId })).plan.slug).toBe("explorer");
    }
    const history = await world.ctx.db.subscriptionHistory.findMany({
      where: { customerId },
      orderBy: { occurredAt: "asc" },
    });
    expect(history.map((entry) => entry.action).sort()).toEqual(["cancel", "trial_start"]);
  });

  test("one reading of Stripe serves all queued events", async () => {
    for (const event of events) await deliver(event);
    const { processed } = await processStripeEvents(now(), { stripeCustomerId });
    expect(processed).toBeGreaterThanOrEqual(3);
    expect(await processStripeEvents(now(), { stripeCustomerId })).toEqual({ processed: 0, failed: 0 });
  });

  test("an event that comes while Stripe is being read is left for the next reading, which is newer", async () => {
    const [first, second] = events.filter((event) => /^(customer\.subscription|checkout)/.test(event.type));
    await deliver(first as Stripe.Event); // every checkout sends more than these
    const { stripe } = world.ctx;
    const subscriptions = Object.assign(Object.create(stripe.subscriptions), {
      list: (params: Stripe.SubscriptionListParams) => ({
        autoPagingToArray: async () => {
          const { data } = await stripe.subscriptions.list(params);
          await deliver(second as Stripe.Event); // as above
          return data;
        },
      }),
    });
    const whileReading = { ...now(), stripe: Object.assign(Object.create(stripe), { subscriptions }) };
    await processStripeEvents(whileReading, { stripeCustomerId });
    const stateOf = async (event: Stripe.Event | undefined) =>
      (await world.ctx.db.stripeEvent.findUniqueOrThrow({ where: { id: event?.id ?? "" } })).state;
    expect([await stateOf(first), await stateOf(second)]).toEqual(["processed", "received"]);
    await processStripeEvents(now(), { stripeCustomerId });
    expect(await stateOf(second)).toBe("processed");
  });

  test("a processing that fails is recorded, tried again by the sweep, and ends processed (S1-131, D-01)", async () => {
    const created = events.find((event) => event.type === "customer.subscription.created");
    await deliver(created as Stripe.Event); // found above in every run of this world
    await setFault(world.stripe.url, { route: "GET /v1/subscriptions", status: 500, count: 2 });
    expect(await processStripeEvents(now(), { stripeCustomerId })).toEqual({ processed: 0, failed: 1 });
    const failed = await world.ctx.db.stripeEvent.findUniqueOrThrow({ where: { id: created?.id ?? "" } });
    expect(failed).toMatchObject({ state: "received", attempts: 1 });
    expect(failed.lastError).toBeTruthy();

    await world.ctx.db.stripeEvent.update({ where: { id: failed.id }, data: { nextAttemptAt: new Date() } });
    await sweepStripeEvents(now(), { limit: 10 });
    expect(await world.ctx.db.stripeEvent.findUniqueOrThrow({ where: { id: failed.id } })).toMatchObject({
      state: "processed",
      lastError: null,
    });
    expect(await counts()).toEqual(ONCE);
  });

  test("a burst of events while Stripe is down costs no event its retries", async () => {
    const [created] = events.filter((event) => event.type === "customer.subscription.created");
    // Two for each: the SDK repeats a failed call once by itself.
    await setFault(world.stripe.url, { route: "GET /v1/subscriptions", status: 500, count: 30 });
    for (let index = 0; index < 15; index += 1) {
      await deliver({ ...(created as Stripe.Event), id: `evt_burst_${index}_${customerId}` }); // found in every run
      await processStripeEvents(now(), { stripeCustomerId });
    }
    const burst = { id: { startsWith: "evt_burst_" }, stripeCustomerId };
    expect(await world.ctx.db.stripeEvent.count({ where: { ...burst, state: "failed" } })).toBe(0);
    await world.ctx.db.stripeEvent.updateMany({ where: burst, data: { nextAttemptAt: new Date() } });
    await sweepStripeEvents(now(), { limit: 10 });
    expect(await world.ctx.db.stripeEvent.count({ where: { ...burst, state: "processed" } })).toBe(15);
    expect(await counts()).toEqual(ONCE);
  });

  test.each([
    ["is tried again for three days, as Stripe itself does", 71, "received"],
    ["then waits for an admin", 73, "failed"],
  ])("an event that fails %s", async (_name, hours, state) => {
    const created = events.find((event) => event.type === "customer.subscription.created") as Stripe.Event; // as above
    await deliver(created);
    await world.ctx.db.stripeEvent.update({
      where: { id: created.id },
      data: { attempts: 50, receivedAt: new Date(Date.now() - hours * 3_600_000) },
    });
    await setFault(world.stripe.url, { route: "GET /v1/subscriptions", status: 500, count: 2 });
    await processStripeEvents(now(), { stripeCustomerId });
    expect(await world.ctx.db.stripeEvent.findUniqueOrThrow({ where: { id: created.id } })).toMatchObject({
      state,
    });
  });

  test("a type that nobody handles is stored as ignored", async () => {
    const unhandled = events.find((event) => event.type === "payment_method.attached");
    expect(await deliver(unhandled as Stripe.Event)).toEqual({ stripeCustomerId: null }); // every checkout attaches a card
    expect(
      await world.ctx.db.stripeEvent.findUniqueOrThrow({ where: { id: unhandled?.id ?? "" } }),
    ).toMatchObject({ state: "ignored" });
  });
});

describe("a webhook that is not Stripe's is refused and nothing is stored (S1-54, S2-57, S2-66, V4)", () => {
  const payload = () => JSON.stringify({ ...events[0], id: "evt_forged" });
  const seconds = () => Math.floor(Date.now() / 1000);

  test.each<[string, (body: string) => string | null]>([
    ["no signature", () => null],
    ["another secret", (body) => sign(body, seconds(), "whsec_other")],
    ["an empty secret", (body) => sign(body, seconds(), " ")],
    ["a signature of another body", () => sign("{}")],
    ["a time six minutes ago", (body) => sign(body, seconds() - 360)],
    ["a time six minutes ahead", (body) => sign(body, seconds() + 360)],
    ["no time", (body) => sign(body).replace(/t=\d+,/, "")],
    ["garbage", () => "t=abc,v1=00"],
  ])("%s", async (_name, signature) => {
    const body = payload();
    await expect(receiveStripeEvent(now(), { body, signature: signature(body) })).rejects.toMatchObject({
      code: "signature_invalid",
    });
    expect(await world.ctx.db.stripeEvent.count({ where: { id: "evt_forged" } })).toBe(0);
  });

  test("the other mode: a live event at a test key", async () => {
    const body = JSON.stringify({ ...events[0], id: "evt_forged", livemode: true });
    await expect(receiveStripeEvent(now(), { body, signature: sign(body) })).rejects.toMatchObject({
      code: "signature_invalid",
    });
  });
});
