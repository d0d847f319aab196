import { afterAll, beforeAll, expect, test } from "vitest";
import { createUser } from "@/lib/auth/create-user";
import { newId } from "@/lib/new-id";
import { openTestWorld, type TestWorld } from "@/local/testing/test-context";
import { recordUsage } from "./record-usage";
import { reserveUsage } from "./reserve-usage";
import { commitReservation, releaseReservation } from "./settle-reservation";

let world: TestWorld;
beforeAll(async () => {
  world = await openTestWorld({ preset: "team-tokens" });
});
afterAll(() => world.close());

/** A team of two on the free plan: 10,000 tokens a month for both. One of them is capped. */
async function team(cap: number): Promise<{ customerId: string; capped: string; other: string }> {
  const { db } = world.ctx;
  const customerId = newId();
  await db.customer.create({
    data: {
      id: customerId,
      type: "group",
      name: "Team",
      email: `${customerId}@team.test`,
      createdAt: world.ctx.now,
    },
  });
  const join = async (role: "owner" | "member", usageCap: bigint | null) => {
    const input = {
      email: `${newId()}@person.test`,
      name: "Member",
      emailVerified: null,
      now: world.ctx.now,
    };
    const { id: userId } = await createUser(db, input);
    await db.member.create({ data: { customerId, userId, role, usageCap, createdAt: world.ctx.now } });
    return userId;
  };
  return { customerId, other: await join("owner", null), capped: await join("member", BigInt(cap)) };
}

const ask = (customerId: string, userId: string, quantity: number) => ({
  customerId,
  userId,
  meter: "llm_tokens",
  quantity,
  key: newId(),
});

test("a member's cap stops the member, not the team; what they hold counts", async () => {
  const { customerId, capped, other } = await team(1_000);
  await recordUsage(world.ctx, ask(customerId, capped, 700));
  const { id } = await reserveUsage(world.ctx, ask(customerId, capped, 300));
  await expect(recordUsage(world.ctx, ask(customerId, capped, 1))).rejects.toMatchObject({
    code: "limit_reached",
    options: { extra: { limit: 1_000, used: 1_000 } },
  });
  await recordUsage(world.ctx, ask(customerId, other, 9_000));
  await expect(recordUsage(world.ctx, ask(customerId, other, 1))).rejects.toMatchObject({
    code: "limit_reached",
  });
  await releaseReservation(world.ctx, { customerId, reservationId: id });
  await recordUsage(world.ctx, ask(customerId, capped, 300));
});

test("a commit beyond the member's cap is not paid for by the team: it is written off", async () => {
  const { customerId, capped } = await team(1_000);
  const { id } = await reserveUsage(world.ctx, ask(customerId, capped, 900));
  const { paidBy } = await commitReservation(world.ctx, {
    customerId,
    reservationId: id,
    quantity: 1_100,
    details: {},
  });
  expect(paidBy).toMatchObject({ allowance: 1_000, uncovered: 100 });
});

test("a cap that is lowered or lifted counts with the next use", async () => {
  const { customerId, capped } = await team(1_000);
  await recordUsage(world.ctx, ask(customerId, capped, 1_000));
  await world.ctx.db.member.update({
    where: { customerId_userId: { customerId, userId: capped } },
    data: { usageCap: null },
  });
  await recordUsage(world.ctx, ask(customerId, capped, 500));
});
