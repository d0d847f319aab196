import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readPreset } from "@/catalogues/read-preset";
import type { Context } from "@/lib/context";
import { newId } from "@/lib/new-id";
import { publishCatalogue } from "@/lib/services/catalogue/publish-catalogue";
import { pushCatalogue } from "@/lib/services/catalogue/push-catalogue";
import { startCheckout } from "@/lib/services/checkout/start-checkout";
import { grantCredits } from "@/lib/services/credits/post-credits";
import { syncCustomer } from "@/lib/services/subscriptions/sync-customer";
import { payOnPage } from "@/local/testing/lab-driver";
import { openTestWorld, type TestWorld } from "@/local/testing/test-context";
import { recordUsage } from "./record-usage";
import { reserveUsage } from "./reserve-usage";
import { commitReservation, releaseReservation } from "./settle-reservation";

let world: TestWorld;
beforeAll(async () => {
  world = await openTestWorld({ preset: "ticketing" });
});
afterAll(() => world.close());

const ask = (customerId: string, quantity = 1) => ({
  customerId,
  userId: null,
  meter: "tickets",
  quantity,
  key: newId(),
});

/** Somebody on a monthly plan, at the moment they bought it. */
async function subscriber(plan: string): Promise<{ customerId: string; ctx: Context }> {
  const { customerId } = await world.createPerson();
  const ctx = world.at(new Date());
  const { url } = await startCheckout(ctx, { customerId, choice: { plan } });
  await payOnPage(url);
  await syncCustomer(ctx, { customerId });
  return { customerId, ctx: world.at(new Date()) };
}

const linesOf = (customerId: string) => world.ctx.db.overageLine.findMany({ where: { customerId } });

describe("a fixed fee (S0-68, S2-09, S2-86)", () => {
  test("includes its tickets; each beyond costs the plan's rate and waits on the period's line (S2-10)", async () => {
    const { customerId, ctx } = await subscriber("premium");
    const { paidBy } = await recordUsage(ctx, ask(customerId, 103));
    expect(paidBy).toMatchObject({ allowance: 100, overage: 3 });
    const subscription = await ctx.db.subscription.findFirstOrThrow({ where: { customerId } });
    expect(await linesOf(customerId)).toMatchObject([
      {
        meterKey: "tickets",
        subscriptionId: subscription.id,
        periodStart: subscription.currentPeriodStart,
        periodEnd: subscription.currentPeriodEnd,
        currency: "usd",
        used: 3n,
        held: 0n,
        amountMinor: 597n,
      },
    ]);
  });

  test("stops at the cap of the catalogue, to the unit: 251 times $1.99 is $499.49, one more is too much", async () => {
    const { customerId, ctx } = await subscriber("premium");
    await recordUsage(ctx, ask(customerId, 351));
    await expect(recordUsage(ctx, ask(customerId))).rejects.toMatchObject({ code: "limit_reached" });
    expect(await linesOf(customerId)).toMatchObject([{ used: 251n, amountMinor: 49_949n }]);
  });

  test("stops at the cap the customer set, holds included; what is released may be used again", async () => {
    const { customerId, ctx } = await subscriber("enterprise");
    await ctx.db.customer.update({ where: { id: customerId }, data: { spendCapMinor: 500 } });
    await recordUsage(ctx, ask(customerId, 400));
    const hold = await reserveUsage(ctx, ask(customerId, 4));
    expect(hold.paidBy.overage).toBe(4);
    await expect(reserveUsage(ctx, ask(customerId))).rejects.toMatchObject({ code: "limit_reached" });
    await releaseReservation(ctx, { customerId, reservationId: hold.id });
    expect(await linesOf(customerId)).toMatchObject([{ used: 0n, held: 0n }]);
    await recordUsage(ctx, ask(customerId, 4));
    expect(await linesOf(customerId)).toMatchObject([{ used: 4n, amountMinor: 500n }]);
  });

  test("a commit beyond its hold goes up to the cap, the rest is written off", async () => {
    const { customerId, ctx } = await subscriber("enterprise");
    await ctx.db.customer.update({ where: { id: customerId }, data: { spendCapMinor: 500 } });
    await recordUsage(ctx, ask(customerId, 399));
    const { id } = await reserveUsage(ctx, ask(customerId, 2));
    const { paidBy } = await commitReservation(ctx, {
      customerId,
      reservationId: id,
      quantity: 8,
      details: {},
    });
    expect(paidBy).toMatchObject({ allowance: 1, overage: 4, uncovered: 3 });
  });

  test("raced by fifty, exactly what the cap allows passes", async () => {
    const { customerId, ctx } = await subscriber("enterprise");
    await ctx.db.customer.update({ where: { id: customerId }, data: { spendCapMinor: 1250 } });
    await recordUsage(ctx, ask(customerId, 395));
    const settled = await Promise.allSettled(
      Array.from({ length: 50 }, () => recordUsage(ctx, ask(customerId))),
    );
    expect(settled.filter(({ status }) => status === "fulfilled")).toHaveLength(15);
    expect(await linesOf(customerId)).toMatchObject([{ used: 10n, amountMinor: 1250n }]);
  });

  test("the free plan has no overage: the eleventh ticket is refused in the seed's words (S2-54)", async () => {
    const { customerId } = await world.createPerson();
    await recordUsage(world.ctx, ask(customerId, 10));
    await expect(recordUsage(world.ctx, ask(customerId))).rejects.toMatchObject({
      code: "limit_reached",
      publicMessage: "Usage limit exceeded. Please upgrade your plan.",
      options: { status: 403, extra: { meter: "tickets", limit: 10, used: 10 } },
    });
  });
});

describe("tiers by volume (S2-106)", () => {
  test("the tier that holds the last unit prices all; the cap holds for whatever is used in the end", async () => {
    const ticketing = readPreset("ticketing");
    const plans = ticketing.plans.map((plan) =>
      plan.slug === "enterprise"
        ? {
            ...plan,
            overage: [
              {
                meter: "tickets",
                tiers: [
                  { upTo: 10, unitAmountMinor: 100 },
                  { upTo: null, unitAmountMinor: 60 },
                ],
              },
            ],
          }
        : plan,
    );
    await publishCatalogue(world.ctx, { catalogue: { ...ticketing, plans } });
    await pushCatalogue(world.ctx);
    const { customerId, ctx } = await subscriber("enterprise");
    await ctx.db.customer.update({ where: { id: customerId }, data: { spendCapMinor: 1200 } });
    await recordUsage(ctx, ask(customerId, 410));
    expect(await linesOf(customerId)).toMatchObject([{ used: 10n, amountMinor: 1000n }]);
    await recordUsage(ctx, ask(customerId));
    expect(await linesOf(customerId)).toMatchObject([{ used: 11n, amountMinor: 660n }]);
    await recordUsage(ctx, ask(customerId, 9));
    expect(await linesOf(customerId)).toMatchObject([{ used: 20n, amountMinor: 1200n }]);
    await expect(recordUsage(ctx, ask(customerId))).rejects.toMatchObject({ code: "limit_reached" });
  });
});

describe("by credits instead of a fee (S2-13, S2-86)", () => {
  async function prepaid(credits: number): Promise<string> {
    const { customerId } = await world.createPerson();
    const { currentVersionId } = await world.ctx.db.plan.findUniqueOrThrow({ where: { slug: "premium" } });
    await world.ctx.db.planGrant.create({
      data: {
        id: newId(),
        customerId,
        planVersionId: currentVersionId ?? "",
        source: "burndown",
        startsAt: new Date("2026-03-01T00:00:00Z"),
      },
    });
    await grantCredits(world.ctx, {
      customerId,
      credits,
      key: `purchase:${newId()}`,
      source: "purchased",
      expiresAt: null,
    });
    return customerId;
  }

  test("each ticket takes a credit, none is included, nothing recurs, and at zero it stops (S2-14, S2-15)", async () => {
    const customerId = await prepaid(3);
    for (let ticket = 1; ticket <= 3; ticket += 1) {
      const { paidBy } = await recordUsage(world.ctx, ask(customerId));
      expect(paidBy).toMatchObject({ allowance: 0, credits: 1, overage: 0 });
    }
    await expect(recordUsage(world.ctx, ask(customerId))).rejects.toMatchObject({ code: "limit_reached" });
    expect(await linesOf(customerId)).toEqual([]);
    expect(await world.ctx.db.subscription.count({ where: { customerId } })).toBe(0);
  });

  test("whoever changes to a fee loses what is left, as this catalogue says, and the ledger says why (S2-16)", async () => {
    const customerId = await prepaid(5);
    await recordUsage(world.ctx, ask(customerId, 2));
    const now = world.at(new Date());
    const { url } = await startCheckout(now, { customerId, choice: { plan: "premium" } });
    await payOnPage(url);
    await syncCustomer(now, { customerId });
    await syncCustomer(now, { customerId });
    const entries = await now.db.creditEntry.findMany({
      where: { customerId },
      orderBy: { sequence: "asc" },
    });
    expect(entries.map(({ kind, amount }) => [kind, amount])).toEqual([
      ["grant", 5n],
      ["spend", -2n],
      ["expiry", -3n],
    ]);
    const { paidBy } = await recordUsage(world.at(new Date()), ask(customerId));
    expect(paidBy).toMatchObject({ allowance: 1, credits: 0 });
  });
});
