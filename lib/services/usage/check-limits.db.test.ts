import { afterAll, beforeAll, expect, test } from "vitest";
import { newId } from "@/lib/new-id";
import { openTestWorld, type TestWorld } from "@/local/testing/test-context";
import { changeLevel } from "./change-level";
import { checkLimits } from "./check-limits";
import { recordUsage } from "./record-usage";

let world: TestWorld;
beforeAll(async () => {
  world = await openTestWorld();
});
afterAll(() => world.close());

const record = (customerId: string, quantity: number, at?: string) =>
  recordUsage(at ? world.at(at) : world.ctx, {
    customerId,
    userId: null,
    meter: "ai_requests",
    quantity,
    key: newId(),
  });

test("every limit that is near is named, the fullest first; levels too (S3-16)", async () => {
  const { customerId } = await world.createPerson();
  await changeLevel(world.ctx, { customerId, meter: "projects", change: { level: 9 }, key: newId() });
  await record(customerId, 3);
  const { warnings, suggestion, plan } = await checkLimits(world.ctx, { customerId });
  expect(plan).toBe("explorer");
  expect(warnings.map(({ meter, percent, window }) => [meter, window.window, percent])).toEqual([
    ["ai_requests", "day", 100],
    ["projects", "lifetime", 90],
  ]);
  expect(suggestion).toMatchObject({ kind: "upgrade", plan: "community-pro" });
});

test("the next day nothing is near any more, and nothing else is suggested (S3-42)", async () => {
  const { customerId } = await world.createPerson();
  await record(customerId, 3, "2026-03-10T12:00:00Z");
  const at = (moment: string) => checkLimits(world.at(moment), { customerId });
  expect((await at("2026-03-10T23:59:59.999Z")).warnings).toHaveLength(1);
  expect(await at("2026-03-11T00:00:00Z")).toMatchObject({ warnings: [], suggestion: null });
});

test("it writes nothing", async () => {
  const { customerId } = await world.createPerson();
  const { db } = world.ctx;
  const written = async () =>
    JSON.stringify(
      [
        await db.usageCounter.findMany({ where: { customerId } }),
        await db.customerBalance.findMany({ where: { customerId } }),
        await db.usageThreshold.findMany({ where: { customerId } }),
      ],
      (_name, value) => (typeof value === "bigint" ? `${value}n` : value),
    );
  await record(customerId, 3);
  const before = await written();
  await checkLimits(world.ctx, { customerId });
  expect(await written()).toBe(before);
});
