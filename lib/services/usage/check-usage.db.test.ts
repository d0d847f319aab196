import { afterAll, beforeAll, expect, test } from "vitest";
import { readPreset } from "@/catalogues/read-preset";
import { newId } from "@/lib/new-id";
import { publishCatalogue } from "@/lib/services/catalogue/publish-catalogue";
import { openTestWorld, type TestWorld } from "@/local/testing/test-context";
import { checkUsage } from "./check-usage";
import { recordUsage } from "./record-usage";

let world: TestWorld;
beforeAll(async () => {
  world = await openTestWorld({ preset: "team-tokens" });
  const catalogue = readPreset("team-tokens");
  // Whose plan has ended has nothing here, and the free plan has no voice.
  await publishCatalogue(world.ctx, {
    catalogue: {
      ...catalogue,
      policy: { ...catalogue.policy, afterEnd: "none" },
      plans: catalogue.plans.map((plan) =>
        plan.slug === "free"
          ? { ...plan, allowances: plan.allowances.filter(({ meter }) => meter === "llm_tokens") }
          : plan,
      ),
    },
  });
});
afterAll(() => world.close());

async function team(): Promise<{ customerId: string; userId: string }> {
  const { db, now } = world.ctx;
  const customerId = newId();
  const data = {
    id: customerId,
    type: "group",
    name: "Team",
    email: "team@team.test",
    createdAt: now,
  } as const;
  await db.customer.create({ data });
  const { userId } = await world.createPerson();
  await db.member.create({ data: { customerId, userId, role: "member", usageCap: 100n, createdAt: now } });
  return { customerId, userId };
}

test("a member at their own cap is told that it is theirs, while the team has room (S3-16)", async () => {
  const { customerId, userId } = await team();
  const use = { customerId, meter: "llm_tokens", quantity: 60 };
  await recordUsage(world.ctx, { ...use, userId, key: newId() });
  expect(await checkUsage(world.ctx, { ...use, userId })).toMatchObject({
    allowed: false,
    reason: "member_cap_reached",
  });
  const check = await checkUsage(world.ctx, { ...use, userId, quantity: 40 });
  expect(check).toMatchObject({ allowed: true, paidBy: { allowance: 40 } });
  // As things are now, without what was asked about.
  expect(check.windows.map(({ window, userId, used, held }) => ({ window, userId, used, held }))).toEqual(
    expect.arrayContaining([
      { window: "period", userId: null, used: 60, held: 0 },
      { window: "period", userId, used: 60, held: 0 },
    ]),
  );
  expect(await checkUsage(world.ctx, { ...use, userId: null })).toMatchObject({ allowed: true });
});

test("a meter that the plan does not include is not in the plan, and not merely used up; the plan that has it is named", async () => {
  const { customerId } = await world.createPerson();
  const check = await checkUsage(world.ctx, { customerId, userId: null, meter: "voice_tokens", quantity: 1 });
  expect(check).toMatchObject({ allowed: false, reason: "meter_not_in_plan" });
  expect(check.allowed ? null : check.refusal.options.extra).toMatchObject({
    limit: 0,
    reset_at: null,
    suggestion: { plan: "basic" },
  });
});

test("who has no access is told so, whatever the meter", async () => {
  const { db, now } = world.ctx;
  const { customerId } = await world.createPerson();
  const { currentVersionId } = await db.plan.findUniqueOrThrow({ where: { slug: "basic" } });
  const [startsAt, endsAt] = [new Date(now.getTime() - 2), new Date(now.getTime() - 1)];
  await db.planGrant.create({
    data: {
      id: newId(),
      customerId,
      planVersionId: currentVersionId ?? "",
      source: "comp",
      startsAt,
      endsAt,
    },
  });
  const check = await checkUsage(world.ctx, { customerId, userId: null, meter: "llm_tokens", quantity: 1 });
  expect(check).toMatchObject({ allowed: false, reason: "no_access" });
});

test("a customer that is not there is not found", async () => {
  const asked = { customerId: newId(), userId: null, meter: "llm_tokens", quantity: 1 };
  await expect(checkUsage(world.ctx, asked)).rejects.toMatchObject({ code: "not_found" });
});
