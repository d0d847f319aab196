import { afterAll, beforeAll, expect, test } from "vitest";
import type { Context } from "@/lib/context";
import { newId } from "@/lib/new-id";
import { startCheckout } from "@/lib/services/checkout/start-checkout";
import { syncCustomer } from "@/lib/services/subscriptions/sync-customer";
import { payOnPage } from "@/local/testing/lab-driver";
import { openTestWorld, type TestWorld } from "@/local/testing/test-context";
import { checkUsage } from "./check-usage";
import { recordUsage } from "./record-usage";

let world: TestWorld;
beforeAll(async () => {
  world = await openTestWorld({ preset: "learning" });
});
afterAll(() => world.close());

/** By how much a call's estimate may be at most, and the limits it is held against. */
async function asked(ctx: Context, customerId: string, quantity: number) {
  const use = { customerId, userId: null, meter: "ai_requests", quantity };
  const { allowed, windows } = await checkUsage(ctx, use);
  return [allowed, ...windows.map(({ window, limit }) => `${window} ${limit}`)];
}

test("what is estimated is held against the free plan, then the subscription's, then the free plan again once it ended; what was used stays used (S0-52)", async () => {
  const { customerId } = await world.createPerson();
  const free = world.at(new Date());
  expect(await asked(free, customerId, 3)).toEqual([true, "day 3", "month 50"]);
  expect(await asked(free, customerId, 4)).toEqual([false, "day 3", "month 50"]);

  await payOnPage(
    (await startCheckout(free, { customerId, choice: { plan: "premium", interval: "month" } })).url,
  );
  await syncCustomer(free, { customerId });
  const subscribed = world.at(new Date());
  expect(await asked(subscribed, customerId, 50)).toEqual([true, "day 50", "month 1000"]);
  expect(await asked(subscribed, customerId, 51)).toEqual([false, "day 50", "month 1000"]);
  await recordUsage(subscribed, {
    customerId,
    userId: null,
    meter: "ai_requests",
    quantity: 3,
    key: newId(),
  });

  const { id } = await world.ctx.db.subscription.findFirstOrThrow({ where: { customerId } });
  await world.ctx.stripe.subscriptions.cancel(id);
  await syncCustomer(subscribed, { customerId });
  expect(await asked(subscribed, customerId, 1)).toEqual([false, "day 3", "month 50"]);
});
