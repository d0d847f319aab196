import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Context } from "@/lib/context";
import { startCheckout } from "@/lib/services/checkout/start-checkout";
import { payOnPage, setFault } from "@/local/testing/lab-driver";
import { openTestWorld, type TestWorld } from "@/local/testing/test-context";
import { adoptCard } from "./adopt-card";
import { getPayingCard } from "./get-paying-card";
import { startCardSetup } from "./start-card-setup";

let world: TestWorld;
beforeAll(async () => {
  world = await openTestWorld();
});
afterAll(() => world.close());

const now = (): Context => world.at(new Date());

/** Saves a card as the fields on the page do. @returns the setup's id. */
async function enterCard(customerId: string, method: string, attempt: string): Promise<string> {
  const { clientSecret } = await startCardSetup(now(), { customerId, attempt });
  const id = clientSecret.split("_secret_")[0] ?? "";
  await world.ctx.stripe.setupIntents.confirm(id, {
    payment_method: method,
    return_url: "http://localhost/back",
  });
  return id;
}

describe("saving a card", () => {
  test("makes it the one that pays, on a plan that had another too (S1-105, S1-114)", async () => {
    const { customerId } = await world.createPerson();
    const { url } = await startCheckout(now(), { customerId, choice: { plan: "community-pro" } });
    await payOnPage(url);
    expect(await getPayingCard(now(), { customerId })).toMatchObject({ brand: "visa", last4: "4242" });
    const setupIntentId = await enterCard(customerId, "pm_card_mastercard", "first");
    expect(await adoptCard(now(), { customerId, setupIntentId })).toBe(true);
    expect(await getPayingCard(now(), { customerId })).toMatchObject({ brand: "mastercard", last4: "4444" });
    const { stripeCustomerId } = await world.ctx.db.customer.findUniqueOrThrow({ where: { id: customerId } });
    const [subscription] = (
      await world.ctx.stripe.subscriptions.list({
        customer: stripeCustomerId ?? "",
        expand: ["data.default_payment_method"],
      })
    ).data;
    expect(subscription?.default_payment_method).toMatchObject({ card: { last4: "4444" } });
  });

  test("works for those who never paid, and an old link does not bring an old card back", async () => {
    const { customerId } = await world.createPerson();
    expect(await getPayingCard(now(), { customerId })).toBeNull();
    const first = await enterCard(customerId, "pm_card_visa", "first");
    await adoptCard(now(), { customerId, setupIntentId: first });
    const second = await enterCard(customerId, "pm_card_amex", "second");
    await adoptCard(now(), { customerId, setupIntentId: second });
    await adoptCard(now(), { customerId, setupIntentId: first });
    expect(await getPayingCard(now(), { customerId })).toMatchObject({ brand: "amex" });
  });

  test("a double click begins one setup, and one that is finished is not begun again", async () => {
    const { customerId } = await world.createPerson();
    const start = () => startCardSetup(now(), { customerId, attempt: "only" });
    const [one, other] = await Promise.all([start(), start()]);
    expect(one).toEqual(other);
    await enterCard(customerId, "pm_card_visa", "only");
    await expect(start()).rejects.toMatchObject({ code: "conflict" });
  });

  test("a card whose bank has not confirmed it changes nothing", async () => {
    const { customerId } = await world.createPerson();
    const setupIntentId = await enterCard(customerId, "pm_card_authenticationRequired", "only");
    expect(await adoptCard(now(), { customerId, setupIntentId })).toBe(false);
    expect(await getPayingCard(now(), { customerId })).toBeNull();
  });

  test("another customer's setup, or none, is not found and changes nothing (V7)", async () => {
    const { customerId } = await world.createPerson();
    const other = await world.createPerson();
    const setupIntentId = await enterCard(customerId, "pm_card_visa", "only");
    for (const id of [setupIntentId, "seti_none"]) {
      await expect(adoptCard(now(), { ...other, setupIntentId: id })).rejects.toMatchObject({
        code: "not_found",
      });
    }
    expect(await getPayingCard(now(), other)).toBeNull();
  });

  test("while Stripe does not answer it says so, and the same attempt goes on afterwards", async () => {
    const { customerId } = await world.createPerson();
    await setFault(world.stripe.url, { route: "POST /v1/setup_intents", status: 500, count: 2 });
    const start = () => startCardSetup(now(), { customerId, attempt: "only" });
    await expect(start()).rejects.toMatchObject({ code: "stripe_unavailable" });
    await start();
    const { stripeCustomerId } = await world.ctx.db.customer.findUniqueOrThrow({ where: { id: customerId } });
    const { data } = await world.ctx.stripe.setupIntents.list({ customer: stripeCustomerId ?? "" });
    expect(data).toHaveLength(1);
  });
});
