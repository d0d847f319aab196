import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readPreset } from "@/catalogues/read-preset";
import { openDb } from "@/lib/db/client";
import type { Catalogue } from "@/lib/domain/catalogue";
import { newId } from "@/lib/new-id";
import { publishCatalogue } from "@/lib/services/catalogue/publish-catalogue";
import { getCredits } from "@/lib/services/credits/get-credits";
import { clawBackCredits, grantCredits } from "@/lib/services/credits/post-credits";
import { openTestWorld, type TestWorld } from "@/local/testing/test-context";
import { expireReservations } from "./expire-reservations";
import { getUsage } from "./get-usage";
import { recordUsage, recordUsageBatch } from "./record-usage";
import { reserveUsage } from "./reserve-usage";
import { commitReservation, releaseReservation } from "./settle-reservation";

let world: TestWorld;
beforeAll(async () => {
  world = await openTestWorld();
});
afterAll(() => world.close());

const ask = (customerId: string, quantity = 1, key = newId()) => ({
  customerId,
  userId: null,
  meter: "ai_requests",
  quantity,
  key,
});
const grant = (customerId: string, credits: number, more: Partial<Parameters<typeof grantCredits>[1]> = {}) =>
  grantCredits(world.ctx, {
    customerId,
    credits,
    key: `purchase:${newId()}`,
    source: "purchased",
    expiresAt: null,
    ...more,
  });
const entriesOf = (customerId: string) =>
  world.ctx.db.creditEntry.findMany({ where: { customerId }, orderBy: { sequence: "asc" } });

describe("credits beyond the allowance", () => {
  test("free with 100,000 tokens: the first three use the daily limit, the fourth one token (S1-89, S1-90, S1-95)", async () => {
    const { customerId } = await world.createPerson();
    await grant(customerId, 100_000);
    for (let call = 1; call <= 3; call += 1) {
      const { paidBy } = await recordUsage(world.ctx, ask(customerId));
      expect(paidBy).toMatchObject({ allowance: 1, credits: 0 });
    }
    const fourth = await recordUsage(world.ctx, ask(customerId));
    expect(fourth.paidBy).toEqual({ allowance: 0, creditUnits: 1, credits: 1, overage: 0, uncovered: 0 });
    expect((await getCredits(world.ctx, { customerId })).balance).toBe(99_999);
    const { meters } = await getUsage(world.ctx, { customerId });
    const today = meters[0]?.windows.find(({ window }) => window === "day");
    expect(today).toMatchObject({ limit: 3, used: 3, beyond: 1 });
  });

  test("one use may be split: what the day has left, and credits for the rest", async () => {
    const { customerId } = await world.createPerson();
    await grant(customerId, 10);
    const { paidBy } = await recordUsage(world.ctx, ask(customerId, 8));
    expect(paidBy).toMatchObject({ allowance: 3, creditUnits: 5, credits: 5 });
    await expect(recordUsage(world.ctx, ask(customerId, 6))).rejects.toMatchObject({ code: "limit_reached" });
    expect((await getCredits(world.ctx, { customerId })).balance).toBe(5);
  });

  test("a hold keeps credits without spending them; committed it spends what was used, released nothing", async () => {
    const { customerId } = await world.createPerson();
    await grant(customerId, 10);
    const first = await reserveUsage(world.ctx, ask(customerId, 10));
    expect(await getCredits(world.ctx, { customerId })).toMatchObject({ balance: 10, held: 7, available: 3 });
    const second = await reserveUsage(world.ctx, ask(customerId, 3));
    await commitReservation(world.ctx, { customerId, reservationId: first.id, quantity: 5, details: {} });
    expect(await getCredits(world.ctx, { customerId })).toMatchObject({ balance: 8, held: 3, available: 5 });
    await releaseReservation(world.ctx, { customerId, reservationId: second.id });
    expect(await getCredits(world.ctx, { customerId })).toMatchObject({ balance: 8, held: 0, available: 8 });
    expect((await entriesOf(customerId)).map(({ kind, amount }) => [kind, amount])).toEqual([
      ["grant", 10n],
      ["spend", -2n],
    ]);
  });

  test("a call with a price of its own is held at its most, or at what is left, and costs what it really came to", async () => {
    const { customerId } = await world.createPerson();
    await grant(customerId, 500);
    await recordUsage(world.ctx, ask(customerId, 3));
    const chat = { ...ask(customerId), creditsPerUnit: { most: 800, least: 100 } };
    const { id, paidBy } = await reserveUsage(world.ctx, chat);
    expect(paidBy).toMatchObject({ creditUnits: 1, credits: 500 });
    const { paidBy: paid } = await commitReservation(world.ctx, {
      customerId,
      reservationId: id,
      quantity: 1,
      creditsPerUnit: 433,
      details: { source: "provider" },
    });
    expect(paid.credits).toBe(433);
    expect((await getCredits(world.ctx, { customerId })).balance).toBe(67);
    await expect(reserveUsage(world.ctx, { ...chat, key: newId() })).rejects.toMatchObject({
      code: "limit_reached",
    });
  });

  test("what the provider reports beyond everything there is gets written off and stays visible", async () => {
    const { customerId } = await world.createPerson();
    await grant(customerId, 2);
    const { id } = await reserveUsage(world.ctx, ask(customerId, 4));
    const { paidBy } = await commitReservation(world.ctx, {
      customerId,
      reservationId: id,
      quantity: 9,
      details: {},
    });
    expect(paidBy).toEqual({ allowance: 3, creditUnits: 2, credits: 2, overage: 0, uncovered: 4 });
    expect(await world.ctx.db.usageEvent.findFirst({ where: { customerId } })).toMatchObject({
      quantity: 9n,
      uncoveredUnits: 4n,
      held: 4n,
    });
    expect(await getCredits(world.ctx, { customerId })).toMatchObject({ balance: 0, debt: 0 });
  });
});

describe("lots", () => {
  test("are drawn in the catalogue's order, the one that expires first first, and a spend names them", async () => {
    const { customerId } = await world.createPerson();
    await recordUsage(world.ctx, ask(customerId, 3));
    await grant(customerId, 5);
    await grant(customerId, 5, { source: "gift", expiresAt: new Date("2026-05-01T00:00:00Z") });
    await grant(customerId, 5, { source: "gift", expiresAt: new Date("2026-04-01T00:00:00Z") });
    await grant(customerId, 2, { source: "promo" });
    await recordUsage(world.ctx, ask(customerId, 9));
    const { lots } = await getCredits(world.ctx, { customerId });
    expect(lots.map(({ source, remaining }) => [source, remaining])).toEqual([
      ["gift", 3],
      ["purchased", 5],
    ]);
    const spend = (await entriesOf(customerId)).at(-1);
    expect(spend?.lotAmounts).toEqual([-2n, -5n, -2n]);
  });

  test("end at their time without any job, and the ledger says so with the next posting; purchased ones never do (S1-20)", async () => {
    const { customerId } = await world.createPerson();
    await recordUsage(world.ctx, ask(customerId, 3));
    await grant(customerId, 5);
    await grant(customerId, 4, { source: "promo", expiresAt: new Date("2026-03-10T18:00:00Z") });
    const evening = world.at("2026-03-10T18:00:00Z");
    expect(await getCredits(evening, { customerId })).toMatchObject({ balance: 5, available: 5 });
    await expect(recordUsage(evening, ask(customerId, 6))).rejects.toMatchObject({ code: "limit_reached" });
    await recordUsage(evening, ask(customerId, 5));
    expect(
      (await entriesOf(customerId)).map(({ kind, amount, balanceAfter }) => [kind, amount, balanceAfter]),
    ).toEqual([
      ["grant", 5n, 5n],
      ["grant", 4n, 9n],
      ["expiry", -4n, 5n],
      ["spend", -5n, 0n],
    ]);
  });

  test("a hold keeps alive what it holds, until it is settled", async () => {
    const { customerId } = await world.createPerson();
    await recordUsage(world.ctx, ask(customerId, 3));
    await grant(customerId, 10, { source: "promo", expiresAt: new Date("2026-03-10T12:05:00Z") });
    const { id } = await reserveUsage(world.ctx, ask(customerId, 6));
    const later = world.at("2026-03-10T12:10:00Z");
    expect(await getCredits(later, { customerId })).toMatchObject({ balance: 6, held: 6, available: 0 });
    await commitReservation(later, { customerId, reservationId: id, quantity: 4, details: {} });
    expect(await getCredits(later, { customerId })).toMatchObject({ balance: 0, available: 0 });
    await expect(recordUsage(later, ask(customerId))).rejects.toMatchObject({ code: "limit_reached" });
  });
});

describe("a posting to the ledger", () => {
  test("is made once for its key, and refused for another amount", async () => {
    const { customerId } = await world.createPerson();
    const posting = { customerId, key: "invoice:in_1", source: "plan" as const, expiresAt: null };
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => grantCredits(world.ctx, { ...posting, credits: 50 })),
    );
    expect(answers.filter(({ isReplay }) => !isReplay)).toHaveLength(1);
    expect((await getCredits(world.ctx, { customerId })).balance).toBe(50);
    await expect(grantCredits(world.ctx, { ...posting, credits: 51 })).rejects.toMatchObject({
      code: "idempotency_mismatch",
    });
    await expect(grantCredits(world.ctx, { ...posting, key: "x", credits: 0 })).rejects.toMatchObject({
      options: { fields: [{ field: "credits" }] },
    });
  });

  test("taking a payment's credits back takes its own first, and once", async () => {
    const { customerId } = await world.createPerson();
    await recordUsage(world.ctx, ask(customerId, 3));
    await grant(customerId, 10, { reference: "pi_1" });
    await grant(customerId, 10, { reference: "pi_2" });
    await recordUsage(world.ctx, ask(customerId, 4));
    const refund = { customerId, credits: 10, key: "refund:re_2", reference: "pi_2" };
    expect(await clawBackCredits(world.ctx, refund)).toMatchObject({ amount: -10, balance: 6 });
    expect(await clawBackCredits(world.ctx, refund)).toMatchObject({ amount: -10, isReplay: true });
    const all = { customerId, credits: 10, key: "refund:re_1", reference: "pi_1" };
    // Four are spent already: by this catalogue's policy they are let go.
    expect(await clawBackCredits(world.ctx, all)).toMatchObject({ amount: -6, balance: 0 });
  });

  test("cannot be changed or deleted afterwards", async () => {
    const { customerId } = await world.createPerson();
    await grant(customerId, 10);
    const { db } = world.ctx;
    const where = { customerId };
    await expect(db.creditEntry.updateMany({ where, data: { amount: 99n } })).rejects.toThrow(/append-only/);
    await expect(db.creditEntry.deleteMany({ where })).rejects.toThrow(/append-only/);
    await expect(db.creditLot.updateMany({ where, data: { granted: 99n } })).rejects.toThrow(/what remains/);
    await expect(db.creditLot.deleteMany({ where })).rejects.toThrow(/what remains/);
  });
});

describe("warnings", () => {
  const crossed = async (customerId: string) =>
    (await world.ctx.db.usageThreshold.findMany({ where: { customerId }, orderBy: { percent: "asc" } })).map(
      ({ window, percent, limit, used }) => [window, percent, limit, used],
    );

  test("are recorded once per window at each share of the limit, and again the next day (S3-44, S3-45, D-08)", async () => {
    const { customerId } = await world.createPerson();
    await recordUsage(world.ctx, ask(customerId, 2));
    expect(await crossed(customerId)).toEqual([]);
    await recordUsage(world.ctx, ask(customerId));
    const first = [80, 90, 100].map((percent) => ["day", percent, 3n, 3n]);
    expect(await crossed(customerId)).toEqual(first);
    await grant(customerId, 5);
    await recordUsage(world.ctx, ask(customerId));
    expect(await crossed(customerId)).toEqual(first);
    await recordUsage(world.at("2026-03-11T08:00:00Z"), ask(customerId, 3));
    expect(await crossed(customerId)).toHaveLength(6);
  });

  test("another limit arms them anew", async () => {
    const { customerId } = await world.createPerson();
    await recordUsage(world.ctx, ask(customerId, 3));
    const { currentVersionId } = await world.ctx.db.plan.findUniqueOrThrow({
      where: { slug: "community-pro" },
    });
    await world.ctx.db.planGrant.create({
      data: {
        id: newId(),
        customerId,
        planVersionId: currentVersionId ?? "",
        source: "comp",
        startsAt: new Date("2026-03-10T11:00:00Z"),
      },
    });
    // The three of the free plan are counted on.
    await recordUsage(world.ctx, ask(customerId, 157));
    expect((await crossed(customerId)).filter(([, , limit]) => limit === 200n)).toEqual([
      ["day", 80, 200n, 160n],
    ]);
  });
});

describe("a window in progress", () => {
  test("goes on until it ends when the time zone changes; the next begins where it ended (K-12)", async () => {
    const { customerId } = await world.createPerson();
    await recordUsage(world.ctx, ask(customerId, 3));
    await world.ctx.db.customer.update({ where: { id: customerId }, data: { timeZone: "Asia/Tokyo" } });
    // Midnight in Tokyo is 15:00 in UTC: a new day there, the same one still for the count.
    const tokyoMidnight = world.at("2026-03-10T15:30:00Z");
    await expect(recordUsage(tokyoMidnight, ask(customerId))).rejects.toMatchObject({
      options: { extra: { reset_at: "2026-03-11T00:00:00.000Z" } },
    });
    const next = await recordUsage(world.at("2026-03-11T00:00:00Z"), ask(customerId));
    expect(next.windows.find(({ window }) => window === "day")).toMatchObject({
      start: new Date("2026-03-11T00:00:00Z"),
      end: new Date("2026-03-11T15:00:00Z"),
    });
  });
});

describe("a batch", () => {
  const batch = (customerId: string, quantities: number[], allOrNone: boolean) =>
    recordUsageBatch(world.ctx, {
      customerId,
      allOrNone,
      uses: quantities.map((quantity) => ({ userId: null, meter: "ai_requests", quantity, key: newId() })),
    });

  test("counts its rows in their order, and says of each what became of it", async () => {
    const { customerId } = await world.createPerson();
    const rows = await batch(customerId, [2, 2, 1], false);
    expect(rows.map(({ answer }) => answer.decision.outcome)).toEqual(["posted", "denied", "posted"]);
  });

  test("all or none: one that does not fit refuses the others, and nothing is written", async () => {
    const { customerId } = await world.createPerson();
    const rows = await batch(customerId, [2, 2], true);
    expect(rows.map(({ answer }) => answer.decision.outcome)).toEqual(["not_all", "denied"]);
    expect(await world.ctx.db.reservation.count({ where: { customerId } })).toBe(0);
    expect(await world.ctx.db.usageEvent.count({ where: { customerId } })).toBe(0);
  });

  test("the same key twice in it is one use", async () => {
    const { customerId } = await world.createPerson();
    const use = { userId: null, meter: "ai_requests", quantity: 1, key: "twice" };
    const rows = await recordUsageBatch(world.ctx, { customerId, uses: [use, use], allOrNone: false });
    expect(rows.map(({ answer }) => answer.decision.outcome)).toEqual(["posted", "replayed"]);
    expect(await world.ctx.db.usageEvent.count({ where: { customerId } })).toBe(1);
  });
});

test("facts that changed since they were read are read again: a plan bought elsewhere counts at once", async () => {
  const { customerId } = await world.createPerson();
  await recordUsage(world.ctx, ask(customerId, 3));
  const elsewhere = openDb(world.ctx.env.databaseUrl, 1);
  const { currentVersionId } = await elsewhere.plan.findUniqueOrThrow({ where: { slug: "pro-learn" } });
  await elsewhere.planGrant.create({
    data: {
      id: newId(),
      customerId,
      planVersionId: currentVersionId ?? "",
      source: "comp",
      startsAt: new Date("2026-03-01T00:00:00Z"),
    },
  });
  await elsewhere.$disconnect();
  expect((await recordUsage(world.ctx, ask(customerId, 400))).paidBy.allowance).toBe(400);
});

test("a debt, where the catalogue says that what nobody covers is owed, is paid by the next credits", async () => {
  const community = readPreset("community");
  const owing: Catalogue = { ...community, policy: { ...community.policy, uncovered: "debt" } };
  await publishCatalogue(world.ctx, { catalogue: owing });
  const { customerId } = await world.createPerson();
  const { id } = await reserveUsage(world.ctx, ask(customerId, 3));
  await commitReservation(world.ctx, { customerId, reservationId: id, quantity: 8, details: {} });
  expect(await getCredits(world.ctx, { customerId })).toMatchObject({ balance: -5, available: 0, debt: 5 });
  await grant(customerId, 20);
  expect(await getCredits(world.ctx, { customerId })).toMatchObject({ balance: 15, available: 15, debt: 0 });
  expect((await entriesOf(customerId)).map(({ kind, balanceAfter }) => [kind, balanceAfter])).toEqual([
    ["debt", -5n],
    ["grant", 15n],
  ]);
  await expireReservations(world.ctx, { limit: 10 });
  await publishCatalogue(world.ctx, { catalogue: community });
});
