import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { newId } from "@/lib/new-id";
import { openTestWorld, type TestWorld } from "@/local/testing/test-context";
import { getUsage } from "./get-usage";
import { recordUsage } from "./record-usage";

/** The free team's first month begins with the sign-up on 10 March. */
const FIRST = { start: new Date("2026-03-10T12:00:00Z"), end: new Date("2026-04-10T12:00:00Z") };
const LAST_MOMENT = "2026-04-10T11:59:59.999Z";
const NEXT_MONTH = "2026-04-10T12:00:00Z";

let world: TestWorld;
beforeAll(async () => {
  world = await openTestWorld({ preset: "team-tokens" });
});
afterAll(() => world.close());

const record = (customerId: string, meter: string, quantity: number, at: string) =>
  recordUsage(world.at(at), { customerId, userId: null, meter, quantity, key: newId() });

/** Each meter's billing period as the summary has it. */
async function periods(customerId: string, at: string) {
  const { meters } = await getUsage(world.at(at), { customerId });
  return meters.map(({ meter, windows }) => {
    const period = windows.find(({ window }) => window === "period");
    return { meter: meter.key, ...period };
  });
}

describe("the summary of a billing period (S3-10, S3-15)", () => {
  test("says of each meter what is used, of which limit, from when to when; after each use at once (S3-38)", async () => {
    const { customerId } = await world.createPerson();
    await record(customerId, "llm_tokens", 1_200, "2026-03-11T08:00:00Z");
    await record(customerId, "voice_tokens", 30, "2026-03-12T08:00:00Z");
    expect(await periods(customerId, "2026-03-12T08:00:00Z")).toMatchObject([
      { meter: "llm_tokens", used: 1_200, limit: 10_000, ...FIRST },
      { meter: "voice_tokens", used: 30, limit: 5_000, ...FIRST },
    ]);
    await record(customerId, "llm_tokens", 1, "2026-03-12T08:00:00Z");
    expect((await periods(customerId, "2026-03-12T08:00:00Z"))[0]).toMatchObject({ used: 1_201 });
  });

  test("begins anew where the period ends, without any job; what was used before is kept (S3-42, S2-11)", async () => {
    const { customerId } = await world.createPerson();
    await record(customerId, "llm_tokens", 10_000, LAST_MOMENT);
    await expect(record(customerId, "llm_tokens", 1, LAST_MOMENT)).rejects.toMatchObject({
      code: "limit_reached",
    });
    expect((await periods(customerId, NEXT_MONTH))[0]).toMatchObject({ used: 0, start: FIRST.end });
    await record(customerId, "llm_tokens", 10_000, NEXT_MONTH);
    const kept = await world.ctx.db.usageCounter.findMany({
      where: { customerId, meterKey: "llm_tokens", window: "period" },
      orderBy: { windowStart: "asc" },
    });
    expect(kept.map(({ windowStart, used }) => ({ windowStart, used }))).toEqual([
      { windowStart: FIRST.start, used: 10_000n },
      { windowStart: FIRST.end, used: 10_000n },
    ]);
  });

  test("has warned of each share once, and warns anew in the next period (S3-10, D-08)", async () => {
    const { customerId } = await world.createPerson();
    const warned = async () => {
      const rows = await world.ctx.db.usageThreshold.findMany({ where: { customerId, window: "period" } });
      return rows.map(({ windowStart, percent }) => [windowStart.toISOString(), percent]).sort();
    };
    await record(customerId, "llm_tokens", 8_000, "2026-03-11T08:00:00Z");
    await record(customerId, "llm_tokens", 100, "2026-03-11T08:00:00Z");
    expect(await warned()).toEqual([[FIRST.start.toISOString(), 80]]);
    await record(customerId, "llm_tokens", 8_000, NEXT_MONTH);
    expect(await warned()).toEqual([
      [FIRST.start.toISOString(), 80],
      [FIRST.end.toISOString(), 80],
    ]);
  });
});
