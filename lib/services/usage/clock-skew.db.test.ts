import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Context } from "@/lib/context";
import { newId } from "@/lib/new-id";
import { openContext } from "@/lib/open-context";
import { findDrifts } from "@/lib/services/reconciliation/find-drifts";
import { openTestWorld, type TestWorld } from "@/local/testing/test-context";
import { expireReservations } from "./expire-reservations";
import { recordUsage } from "./record-usage";
import { reserveUsage } from "./reserve-usage";
import { commitReservation } from "./settle-reservation";

const MINUTE_MS = 60_000;
/** A minute before a free customer's three requests of the day come back. */
const EVENING = new Date("2026-03-10T23:59:00Z");

let world: TestWorld;
let customerId: string;
/** Another process on the same database, whose clock is its own. */
let other: Context;
beforeAll(async () => {
  world = await openTestWorld();
  other = openContextOf(world);
});
beforeEach(async () => {
  ({ customerId } = await world.createPerson());
});
afterAll(async () => {
  await other.db.$disconnect();
  await world.close();
});

function openContextOf({ ctx }: TestWorld): Context {
  return { ...openContext(ctx.env), now: ctx.now };
}

const use = () => ({ customerId, userId: null, meter: "ai_requests", quantity: 1, key: newId() });
const fast = (minutes: number): Context => ({
  ...other,
  now: new Date(EVENING.getTime() + minutes * MINUTE_MS),
});
const isLet = (asked: Promise<unknown>) =>
  asked.then(
    () => true,
    (error: { code?: string }) => {
      expect(error.code).toBe("limit_reached");
      return false;
    },
  );
const usedByDay = async () => {
  const where = { customerId, meterKey: "ai_requests", window: "day" } as const;
  const days = await world.ctx.db.usageCounter.findMany({ where, orderBy: { windowStart: "asc" } });
  return days.map(({ used }) => Number(used));
};

describe("two processes whose clocks are two minutes apart", () => {
  test("over midnight each day still has its three, whoever comes first, and no use is lost", async () => {
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) => isLet(recordUsage(index % 2 ? fast(2) : fast(0), use()))),
    );
    expect(answers.filter(Boolean)).toHaveLength(6);
    expect(await usedByDay()).toEqual([3, 3]);
    expect(await findDrifts(world.ctx.db, [customerId])).toEqual([]);
  });

  test("the day that the fast one has begun gives the slow one nothing more", async () => {
    for (let index = 0; index < 3; index += 1) await recordUsage(fast(0), use());
    await recordUsage(fast(2), use());
    expect(await isLet(recordUsage(fast(0), use()))).toBe(false);
    expect(await usedByDay()).toEqual([3, 1]);
  });

  test("a hold that one made is settled by the other, before it was made by that one's clock", async () => {
    const { id } = await reserveUsage(fast(2), use());
    const settled = { customerId, reservationId: id, quantity: 1, details: {} };
    expect(await commitReservation(fast(0), settled)).toMatchObject({ quantity: 1, isReplay: false });
    expect(await commitReservation(fast(2), settled)).toMatchObject({ quantity: 1, isReplay: true });
    expect(await usedByDay()).toEqual([1]);
    expect(await findDrifts(world.ctx.db, [customerId])).toEqual([]);
  });
});

test("a janitor whose clock is ahead gives a hold back too early: what was done is posted all the same, once", async () => {
  const { id } = await reserveUsage(fast(0), use());
  await expireReservations(fast(16), { limit: 100 });
  const settled = { customerId, reservationId: id, quantity: 1, details: {} };
  expect(await commitReservation(fast(0), settled)).toMatchObject({ quantity: 1, isReplay: false });
  expect(await world.ctx.db.usageEvent.count({ where: { customerId } })).toBe(1);
  expect(await findDrifts(world.ctx.db, [customerId])).toEqual([]);
});
