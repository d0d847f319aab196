import type Stripe from "stripe";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Context } from "@/lib/context";
import { getSubscription } from "@/lib/services/subscriptions/get-subscription";
import { syncCustomer } from "@/lib/services/subscriptions/sync-customer";
import { CARDS, payOnPage, setFault } from "@/local/testing/lab-driver";
import { openTestWorld, type TestWorld } from "@/local/testing/test-context";
import { startCheckout } from "./start-checkout";

let world: TestWorld;
beforeAll(async () => {
  world = await openTestWorld();
});
afterAll(() => world.close());

/** The local Stripe runs on the wall clock here, so the app does too. */
const now = (): Context => world.at(new Date());
const COMMUNITY_PRO = { plan: "community-pro" };
const PRO_LEARN = { plan: "pro-learn" };
const sessionIdOf = (url: string) => url.split("/").at(-1) ?? "";

async function stripeCustomerOf(customerId: string): Promise<string> {
  const { stripeCustomerId } = await world.ctx.db.customer.findUniqueOrThrow({ where: { id: customerId } });
  return stripeCustomerId ?? "";
}

async function countCheckoutCommands(customerId: string): Promise<number> {
  return world.ctx.db.stripeCommand.count({ where: { customerId, kind: "checkout.sessions.create" } });
}

/** The world's Stripe, with some of its calls about sessions made differently. */
function withSessions(calls: Partial<Pick<Stripe["checkout"]["sessions"], "retrieve" | "expire">>): Stripe {
  const { stripe } = world.ctx;
  const sessions = Object.assign(Object.create(stripe.checkout.sessions), calls);
  return Object.assign(Object.create(stripe), { checkout: { sessions } });
}

describe("a checkout", () => {
  test("is for exactly the plan chosen: the catalogue's amount, interval and trial (S1-08, S1-09, S2-30)", async () => {
    const { customerId } = await world.createPerson();
    const { url } = await startCheckout(now(), { customerId, choice: COMMUNITY_PRO });
    const session = await world.ctx.stripe.checkout.sessions.retrieve(sessionIdOf(url), {
      expand: ["line_items"],
    });
    const price = session.line_items?.data[0]?.price;
    expect(price).toMatchObject({
      unit_amount: 5400,
      currency: "usd",
      recurring: { interval: "month", interval_count: 3 },
    });
    expect(session.customer).toBe(await stripeCustomerOf(customerId));
    await payOnPage(url);
    await syncCustomer(now(), { customerId });
    const { access, plan, subscription } = await getSubscription(now(), { customerId });
    expect({ access, plan: plan.slug, status: subscription?.status }).toEqual({
      access: "full",
      plan: "community-pro",
      status: "trialing",
    });
    const days = ((subscription?.trialEnd?.getTime() ?? 0) - Date.now()) / 86_400_000;
    expect(days).toBeGreaterThan(6.9);
    expect(days).toBeLessThanOrEqual(7);
  });

  test("asked for twice is the same page; for another plan, the first page is expired at Stripe", async () => {
    const { customerId } = await world.createPerson();
    const first = await startCheckout(now(), { customerId, choice: COMMUNITY_PRO });
    expect(await startCheckout(now(), { customerId, choice: COMMUNITY_PRO })).toEqual(first);
    const other = await startCheckout(now(), { customerId, choice: PRO_LEARN });
    expect(other.url).not.toBe(first.url);
    expect((await world.ctx.stripe.checkout.sessions.retrieve(sessionIdOf(first.url))).status).toBe(
      "expired",
    );
    expect(await world.ctx.db.checkout.count({ where: { customerId, state: "open" } })).toBe(1);
  });

  test("of 20 started in parallel is one session of one Stripe customer, and paid it is one live subscription (R13)", async () => {
    const { customerId } = await world.createPerson();
    const started = await Promise.all(
      Array.from({ length: 20 }, () => startCheckout(now(), { customerId, choice: COMMUNITY_PRO })),
    );
    expect(new Set(started.map(({ url }) => url)).size).toBe(1);
    const customers = await world.ctx.stripe.customers
      .list({ limit: 100 })
      .autoPagingToArray({ limit: 1_000 });
    expect(customers.filter((customer) => customer.metadata.customer_id === customerId)).toHaveLength(1);

    await Promise.all(started.map(({ url }) => payOnPage(url)));
    await Promise.all(Array.from({ length: 5 }, () => syncCustomer(now(), { customerId })));
    const { data } = await world.ctx.stripe.subscriptions.list({
      customer: await stripeCustomerOf(customerId),
      status: "all",
    });
    expect(data).toHaveLength(1);
    expect(await world.ctx.db.subscription.count({ where: { customerId } })).toBe(1);
    expect(await world.ctx.db.planGrant.count({ where: { customerId } })).toBe(1);
    expect(await world.ctx.db.subscriptionHistory.findMany({ where: { customerId } })).toMatchObject([
      { action: "trial_start" },
    ]);
  });

  test("paid in another tab meanwhile is never sold a second time", async () => {
    const { customerId } = await world.createPerson();
    const { url } = await startCheckout(now(), { customerId, choice: COMMUNITY_PRO });
    await payOnPage(url);
    // No webhook came and nobody returned: our records still say there is no plan.
    await expect(startCheckout(now(), { customerId, choice: PRO_LEARN })).rejects.toMatchObject({
      code: "plan_already_live",
    });
    expect((await getSubscription(now(), { customerId })).plan.slug).toBe("community-pro");
    expect(await countCheckoutCommands(customerId)).toBe(1);
  });

  test("paid between two of our readings is never sold a second time: what the session says, the subscriptions say too", async () => {
    const { customerId } = await world.createPerson();
    const { url } = await startCheckout(now(), { customerId, choice: COMMUNITY_PRO });
    const paidWhileWeRead = withSessions({
      retrieve: async (id) => {
        // Whatever was asked beside this has been answered by now.
        await new Promise((resolve) => setTimeout(resolve, 300));
        await payOnPage(url);
        return world.ctx.stripe.checkout.sessions.retrieve(id);
      },
    });
    await syncCustomer({ ...now(), stripe: paidWhileWeRead }, { customerId });
    await expect(startCheckout(now(), { customerId, choice: PRO_LEARN })).rejects.toMatchObject({
      code: "plan_already_live",
    });
    expect(await countCheckoutCommands(customerId)).toBe(1);
  });

  test("paid in the moment it is being closed is never sold a second time", async () => {
    const { customerId } = await world.createPerson();
    const { url } = await startCheckout(now(), { customerId, choice: COMMUNITY_PRO });
    const paidWhileWeClose = withSessions({
      expire: async (id, params, options) => {
        await payOnPage(url);
        return world.ctx.stripe.checkout.sessions.expire(id, params, options);
      },
    });
    await expect(
      startCheckout({ ...now(), stripe: paidWhileWeClose }, { customerId, choice: PRO_LEARN }),
    ).rejects.toMatchObject({ code: "plan_already_live" });
    expect(await countCheckoutCommands(customerId)).toBe(1);
  });

  test("is not begun by one who lost the customer's lease meanwhile", async () => {
    const { customerId } = await world.createPerson();
    await startCheckout(now(), { customerId, choice: COMMUNITY_PRO });
    const takenOver = withSessions({
      expire: async (id) => {
        await world.ctx.db.customerLease.update({
          where: { customerId },
          data: { fence: { increment: 1 }, holder: customerId },
        });
        return world.ctx.stripe.checkout.sessions.expire(id);
      },
    });
    await expect(
      startCheckout({ ...now(), stripe: takenOver }, { customerId, choice: PRO_LEARN }),
    ).rejects.toMatchObject({ code: "conflict" });
    expect(await countCheckoutCommands(customerId)).toBe(1);
  });

  test("with a declined card creates no subscription, says why, and can be paid with another card (S1-130)", async () => {
    const { customerId } = await world.createPerson();
    const { url } = await startCheckout(now(), { customerId, choice: COMMUNITY_PRO });
    const declined = await payOnPage(url, CARDS.declined);
    expect(declined.status).toBe(402);
    expect(declined.body).toContain("Your card was declined.");
    await syncCustomer(now(), { customerId });
    expect((await getSubscription(now(), { customerId })).subscription).toBeNull();
    expect((await payOnPage(url)).status).toBe(303);
    await syncCustomer(now(), { customerId });
    expect((await getSubscription(now(), { customerId })).subscription?.status).toBe("trialing");
  });

  test("gives the trial once: after a canceled one the next checkout has none (S0-26, S1-166)", async () => {
    const { customerId } = await world.createPerson();
    await payOnPage((await startCheckout(now(), { customerId, choice: COMMUNITY_PRO })).url);
    await syncCustomer(now(), { customerId });
    const { subscription } = await getSubscription(now(), { customerId });
    await world.ctx.stripe.subscriptions.cancel(subscription?.id ?? "");
    await syncCustomer(now(), { customerId });
    expect((await getSubscription(now(), { customerId })).plan.slug).toBe("explorer");

    await payOnPage((await startCheckout(now(), { customerId, choice: COMMUNITY_PRO })).url);
    await syncCustomer(now(), { customerId });
    expect((await getSubscription(now(), { customerId })).subscription?.status).toBe("active");
    const history = await world.ctx.db.subscriptionHistory.findMany({
      where: { customerId },
      orderBy: { occurredAt: "asc" },
    });
    expect(history.map((entry) => entry.action).sort()).toEqual(["cancel", "subscribe", "trial_start"]);
  });
});

describe("what cannot be bought is refused before Stripe is called", () => {
  test.each([
    ["an unknown plan", { plan: "platinum" }, "plan"],
    ["the free plan", { plan: "explorer" }, "plan"],
    ["a plan by application", { plan: "creator" }, "plan"],
    ["an interval it is not sold by", { plan: "community-pro", interval: "year" as const }, "interval"],
  ])("%s, naming the field", async (_name, choice, field) => {
    const { customerId } = await world.createPerson();
    await expect(startCheckout(now(), { customerId, choice })).rejects.toMatchObject({
      code: "invalid_request",
      options: { fields: [{ field }] },
    });
    expect(await world.ctx.db.stripeCommand.count({ where: { customerId } })).toBe(0);
  });
});

describe("where two currencies are sold", () => {
  let directory: TestWorld;
  beforeAll(async () => {
    directory = await openTestWorld({ preset: "directory" });
  });
  afterAll(() => directory.close());
  const today = () => directory.at(new Date());
  const PREMIUM = { plan: "premium" };

  async function priceOf(url: string): Promise<Stripe.Price | null | undefined> {
    const { line_items: items } = await directory.ctx.stripe.checkout.sessions.retrieve(sessionIdOf(url), {
      expand: ["line_items"],
    });
    return items?.data[0]?.price;
  }

  test("a checkout is in the one that was chosen, or else the catalogue's own, and comes back to the page as it was (S4-15)", async () => {
    const { customerId } = await directory.createPerson();
    const plain = await startCheckout(today(), { customerId, choice: PREMIUM });
    expect(await priceOf(plain.url)).toMatchObject({ currency: "usd", unit_amount: 3900 });
    const euros = await startCheckout(today(), { customerId, choice: { ...PREMIUM, currency: "eur" } });
    expect(await priceOf(euros.url)).toMatchObject({ currency: "eur", unit_amount: 3500 });
    const { cancel_url: back } = await directory.ctx.stripe.checkout.sessions.retrieve(
      sessionIdOf(euros.url),
    );
    expect(back).toMatch(/\/pricing\?canceled=premium&interval=month&currency=eur$/);
  });

  test("whoever has paid keeps the currency of the first purchase, and is told by the field when asking for another", async () => {
    const { customerId } = await directory.createPerson();
    await payOnPage(
      (await startCheckout(today(), { customerId, choice: { ...PREMIUM, currency: "eur" } })).url,
    );
    await syncCustomer(today(), { customerId });
    const { subscription, currency } = await getSubscription(today(), { customerId });
    expect(currency).toBe("eur");
    await directory.ctx.stripe.subscriptions.cancel(subscription?.id ?? "");
    await syncCustomer(today(), { customerId });

    await expect(
      startCheckout(today(), { customerId, choice: { ...PREMIUM, currency: "usd" } }),
    ).rejects.toMatchObject({ code: "invalid_request", options: { fields: [{ field: "currency" }] } });
    const again = await startCheckout(today(), { customerId, choice: PREMIUM });
    expect(await priceOf(again.url)).toMatchObject({ currency: "eur", unit_amount: 3500 });
  });

  test("one that nothing is sold in is refused, naming the field", async () => {
    const { customerId } = await directory.createPerson();
    await expect(
      startCheckout(today(), { customerId, choice: { ...PREMIUM, currency: "gbp" } }),
    ).rejects.toMatchObject({
      code: "invalid_request",
      options: { fields: [{ field: "currency", message: expect.stringContaining("USD") }] },
    });
  });
});

describe("when Stripe fails", () => {
  test("nothing is half-made: the same request later continues the same checkout (S0-111, S0-112)", async () => {
    const { customerId } = await world.createPerson();
    // Two: the SDK repeats a failed call once by itself.
    await setFault(world.stripe.url, { route: "POST /v1/checkout/sessions", status: 500, count: 2 });
    await expect(startCheckout(now(), { customerId, choice: COMMUNITY_PRO })).rejects.toMatchObject({
      code: "stripe_unavailable",
    });
    const pending = await world.ctx.db.stripeCommand.findFirstOrThrow({
      where: { customerId, kind: "checkout.sessions.create" },
    });
    expect(pending).toMatchObject({ state: "pending", attempts: 1 });

    const { url } = await startCheckout(now(), { customerId, choice: COMMUNITY_PRO });
    expect(url).toContain("/c/pay/");
    expect(await countCheckoutCommands(customerId)).toBe(1);
  });

  test("a session whose answer was lost is found again by its key, not made twice", async () => {
    const { customerId } = await world.createPerson();
    await setFault(world.stripe.url, { route: "POST /v1/checkout/sessions", count: 2, drop_after: true });
    await startCheckout(now(), { customerId, choice: COMMUNITY_PRO }).catch(() => {});
    await startCheckout(now(), { customerId, choice: COMMUNITY_PRO });
    const sessions = await world.ctx.stripe.checkout.sessions.list({
      customer: await stripeCustomerOf(customerId),
    });
    expect(sessions.data).toHaveLength(1);
  });
});

test("the database refuses a second open checkout, a changed price and a second Stripe customer", async () => {
  const { customerId } = await world.createPerson();
  await startCheckout(now(), { customerId, choice: COMMUNITY_PRO });
  const open = await world.ctx.db.checkout.findFirstOrThrow({ where: { customerId } });
  await expect(
    world.ctx.db.checkout.create({ data: { ...open, id: customerId, stripeSessionId: null } }),
  ).rejects.toMatchObject({ code: "P2002" });
  await expect(
    world.ctx.db.price.update({ where: { id: open.priceId }, data: { amountMinor: 1 } }),
  ).rejects.toThrow(/immutable/);
  await expect(
    world.ctx.db.customer.update({ where: { id: customerId }, data: { stripeCustomerId: "cus_other" } }),
  ).rejects.toThrow(/already has a Stripe customer/);
});
