import { afterAll, beforeAll, expect, test } from "vitest";
import { newId } from "@/lib/new-id";
import { grantCredits } from "@/lib/services/credits/post-credits";
import { openTestWorld, type TestWorld } from "@/local/testing/test-context";
import { recordUsage } from "./record-usage";
import { reserveUsage } from "./reserve-usage";
import { commitReservation } from "./settle-reservation";

let world: TestWorld;
beforeAll(async () => {
  world = await openTestWorld();
});
afterAll(() => world.close());

const ask = (customerId: string, quantity: number) => ({
  customerId,
  userId: null,
  meter: "ai_requests",
  quantity,
  key: newId(),
});

/** Ten credits that expire at 12:05, six of them held, and nothing left of the day. */
async function holdOfExpiringCredits() {
  const { customerId } = await world.createPerson();
  await recordUsage(world.ctx, ask(customerId, 3));
  const expiresAt = new Date("2026-03-10T12:05:00Z");
  await grantCredits(world.ctx, { customerId, credits: 10, key: newId(), source: "promo", expiresAt });
  const { id: reservationId } = await reserveUsage(world.ctx, ask(customerId, 6));
  return { customerId, reservationId, later: world.at("2026-03-10T12:10:00Z") };
}

test("credits that expire while they are held pay for what they were held for", async () => {
  const { customerId, reservationId, later } = await holdOfExpiringCredits();
  const { paidBy } = await commitReservation(later, { customerId, reservationId, quantity: 6, details: {} });
  expect(paidBy).toMatchObject({ credits: 6, uncovered: 0 });
});

test("but not for more than they were held for", async () => {
  const { customerId, reservationId, later } = await holdOfExpiringCredits();
  const { paidBy } = await commitReservation(later, { customerId, reservationId, quantity: 8, details: {} });
  expect(paidBy).toMatchObject({ credits: 6, uncovered: 2 });
});
