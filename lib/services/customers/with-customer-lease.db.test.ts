import { afterAll, beforeAll, expect, test } from "vitest";
import { openTestWorld, type TestWorld } from "@/local/testing/test-context";
import { assertLeaseHeld, withCustomerLease } from "./with-customer-lease";

let world: TestWorld;
beforeAll(async () => {
  world = await openTestWorld();
});
afterAll(() => world.close());

test("of 20 at once never two work together, and every one gets its turn", async () => {
  const { customerId } = await world.createPerson();
  let working = 0;
  let most = 0;
  const fences = await Promise.all(
    Array.from({ length: 20 }, () =>
      withCustomerLease(world.ctx, customerId, 30_000, async ({ fence }) => {
        working += 1;
        most = Math.max(most, working);
        await world.ctx.db.$executeRaw`select pg_sleep(0.005)`;
        working -= 1;
        return fence;
      }),
    ),
  );
  expect(most).toBe(1);
  expect(new Set(fences).size).toBe(20);
});

test("who cannot have it in time is told to come back, and it is free again after a failure", async () => {
  const { customerId } = await world.createPerson();
  await withCustomerLease(world.ctx, customerId, 0, async () => {
    await expect(withCustomerLease(world.ctx, customerId, 50, async () => {})).rejects.toMatchObject({
      code: "conflict",
    });
  });
  await expect(
    withCustomerLease(world.ctx, customerId, 0, async () => {
      throw new Error("died");
    }),
  ).rejects.toThrow("died");
  await withCustomerLease(world.ctx, customerId, 0, async () => {});
});

test("a holder that was taken for dead cannot write any more", async () => {
  const { customerId } = await world.createPerson();
  await withCustomerLease(world.ctx, customerId, 0, async (slow) => {
    // The slow one's lease runs out while it reads.
    await world.ctx.db.customerLease.update({
      where: { customerId },
      data: { expiresAt: new Date(Date.now() - 1) },
    });
    await withCustomerLease(world.ctx, customerId, 0, async (quick) => {
      await world.ctx.db.$transaction((tx) => assertLeaseHeld(tx, quick));
      await expect(world.ctx.db.$transaction((tx) => assertLeaseHeld(tx, slow))).rejects.toMatchObject({
        code: "conflict",
      });
    });
  });
});
