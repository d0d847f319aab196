import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { AppError } from "@/lib/app-error";
import { openDb } from "@/lib/db/client";
import { openTestWorld, type TestWorld } from "@/local/testing/test-context";
import { expireReservations } from "./expire-reservations";
import { getUsage } from "./get-usage";
import { recordUsage } from "./record-usage";
import { reserveUsage } from "./reserve-usage";
import { commitReservation, releaseReservation } from "./settle-reservation";

let world: TestWorld;
beforeAll(async () => {
  world = await openTestWorld();
});
afterAll(() => world.close());

const request = (customerId: string, key: string, quantity = 1) => ({
  customerId,
  userId: null,
  meter: "ai_requests",
  quantity,
  key,
});

async function usedToday(customerId: string, ctx = world.ctx) {
  const usage = await getUsage(ctx, { customerId });
  const day = usage.meters
    .find((entry) => entry.meter.key === "ai_requests")
    ?.windows.find((window) => window.window === "day");
  return { used: day?.used, held: day?.held };
}

describe("a free customer's three AI requests a day (S0-67)", () => {
  test("three succeed and the fourth is refused 403 with the stable body and the required words (S1-88, S1-93, S1-94)", async () => {
    const { customerId } = await world.createPerson();
    for (const key of ["a", "b", "c"]) await recordUsage(world.ctx, request(customerId, key));

    const refusal = (await recordUsage(world.ctx, request(customerId, "d")).catch(
      (error: unknown) => error,
    )) as AppError;

    expect(refusal.code).toBe("limit_reached");
    expect(refusal.publicMessage).toBe("Upgrade or buy tokens");
    expect(refusal.options.status).toBe(403);
    expect(refusal.options.extra).toEqual({
      meter: "ai_requests",
      window: "day",
      limit: 3,
      used: 3,
      reset_at: "2026-03-11T00:00:00.000Z",
      suggestion: {
        kind: "upgrade",
        plan: "community-pro",
        name: "Community Pro",
        currency: "usd",
        month_equivalent_minor: 1800,
        covers_projected_use: true,
        saving_minor_per_month: 1700,
      },
    });
    expect(await world.ctx.db.usageEvent.count({ where: { customerId } })).toBe(3);
  });

  test("of 50 in parallel exactly three succeed, and nothing stays held (S1-97, D-06)", async () => {
    const { customerId } = await world.createPerson();
    const outcomes = await Promise.allSettled(
      Array.from({ length: 50 }, (_, index) =>
        recordUsage(world.ctx, request(customerId, `parallel-${index}`)),
      ),
    );
    const refusals = outcomes.flatMap((outcome) =>
      outcome.status === "rejected" ? [(outcome.reason as AppError).code] : [],
    );
    expect(outcomes.filter((outcome) => outcome.status === "fulfilled")).toHaveLength(3);
    expect(new Set(refusals)).toEqual(new Set(["limit_reached"]));
    expect(await usedToday(customerId)).toEqual({ used: 3, held: 0 });
    expect(await world.ctx.db.usageEvent.count({ where: { customerId } })).toBe(3);
  });

  test("the same key sent 20 times at once is counted once", async () => {
    const { customerId } = await world.createPerson();
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => recordUsage(world.ctx, request(customerId, "same"))),
    );
    expect(new Set(answers.map((answer) => answer.id)).size).toBe(1);
    expect(await usedToday(customerId)).toEqual({ used: 1, held: 0 });
  });

  test("a key used for one quantity is refused for another", async () => {
    const { customerId } = await world.createPerson();
    await recordUsage(world.ctx, request(customerId, "key", 1));
    await expect(recordUsage(world.ctx, request(customerId, "key", 2))).rejects.toMatchObject({
      code: "idempotency_mismatch",
    });
    expect(await usedToday(customerId)).toEqual({ used: 1, held: 0 });
  });

  test("the next day begins with all three again, without any job running", async () => {
    const { customerId } = await world.createPerson();
    for (const key of ["a", "b", "c"]) await recordUsage(world.ctx, request(customerId, key));
    const lastMoment = world.at("2026-03-10T23:59:59.999Z");
    await expect(recordUsage(lastMoment, request(customerId, "late"))).rejects.toMatchObject({
      code: "limit_reached",
    });
    const midnight = world.at("2026-03-11T00:00:00Z");
    await recordUsage(midnight, request(customerId, "fresh"));
    expect(await usedToday(customerId, midnight)).toEqual({ used: 1, held: 0 });
  });

  test("a call that died before midnight and is repeated after it counts yesterday, and says so of today", async () => {
    const { customerId } = await world.createPerson();
    await reserveUsage(world.at("2026-03-10T23:59:59Z"), request(customerId, "died"));
    const { windows } = await recordUsage(world.at("2026-03-11T00:00:05Z"), request(customerId, "died"));
    expect(windows.map(({ window, used, held }) => [window, used, held])).toEqual([
      ["day", 0, 0],
      ["month", 1, 0],
    ]);
    expect(await usedToday(customerId)).toEqual({ used: 1, held: 0 });
  });

  test("the same key raced from both sides of midnight, by two processes, is one reservation", async () => {
    const { customerId } = await world.createPerson();
    const elsewhere = { db: openDb(world.ctx.env.databaseUrl), now: new Date("2026-03-11T00:00:00Z") };
    const raced = await Promise.all([
      reserveUsage(world.at("2026-03-10T23:59:59.999Z"), request(customerId, "over midnight")),
      reserveUsage(elsewhere, request(customerId, "over midnight")),
    ]);
    await elsewhere.db.$disconnect();
    expect(new Set(raced.map(({ id }) => id)).size).toBe(1);
    expect(raced.filter(({ isReplay }) => isReplay)).toHaveLength(1);
  });

  test("a quantity that does not fit whole is not counted in part", async () => {
    const { customerId } = await world.createPerson();
    await recordUsage(world.ctx, request(customerId, "two", 2));
    await expect(recordUsage(world.ctx, request(customerId, "two more", 2))).rejects.toMatchObject({
      code: "limit_reached",
    });
    expect(await usedToday(customerId)).toEqual({ used: 2, held: 0 });
  });

  test("a meter that there is not is refused by name, nothing written", async () => {
    const { customerId } = await world.createPerson();
    await expect(
      reserveUsage(world.ctx, { ...request(customerId, "x"), meter: "no_such_meter" }),
    ).rejects.toMatchObject({ code: "invalid_request", options: { fields: [{ field: "meter" }] } });
    expect(await world.ctx.db.usageCounter.count({ where: { customerId } })).toBe(0);
  });

  test("a level such as projects is decided like everything else: the eleventh of ten is refused", async () => {
    const { customerId } = await world.createPerson();
    const ask = (key: string, quantity: number) => ({
      ...request(customerId, key, quantity),
      meter: "projects",
    });
    await recordUsage(world.ctx, ask("nine", 9));
    await recordUsage(world.ctx, ask("ten", 1));
    await expect(recordUsage(world.ctx, ask("eleven", 1))).rejects.toMatchObject({
      code: "limit_reached",
      options: { extra: { meter: "projects", window: "lifetime", limit: 10, used: 10, reset_at: null } },
    });
  });
});

describe("a hold", () => {
  test("takes its place in the window until it is settled", async () => {
    const { customerId } = await world.createPerson();
    for (const key of ["a", "b", "c"]) await reserveUsage(world.ctx, request(customerId, key));
    expect(await usedToday(customerId)).toEqual({ used: 0, held: 3 });
    await expect(reserveUsage(world.ctx, request(customerId, "d"))).rejects.toMatchObject({
      code: "limit_reached",
    });
  });

  test("released gives its place back, once", async () => {
    const { customerId } = await world.createPerson();
    const { id: reservationId } = await reserveUsage(world.ctx, request(customerId, "a"));
    await releaseReservation(world.ctx, { customerId, reservationId });
    await releaseReservation(world.ctx, { customerId, reservationId });
    expect(await usedToday(customerId)).toEqual({ used: 0, held: 0 });
    await expect(
      commitReservation(world.ctx, { customerId, reservationId, quantity: 1, details: {} }),
    ).rejects.toMatchObject({ code: "conflict" });
  });

  test("of another customer can be neither committed nor released", async () => {
    const { customerId } = await world.createPerson();
    const stranger = await world.createPerson();
    const { id: reservationId } = await reserveUsage(world.ctx, request(customerId, "a"));
    const foreign = { customerId: stranger.customerId, reservationId };
    await expect(releaseReservation(world.ctx, foreign)).rejects.toMatchObject({ code: "not_found" });
    await expect(
      commitReservation(world.ctx, { ...foreign, quantity: 1, details: {} }),
    ).rejects.toMatchObject({ code: "not_found" });
    expect(await usedToday(customerId)).toEqual({ used: 0, held: 1 });
  });

  test("raced by 10 commits and 10 releases has one winner, and the counters agree with it", async () => {
    const { customerId } = await world.createPerson();
    const { id: reservationId } = await reserveUsage(world.ctx, request(customerId, "a"));
    await Promise.allSettled(
      Array.from({ length: 20 }, (_, index) =>
        index % 2 === 0
          ? commitReservation(world.ctx, { customerId, reservationId, quantity: 1, details: {} })
          : releaseReservation(world.ctx, { customerId, reservationId }),
      ),
    );
    const { state } = await world.ctx.db.reservation.findFirstOrThrow({ where: { customerId } });
    const events = await world.ctx.db.usageEvent.count({ where: { customerId } });
    expect(["committed", "released"]).toContain(state);
    expect(events).toBe(state === "committed" ? 1 : 0);
    expect(await usedToday(customerId)).toEqual({ used: events, held: 0 });
  });

  test("that nobody settles is given back by the janitor after 15 minutes; a later commit is posted all the same", async () => {
    const { customerId } = await world.createPerson();
    const { id: reservationId } = await reserveUsage(world.ctx, request(customerId, "a"));
    await expireReservations(world.at("2026-03-10T12:14:59Z"), { limit: 1_000 });
    expect(await usedToday(customerId)).toEqual({ used: 0, held: 1 });
    await expireReservations(world.at("2026-03-10T12:15:00Z"), { limit: 1_000 });
    expect(await usedToday(customerId)).toEqual({ used: 0, held: 0 });
    await commitReservation(world.at("2026-03-10T12:20:00Z"), {
      customerId,
      reservationId,
      quantity: 1,
      details: {},
    });
    await commitReservation(world.at("2026-03-10T12:20:00Z"), {
      customerId,
      reservationId,
      quantity: 1,
      details: {},
    });
    expect(await usedToday(customerId)).toEqual({ used: 1, held: 0 });
  });
});

describe("the database", () => {
  test("refuses to change or delete a usage event", async () => {
    const { customerId } = await world.createPerson();
    await recordUsage(world.ctx, request(customerId, "a"));
    await expect(
      world.ctx.db.usageEvent.updateMany({ where: { customerId }, data: { quantity: 0n } }),
    ).rejects.toThrow(/append-only/);
    await expect(world.ctx.db.usageEvent.deleteMany({ where: { customerId } })).rejects.toThrow(
      /append-only/,
    );
  });
});
