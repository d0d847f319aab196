import { afterAll, beforeAll, expect, test } from "vitest";
import { startCheckout } from "@/lib/services/checkout/start-checkout";
import { payOnPage, setFault } from "@/local/testing/lab-driver";
import { openTestWorld, type TestWorld } from "@/local/testing/test-context";
import { getSubscription } from "./get-subscription";
import { reconcileCustomers } from "./reconcile-customers";
import { syncCustomer } from "./sync-customer";

const DAY_MS = 86_400_000;
let world: TestWorld;
let customerId: string;
let subscriptionId: string;
beforeAll(async () => {
  world = await openTestWorld();
  ({ customerId } = await world.createPerson());
  await payOnPage((await startCheckout(inDays(0), { customerId, choice: { plan: "community-pro" } })).url);
  await syncCustomer(inDays(0), { customerId });
  subscriptionId = (await getSubscription(inDays(0), { customerId })).subscription?.id ?? "";
});
afterAll(() => world.close());

const inDays = (days: number) => world.at(new Date(Date.now() + days * DAY_MS));
const heardLast = (hoursAgo: number) =>
  world.ctx.db.customer.update({
    where: { id: customerId },
    data: { syncedAt: new Date(Date.now() - hoursAgo * 3_600_000) },
  });

test("nobody is read again while the period runs, nor within an hour of the last reading", async () => {
  await heardLast(48);
  expect(await reconcileCustomers(inDays(6.9), { limit: 10 })).toEqual({ reread: 0, failed: 0 });
  await heardLast(0.5);
  expect(await reconcileCustomers(inDays(8), { limit: 10 })).toEqual({ reread: 0, failed: 0 });
});

test("a trial canceled at Stripe of which no event came ends here too, an hour after its time (S0-113)", async () => {
  await world.ctx.stripe.subscriptions.cancel(subscriptionId);
  await heardLast(48);
  expect((await getSubscription(inDays(8), { customerId })).access).toBe("full");

  // Two: the SDK repeats a failed call once by itself.
  await setFault(world.stripe.url, { route: "GET /v1/invoices", status: 500, count: 2 });
  expect(await reconcileCustomers(inDays(8), { limit: 10 })).toEqual({ reread: 0, failed: 1 });
  expect(await reconcileCustomers(inDays(8), { limit: 10 })).toEqual({ reread: 1, failed: 0 });
  expect(await getSubscription(inDays(8), { customerId })).toMatchObject({
    access: "limited",
    plan: { slug: "explorer" },
  });
  expect(await reconcileCustomers(inDays(9), { limit: 10 })).toEqual({ reread: 0, failed: 0 });
});
