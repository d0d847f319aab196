import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { AppError } from "@/lib/app-error";
import { newId } from "@/lib/new-id";
import { findDrifts } from "@/lib/services/reconciliation/find-drifts";
import { reconcile } from "@/lib/services/reconciliation/reconcile";
import { seededRandom } from "@/local/testing/seeded-random";
import { openTestWorld, type TestWorld } from "@/local/testing/test-context";
import { changeLevel, type LevelRequest } from "./change-level";
import { listLevels } from "./list-levels";
import { recordUsage } from "./record-usage";
import { reserveUsage } from "./reserve-usage";
import { commitReservation, releaseReservation } from "./settle-reservation";

const SEED = Number(process.env.USAGE_SEED ?? 21);
const LIMIT = 10;

let world: TestWorld;
let customerId: string;
beforeAll(async () => {
  world = await openTestWorld();
});
beforeEach(async () => {
  ({ customerId } = await world.createPerson());
});
afterAll(() => world.close());

const projects = (quantity: number) => ({
  customerId,
  userId: null,
  meter: "projects",
  quantity,
  key: newId(),
});
const change = (request: LevelRequest, key: string = newId()) =>
  changeLevel(world.ctx, { customerId, meter: "projects", change: request, key });
const levelNow = async () => {
  const [level] = await listLevels(world.ctx, { customerId });
  return level ?? { level: Number.NaN, held: Number.NaN };
};
const eventsOf = () => world.ctx.db.usageEvent.findMany({ where: { customerId } });
const refusalOf = (promise: Promise<unknown>) =>
  promise.then(
    () => null,
    (error: unknown) => (error instanceof AppError ? error.code : error),
  );

/** What is stored is what the events come to, and nothing else. */
async function expectExact(level: number): Promise<void> {
  expect(await levelNow()).toMatchObject({ level });
  const events = await eventsOf();
  expect(events.reduce((sum, { quantity }) => sum + Number(quantity), 0)).toBe(level);
  expect(await findDrifts(world.ctx.db, [customerId])).toEqual([]);
}

async function givePlan(slug: string): Promise<string> {
  const { db, now } = world.ctx;
  const { currentVersionId } = await db.plan.findUniqueOrThrow({ where: { slug } });
  const id = newId();
  await db.planGrant.create({
    data: { id, customerId, planVersionId: currentVersionId ?? "", source: "comp", startsAt: now },
  });
  return id;
}

describe("a level that rises and falls", () => {
  test("is the sum of its events, of which those that lower it say what it was and became", async () => {
    await recordUsage(world.ctx, projects(6));
    const lowered = await change({ delta: -4 }, "removed");
    expect(lowered).toMatchObject({ level: 2, limit: LIMIT, isReplay: false, change: { from: 6, to: 2 } });
    await change({ level: 9 });
    const events = await eventsOf();
    expect(events.find(({ quantity }) => quantity === -4n)).toMatchObject({
      reservationId: lowered.change.id,
      allowanceUnits: -4n,
      windows: ["lifetime"],
      details: { delta: -4, level_before: 6, level: 2 },
    });
    expect(events.find(({ quantity }) => quantity === 7n)?.details).toEqual({
      set_to: 9,
      level_before: 2,
      level: 9,
    });
    await expectExact(9);
  });

  test("is not raised into what open reservations keep, and set beside them", async () => {
    const { id } = await reserveUsage(world.ctx, projects(3));
    expect(await refusalOf(change({ level: 8 }))).toBe("limit_reached");
    await change({ level: 7 });
    expect(await levelNow()).toMatchObject({ level: 7, held: 3 });
    await commitReservation(world.ctx, { customerId, reservationId: id, quantity: 2, details: {} });
    await expectExact(9);
  });

  test("above the limit of a smaller plan it may be lowered and left, not raised", async () => {
    const grant = await givePlan("community-pro");
    await change({ level: 25 });
    await world.ctx.db.planGrant.update({ where: { id: grant }, data: { endsAt: world.ctx.now } });
    expect(await refusalOf(change({ delta: 1 }))).toBe("limit_reached");
    expect((await change({ level: 25 })).change).toMatchObject({ from: 25, to: 25 });
    expect((await change({ delta: -5 })).level).toBe(20);
    expect(await refusalOf(change({ level: 21 }))).toBe("limit_reached");
    await change({ level: 3 });
    await change({ delta: 1 });
    await expectExact(4);
  });

  test("units that nobody covered are part of it, and go first", async () => {
    const { id } = await reserveUsage(world.ctx, projects(LIMIT));
    await commitReservation(world.ctx, { customerId, reservationId: id, quantity: 13, details: {} });
    expect(await levelNow()).toMatchObject({ level: 13 });
    await change({ delta: -2 });
    // Eleven are there, one more than there may be.
    expect(await refusalOf(recordUsage(world.ctx, projects(1)))).toBe("limit_reached");
    await change({ delta: -2 });
    await recordUsage(world.ctx, projects(1));
    await expectExact(LIMIT);
  });

  test("never falls below zero", async () => {
    await change({ level: 1 });
    expect(await refusalOf(change({ delta: -2 }))).toBe("conflict");
    await expectExact(1);
  });

  test.each([
    ["a level below zero", { level: -1 }],
    ["half a level", { level: 1.5 }],
    ["a level beyond 2^53", { level: 2 ** 53 }],
    ["a change of nothing", { delta: 0 }],
    ["a change that is no number", { delta: Number.NaN }],
  ])("%s is refused and nothing is written", async (_name, request) => {
    expect(await refusalOf(change(request))).toBe("invalid_request");
    expect(await eventsOf()).toEqual([]);
  });

  test("what is used up has no level", async () => {
    const input = { customerId, meter: "ai_requests", change: { level: 1 }, key: newId() };
    await expect(changeLevel(world.ctx, input)).rejects.toMatchObject({
      code: "invalid_request",
      options: { fields: [{ field: "meter" }] },
    });
  });

  test("warns once when it comes near the limit (D-08)", async () => {
    await change({ level: LIMIT });
    await change({ level: 1 });
    await change({ level: LIMIT });
    const crossed = await world.ctx.db.usageThreshold.findMany({
      where: { customerId, meterKey: "projects" },
    });
    expect(new Set(crossed.map(({ percent }) => percent)).size).toBe(crossed.length);
    expect(crossed.length).toBeGreaterThan(0);
  });
});

describe("a level under races (R3)", () => {
  test("the same key twenty times at once lowers it once, and everybody is told so", async () => {
    await change({ level: 9 });
    const answers = await Promise.all(Array.from({ length: 20 }, () => change({ delta: -2 }, "once")));
    expect(answers.filter(({ isReplay }) => !isReplay)).toHaveLength(1);
    for (const { change: made } of answers) expect(made).toEqual(answers[0]?.change);
    await expectExact(7);
  });

  test("of more who lower it at once than there is, exactly as many are let", async () => {
    await change({ level: 6 });
    const answers = await Promise.all(Array.from({ length: 15 }, () => refusalOf(change({ delta: -1 }))));
    expect(answers.filter((code) => code === null)).toHaveLength(6);
    expect(answers.filter((code) => code === "conflict")).toHaveLength(9);
    await expectExact(0);
  });

  test("of more who raise it at once than there is room, by record and by change, exactly as many are let", async () => {
    const answers = await Promise.all(
      Array.from({ length: 30 }, (_, index) =>
        refusalOf(index % 2 ? change({ delta: 1 }) : recordUsage(world.ctx, projects(1))),
      ),
    );
    expect(answers.filter((code) => code === null)).toHaveLength(LIMIT);
    expect(answers.filter((code) => code === "limit_reached")).toHaveLength(20);
    await expectExact(LIMIT);
  });

  test(`set, lowered, recorded, held and settled at once it is what its events say, within its bounds (R9, seed ${SEED})`, async () => {
    const random = seededRandom(SEED);
    const steps = Array.from({ length: 200 }, () => random.int(0, 5));
    const work = steps.map(async (kind) => {
      switch (kind) {
        case 0:
          return change({ level: random.int(0, 11) });
        case 1:
          return change({ delta: -random.int(1, 4) });
        case 2:
          return change({ delta: random.int(1, 4) });
        case 3:
          return recordUsage(world.ctx, projects(random.int(1, 3)));
        default: {
          const { id } = await reserveUsage(world.ctx, projects(random.int(1, 3)));
          const settled = { customerId, reservationId: id };
          if (kind === 4) return releaseReservation(world.ctx, settled);
          return commitReservation(world.ctx, { ...settled, quantity: 1, details: {} });
        }
      }
    });
    const codes = await Promise.all(work.map(refusalOf));
    for (const code of codes) expect([null, "limit_reached", "conflict"]).toContain(code);
    expect(codes.filter((code) => code === null).length).toBeGreaterThan(20);
    const { level } = await levelNow();
    expect(level).toBeGreaterThanOrEqual(0);
    expect(level).toBeLessThanOrEqual(LIMIT);
    await expectExact(level);
    expect(await reconcile(world.ctx, { repairs: true })).toMatchObject({ drifts: 0 });
  });
});
