import { afterAll, beforeAll, expect, test } from "vitest";
import { community } from "@/catalogues/community";
import type { MemberRole } from "@/lib/db/generated/client";
import { newId } from "@/lib/new-id";
import { publishCatalogue } from "@/lib/services/catalogue/publish-catalogue";
import { startCheckout } from "@/lib/services/checkout/start-checkout";
import { payOnPage } from "@/local/testing/lab-driver";
import { openTestWorld, type TestWorld } from "@/local/testing/test-context";
import { getSubscription } from "./get-subscription";
import { syncCustomer } from "./sync-customer";

let world: TestWorld;
beforeAll(async () => {
  world = await openTestWorld();
});
afterAll(() => world.close());

const now = () => world.at(new Date());
const hasHadTrial = async (customerId: string) => (await getSubscription(now(), { customerId })).hasHadTrial;

/** A group that a person belongs to. */
async function joinGroup(userId: string, role: MemberRole): Promise<string> {
  const customerId = newId();
  const createdAt = new Date();
  await world.ctx.db.customer.create({
    data: {
      id: customerId,
      type: "group",
      name: "A group",
      email: `${customerId}@group.test`,
      createdAt,
      members: { create: { userId, role, createdAt } },
    },
  });
  return customerId;
}

test("a trial is had once by each person, or by each customer, as the catalogue's policy says (S1-09, S0-100)", async () => {
  const { userId, customerId } = await world.createPerson();
  const owned = await joinGroup(userId, "owner");
  const joined = await joinGroup(userId, "member");
  expect(await hasHadTrial(customerId)).toBe(false);
  await payOnPage((await startCheckout(now(), { customerId, choice: { plan: "community-pro" } })).url);
  await syncCustomer(now(), { customerId });

  expect([await hasHadTrial(customerId), await hasHadTrial(owned), await hasHadTrial(joined)]).toEqual([
    true,
    true,
    false,
  ]);
  const { checkoutId } = await startCheckout(now(), {
    customerId: owned,
    choice: { plan: "community-pro" },
  });
  expect(await world.ctx.db.checkout.findUniqueOrThrow({ where: { id: checkoutId } })).toMatchObject({
    trialDays: null,
  });

  const perCustomer = {
    ...community,
    policy: { ...community.policy, trial: { oncePer: "customer" } },
  } as const;
  await publishCatalogue(now(), { catalogue: perCustomer });
  await expect.poll(() => hasHadTrial(owned)).toBe(false);
  expect(await hasHadTrial(customerId)).toBe(true);
});

test("a customer that is not there is not found", async () => {
  await expect(hasHadTrial(newId())).rejects.toMatchObject({ code: "not_found" });
});
