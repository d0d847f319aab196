import { afterAll, beforeAll, expect, test } from "vitest";
import { AppError } from "@/lib/app-error";
import { newId } from "@/lib/new-id";
import { putCustomer } from "@/lib/services/customers/put-customer";
import { hearDecisions } from "@/local/testing/hear-decisions";
import { openTestWorld, type TestWorld } from "@/local/testing/test-context";
import { recordUsage } from "./record-usage";
import { reserveUsage } from "./reserve-usage";

let world: TestWorld;
beforeAll(async () => {
  world = await openTestWorld({ preset: "team-tokens" });
});
afterAll(() => world.close());

/** Little of the month that began with the sign-up on 10 March is left, so what is used is nearly what is projected. */
const LATE = "2026-04-10T11:59:00Z";
const FREE_TOKENS = 10_000;

/** The suggestion of the refusal that a use of one more token gets, or of so many. */
async function suggestionFor(customerId: string, used: number, asked = 1): Promise<unknown> {
  const ctx = world.at(LATE);
  const use = { customerId, userId: null, meter: "llm_tokens" };
  if (used > 0) await recordUsage(ctx, { ...use, quantity: used, key: newId() });
  const refusal: unknown = await recordUsage(ctx, { ...use, quantity: asked, key: newId() }).catch(
    (error: unknown) => error,
  );
  if (!(refusal instanceof AppError)) throw new Error("the use was not refused");
  expect(refusal.code).toBe("limit_reached");
  expect(refusal.publicMessage).toBe("Limit reached - upgrade required");
  return refusal.options.extra?.suggestion;
}

async function giveFree(customerId: string, slug: string): Promise<void> {
  const { db, now } = world.ctx;
  const { currentVersionId } = await db.plan.findUniqueOrThrow({ where: { slug } });
  await db.planGrant.create({
    data: { id: newId(), customerId, planVersionId: currentVersionId ?? "", source: "comp", startsAt: now },
  });
}

test("a free team that runs out is led to the plan that covers its month, with its price (S3-17, S3-46, K-13)", async () => {
  const { customerId } = await world.createPerson();
  expect(await suggestionFor(customerId, FREE_TOKENS)).toEqual({
    kind: "upgrade",
    plan: "basic",
    name: "Basic",
    currency: "usd",
    month_equivalent_minor: 2999,
    covers_projected_use: true,
    saving_minor_per_month: 9000,
  });
});

test("who asks for more than any plan holds is led to the next one, and told that it does not cover it", async () => {
  const { customerId } = await world.createPerson();
  expect(await suggestionFor(customerId, 0, 600_000)).toMatchObject({
    plan: "basic",
    covers_projected_use: false,
    saving_minor_per_month: null,
  });
});

test("a plan with fewer seats than the team has members is passed over", async () => {
  const actor = { kind: "system" } as const;
  const team = { externalId: "team-11", name: "Team", email: "team@team.test", metadata: {}, actor };
  const { customer } = await putCustomer(world.ctx, { ...team, type: "group" });
  for (let seat = 1; seat <= 11; seat += 1) {
    const { userId } = await world.createPerson();
    const data = { customerId: customer.id, userId, role: "member", createdAt: world.ctx.now } as const;
    await world.ctx.db.member.create({ data });
  }
  expect(await suggestionFor(customer.id, FREE_TOKENS)).toMatchObject({ plan: "business" });
});

test("from Basic the way leads to Business, and from there nowhere", async () => {
  const { customerId } = await world.createPerson();
  await giveFree(customerId, "basic");
  expect(await suggestionFor(customerId, 100_000)).toMatchObject({ plan: "business" });
  await giveFree(customerId, "business");
  expect(await suggestionFor(customerId, 400_000)).toBeNull();
});

test("who pays in another currency is not led to a price they cannot pay", async () => {
  const { customerId } = await world.createPerson();
  await world.ctx.db.customer.update({ where: { id: customerId }, data: { currency: "eur" } });
  expect(await suggestionFor(customerId, FREE_TOKENS)).toBeNull();
});

test("a refusal asks the database no more than a hold does: the one statement that decides", async () => {
  const { customerId } = await world.createPerson();
  const ctx = world.at(LATE);
  const ask = () =>
    reserveUsage(ctx, { customerId, userId: null, meter: "llm_tokens", quantity: FREE_TOKENS, key: newId() });
  await ask();
  await expect(ask()).rejects.toMatchObject({ code: "limit_reached" });
  const statements = hearDecisions(ctx.db);
  await expect(ask()).rejects.toMatchObject({ options: { extra: { suggestion: { plan: "basic" } } } });
  expect(statements.stop()).toEqual(["decide_plain_uses"]);
});
