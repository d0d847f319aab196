import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readPreset } from "@/catalogues/read-preset";
import type { Context } from "@/lib/context";
import { demoAddress } from "@/lib/domain/demo-account";
import { getCatalogue } from "@/lib/services/catalogue/get-catalogue";
import { publishCatalogue } from "@/lib/services/catalogue/publish-catalogue";
import { getSubscription } from "@/lib/services/subscriptions/get-subscription";
import { recordUsage } from "@/lib/services/usage/record-usage";
import { openTestWorld, type TestWorld } from "@/local/testing/test-context";
import { seedDatabase } from "./seed-database";

const DAY_MS = 86_400_000;
const SEED = 7;

/** A moment of no special kind, a little while ago: seeding takes its seconds. */
const present = new Date();
let world: TestWorld;
let summary: string;
beforeAll(async () => {
  world = await openTestWorld();
  summary = await seedDatabase(at(world, present), { isEmpty: false, seed: SEED });
});
afterAll(() => world.close());

const at = ({ ctx }: TestWorld, now: Date): Context => ({ ...ctx, now });
const now = () => at(world, new Date());

async function accountOf(name: string, { ctx } = world) {
  const { customerId, userId } = await ctx.db.member.findFirstOrThrow({
    where: { user: { email: demoAddress(name) }, customer: { type: "personal" } },
  });
  return { customerId, userId };
}

/** Everything used, by day, without anything that names a customer or an id. */
async function usageTotals({ ctx }: TestWorld): Promise<string> {
  const events = await ctx.db.usageEvent.findMany({ select: { occurredAt: true, quantity: true } });
  return events
    .map(({ occurredAt, quantity }) => `${occurredAt.toISOString()} ${quantity}`)
    .sort()
    .join("\n");
}

async function rowCounts({ ctx: { db } }: TestWorld) {
  return {
    users: await db.user.count(),
    usageEvents: await db.usageEvent.count(),
    reservations: await db.reservation.count(),
    invoices: await db.invoice.count(),
    subscriptions: await db.subscription.count(),
    events: await db.stripeEvent.count(),
    commands: await db.stripeCommand.count(),
  };
}

test("a start publishes the preset again only when its file has changed: what an admin changed meanwhile stays", async () => {
  const own = await openTestWorld();
  await seedDatabase(at(own, new Date()), { isEmpty: true });
  const preset = readPreset("community");
  const renamed = { ...preset, plans: preset.plans.map((plan) => ({ ...plan, tagline: "Ours now." })) };
  await publishCatalogue(at(own, new Date()), { catalogue: renamed });
  await seedDatabase(at(own, new Date()), { isEmpty: true });
  const { plans } = await getCatalogue(own.ctx);
  expect(plans.map(({ tagline }) => tagline)).toEqual(preset.plans.map(() => "Ours now."));
  await own.close();
});

describe("the demo world", () => {
  test("says what was made, and ends in the present", async () => {
    expect(summary).toContain("a demo world with a history");
    const response = await fetch(`${world.stripe.url}/lab/clock`, {
      headers: { authorization: "Bearer sk_test_local" },
    });
    expect(await response.json()).toMatchObject({ offset_ms: 0 });
  });

  test("the free account has used its day up and is denied the next use", async () => {
    const { customerId, userId } = await accountOf("free");
    const use = recordUsage(at(world, present), {
      customerId,
      userId,
      meter: "ai_requests",
      quantity: 1,
      key: "one more",
    });
    await expect(use).rejects.toMatchObject({ code: "limit_reached" });
    expect((await getSubscription(now(), { customerId })).subscription).toBeNull();
  });

  test("the pro account is in the middle of a paid period, with two paid invoices and sixty days of use", async () => {
    const { customerId } = await accountOf("pro");
    const { access, subscription } = await getSubscription(now(), { customerId });
    expect([access, subscription?.status]).toEqual(["full", "active"]);
    expect(subscription?.currentPeriodStart.getTime()).toBeLessThan(present.getTime() - 7 * DAY_MS);
    expect(subscription?.currentPeriodEnd.getTime()).toBeGreaterThan(present.getTime() + 7 * DAY_MS);
    const paid = await world.ctx.db.invoice.count({
      where: { customerId, status: "paid", totalMinor: { gt: 0 } },
    });
    expect(paid).toBeGreaterThanOrEqual(2);

    const events = await world.ctx.db.usageEvent.findMany({ where: { customerId } });
    const days = new Set(events.map(({ occurredAt }) => occurredAt.toISOString().slice(0, 10)));
    const daysAgo = events.map(({ occurredAt }) => (present.getTime() - occurredAt.getTime()) / DAY_MS);
    expect(Math.max(...daysAgo)).toBeGreaterThan(60);
    expect(Math.min(...daysAgo)).toBeGreaterThanOrEqual(0);
    // Most days, but not every one.
    expect(days.size).toBeGreaterThan(45);
    expect(days.size).toBeLessThan(71);
    expect(await world.ctx.db.reservation.count({ where: { customerId, state: "held" } })).toBe(0);
  });

  test("its counters add up to its events", async () => {
    const { customerId } = await accountOf("pro");
    const { _sum: events } = await world.ctx.db.usageEvent.aggregate({
      where: { customerId },
      _sum: { quantity: true },
    });
    for (const window of ["day", "month"] as const) {
      const { _sum: counted } = await world.ctx.db.usageCounter.aggregate({
        where: { customerId, window },
        _sum: { used: true },
      });
      expect([window, counted.used]).toEqual([window, events.quantity]);
    }
  });

  test("the past due account is in its grace period", async () => {
    const { customerId } = await accountOf("pastdue");
    const { access, subscription } = await getSubscription(now(), { customerId });
    expect([access, subscription?.status]).toEqual(["grace", "past_due"]);
    const [unpaid] = await world.ctx.db.invoice.findMany({ where: { customerId, status: "open" } });
    const failedDaysAgo = (present.getTime() - (unpaid?.firstFailedAt?.getTime() ?? 0)) / DAY_MS;
    expect(failedDaysAgo).toBeGreaterThan(0.4);
    expect(failedDaysAgo).toBeLessThan(6);
    expect(unpaid?.nextPaymentAttemptAt?.getTime()).toBeGreaterThan(present.getTime());
  });

  test("the owner has a team of six with a subscription, and a member is in it", async () => {
    const { userId } = await accountOf("owner");
    const team = await world.ctx.db.customer.findFirstOrThrow({
      where: { type: "group", members: { some: { userId, role: "owner" } } },
      include: { members: { include: { user: true } } },
    });
    expect(team.members.map(({ role }) => role).sort()).toEqual([
      "admin",
      "member",
      "member",
      "member",
      "member",
      "owner",
    ]);
    expect(team.members.map(({ user }) => user.email)).toContain("member@demo.test");
    expect((await getSubscription(now(), { customerId: team.id })).access).toBe("full");
    const users = await world.ctx.db.usageEvent.groupBy({ by: ["userId"], where: { customerId: team.id } });
    expect(users).toHaveLength(6);
  });

  test("the admin runs the platform", async () => {
    const admin = await world.ctx.db.user.findUniqueOrThrow({ where: { email: "admin@demo.test" } });
    expect(admin.isPlatformAdmin).toBe(true);
  });

  test("every event of the local Stripe is in the inbox, and none waits", async () => {
    const told = await world.ctx.stripe.events.list({ limit: 100 }).autoPagingToArray({ limit: 10_000 });
    expect(told.length).toBeGreaterThan(50);
    expect(await world.ctx.db.stripeEvent.count()).toBe(told.length);
    expect(await world.ctx.db.stripeEvent.count({ where: { state: { in: ["received", "failed"] } } })).toBe(
      0,
    );
  });
});

test("where plans do not renew, the world has a past all the same, and what is there now ends", async () => {
  const directory = await openTestWorld({ preset: "directory" });
  await seedDatabase(at(directory, new Date()), { isEmpty: false, seed: SEED });
  const [pro, pastDue] = await Promise.all(["pro", "pastdue"].map((name) => accountOf(name, directory)));
  const ctx = at(directory, new Date());
  const { subscription } = await getSubscription(ctx, { customerId: pro?.customerId ?? "" });
  expect(subscription).toMatchObject({ status: "active", cancelAtPeriodEnd: true });
  expect(
    await directory.ctx.db.invoice.count({ where: { customerId: pro?.customerId, status: "paid" } }),
  ).toBeGreaterThan(1);
  const late = await getSubscription(ctx, { customerId: pastDue?.customerId ?? "" });
  expect(late).toMatchObject({ access: "grace", subscription: { status: "past_due" } });
  await directory.close();
});

test("every later run does nothing, quickly", async () => {
  const before = await rowCounts(world);
  const durations: number[] = [];
  for (let run = 0; run < 3; run += 1) {
    const startedAt = performance.now();
    expect(await seedDatabase(now(), { isEmpty: false, seed: SEED })).toContain("the demo world is there");
    durations.push(performance.now() - startedAt);
  }
  // One of three, because a busy machine adds to each what is not ours.
  expect(Math.min(...durations)).toBeLessThan(1000);
  expect(await rowCounts(world)).toEqual(before);
});

test("the same seed and the same moment give the same world, even where the first run died half-way", async () => {
  const other = await openTestWorld();
  // The connection to Stripe is lost when the failing card is attached, months into the world.
  const { paymentMethods } = other.ctx.stripe;
  const attach = () => Promise.reject(new Error("died half-way"));
  const dying = Object.assign(Object.create(other.ctx.stripe), {
    paymentMethods: Object.assign(Object.create(paymentMethods), { attach }),
  });
  await expect(
    seedDatabase({ ...at(other, present), stripe: dying }, { isEmpty: false, seed: SEED }),
  ).rejects.toThrow("died half-way");
  await seedDatabase(at(other, new Date()), { isEmpty: false, seed: SEED });
  expect(await usageTotals(other)).toBe(await usageTotals(world));
  expect(await rowCounts(other)).toMatchObject({ users: 10, subscriptions: 3 });
  await other.close();
});

test("an empty one has the catalogue and nobody", async () => {
  const other = await openTestWorld();
  expect(await seedDatabase(at(other, present), { isEmpty: true })).toContain("no demo accounts");
  expect(await rowCounts(other)).toMatchObject({ users: 0, usageEvents: 0, subscriptions: 0 });
  expect(await other.ctx.db.plan.count()).toBeGreaterThan(0);
  await other.close();
});

test("where the local Stripe has customers already, there are accounts without a history", async () => {
  const other = await openTestWorld();
  await other.ctx.stripe.customers.create({ email: "somebody@person.test" });
  const said = await seedDatabase(at(other, new Date()), { isEmpty: false, seed: SEED });
  expect(said).toContain("the local Stripe has customers already");
  const { customerId } = await accountOf("free", other);
  expect(await other.ctx.db.usageEvent.count({ where: { customerId } })).toBe(3);
  const again = await seedDatabase(at(other, new Date()), { isEmpty: false, seed: SEED });
  expect(again).toContain("the demo world is there");
  await other.close();
});
