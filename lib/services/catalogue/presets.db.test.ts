import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { PRESETS } from "@/catalogues/read-preset";
import { AppError } from "@/lib/app-error";
import { recordUsage } from "@/lib/services/usage/record-usage";
import { openTestWorld, type TestWorld } from "@/local/testing/test-context";
import { getCatalogue } from "./get-catalogue";
import { publishCatalogue } from "./publish-catalogue";
import { pushCatalogue } from "./push-catalogue";

describe.each(Object.values(PRESETS))("the preset $key, in a world of its own", (preset) => {
  let world: TestWorld;
  beforeAll(async () => {
    world = await openTestWorld({ preset: preset.key });
  });
  afterAll(() => world.close());

  /** Uses a meter as a person on the free plan. @returns what it was refused with, or null. */
  async function use(
    customerId: string,
    meter: string,
    quantity: number,
    key: string,
  ): Promise<AppError | null> {
    try {
      await recordUsage(world.ctx, { customerId, userId: null, meter, quantity, key });
      return null;
    } catch (error) {
      if (error instanceof AppError) return error;
      throw error;
    }
  }

  test("is on sale as its file says it", async () => {
    const { plans, creditPacks, playground, policy, words, customerType } = await getCatalogue(world.ctx);
    expect({ playground, policy, words, customerType }).toEqual({
      playground: preset.playground,
      policy: preset.policy,
      words: preset.words,
      customerType: preset.customerType,
    });
    expect(plans.map(({ slug, seats, overage, isPopular }) => ({ slug, seats, overage, isPopular }))).toEqual(
      preset.plans.map(({ slug, seats = 1, overage = [], isPopular = false }) => ({
        slug,
        seats,
        overage: overage.map(({ meter, tiers }) => ({ meter, tiers })),
        isPopular,
      })),
    );
    expect(creditPacks.map(({ credits, amountMinor }) => [credits, amountMinor])).toEqual(
      preset.creditPacks.map(({ credits, amountMinor }) => [credits, amountMinor]),
    );
  });

  test("has its prices at Stripe to the cent, once, however often it is pushed", async () => {
    const wanted = preset.plans.flatMap((plan) =>
      plan.prices.map(({ amountMinor, interval, intervalCount }) => [amountMinor, interval, intervalCount]),
    );
    expect(await publishCatalogue(world.ctx, { catalogue: preset })).toEqual([]);
    await pushCatalogue(world.ctx);
    const { data } = await world.ctx.stripe.prices.list({ limit: 100 });
    const made = data.map((price) => [
      price.unit_amount,
      price.recurring?.interval,
      price.recurring?.interval_count,
    ]);
    expect(made.sort()).toEqual(wanted.sort());
  });

  const counters = preset.meters.filter(({ kind }) => kind === "counter").map(({ key }) => key);
  const limits = (preset.plans[0]?.allowances ?? []).filter(
    ({ meter, amount }) => counters.includes(meter) && amount !== null,
  );
  if (limits.length === 0) return;
  test("holds its free plan's limits to the unit, in its own words (S0-61, S1-94, S2-05, S2-54, S3-44)", async () => {
    for (const meter of counters) {
      const { customerId } = await world.createPerson();
      // Of several windows the smallest is reached first.
      const limit = Math.min(...limits.flatMap((each) => (each.meter === meter ? (each.amount ?? []) : [])));
      expect(await use(customerId, meter, limit, "all of it")).toBeNull();
      const refused = await use(customerId, meter, 1, "one more");
      expect([refused?.code, refused?.publicMessage]).toEqual([
        "limit_reached",
        preset.policy.limitReached.text,
      ]);
    }
  });
});
