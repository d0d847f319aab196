import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { community } from "@/catalogues/community";
import { openDb } from "@/lib/db/client";
import type { Catalogue } from "@/lib/domain/catalogue";
import { openTestWorld, type TestWorld } from "@/local/testing/test-context";
import { getCatalogue } from "./get-catalogue";
import { publishCatalogue } from "./publish-catalogue";
import { pushCatalogue } from "./push-catalogue";

let world: TestWorld;
beforeAll(async () => {
  world = await openTestWorld();
});
afterAll(() => world.close());

const dearer: Catalogue = {
  ...community,
  plans: community.plans.map((plan) =>
    plan.slug === "pro-learn"
      ? { ...plan, prices: [{ interval: "month", intervalCount: 3, amountMinor: 12000 }] }
      : plan,
  ),
};

const versions = () => world.ctx.db.planVersion.count();

describe("publishing a catalogue (S1-37, S1-39, S1-40)", () => {
  test("makes four plans and three packs; the same again changes nothing, even ten times at once", async () => {
    const { plans, creditPacks } = await getCatalogue(world.ctx);
    expect([plans.length, creditPacks.length]).toEqual([4, 3]);
    const before = await versions();
    const published = await Promise.all(
      Array.from({ length: 10 }, () => publishCatalogue(world.ctx, { catalogue: community })),
    );
    expect(published.flat()).toEqual([]);
    expect(await versions()).toBe(before);
  });

  test("a changed plan gets its next version and Stripe a new price; the old version keeps its own", async () => {
    const before = await world.ctx.db.price.findFirstOrThrow({ where: { amountMinor: 10500 } });
    expect(await publishCatalogue(world.ctx, { catalogue: dearer })).toEqual(["pro-learn"]);
    await pushCatalogue(world.ctx);
    const { plans } = await getCatalogue(world.ctx);
    expect(plans.find((plan) => plan.slug === "pro-learn")).toMatchObject({
      version: 2,
      prices: [{ amountMinor: 12000 }],
    });
    expect(await world.ctx.db.price.findUniqueOrThrow({ where: { id: before.id } })).toEqual(before);
    const atStripe = await world.ctx.stripe.prices.list({ limit: 100 });
    expect(atStripe.data.map((price) => price.unit_amount).sort()).toEqual([10500, 12000, 5400]);
  });
});

test("what one process publishes another shows within a second or so, without being told", async () => {
  const elsewhere = { db: openDb(world.ctx.env.databaseUrl) };
  const priceOf = async () =>
    (await getCatalogue(elsewhere)).plans.find((plan) => plan.slug === "pro-learn")?.prices[0]?.amountMinor;
  const before = await priceOf();
  await publishCatalogue(world.ctx, { catalogue: before === 12000 ? community : dearer });
  await expect.poll(priceOf, { timeout: 3_000 }).toBe(before === 12000 ? 10500 : 12000);
  await publishCatalogue(world.ctx, { catalogue: dearer });
  await pushCatalogue(world.ctx);
  await elsewhere.db.$disconnect();
});

describe("pushing to Stripe", () => {
  test("twice makes nothing new", async () => {
    expect(await pushCatalogue(world.ctx)).toEqual({ products: 0, prices: 0 });
  });

  test("after a death between Stripe's answer and our record makes no second price", async () => {
    const count = async () => (await world.ctx.stripe.prices.list({ limit: 100 })).data.length;
    const before = await count();
    await world.ctx.db.$executeRaw`alter table prices disable trigger prices_immutable`;
    await world.ctx.db.price.updateMany({ data: { stripePriceId: null } });
    await world.ctx.db.$executeRaw`alter table prices enable trigger prices_immutable`;
    await pushCatalogue(world.ctx);
    expect(await count()).toBe(before);
    expect(await world.ctx.db.price.count({ where: { stripePriceId: null } })).toBe(0);
  });
});

test.each([
  ["plan_versions", "update plan_versions set name = 'x'"],
  ["allowances", "update allowances set amount = 1000000"],
  ["plan_features", "delete from plan_features"],
  ["prices", "update prices set amount_minor = 1"],
])("the database refuses to change what was published: %s", async (_table, sql) => {
  await expect(world.ctx.db.$executeRawUnsafe(sql)).rejects.toThrow(/append-only|immutable/);
});

describe("what is no longer in the catalogue", () => {
  test("is no longer on sale, and comes back when it is in it again", async () => {
    const without = { ...community, plans: community.plans.filter((plan) => plan.slug !== "pro-learn") };
    const slugs = async () => (await getCatalogue(world.ctx)).plans.map((plan) => plan.slug);
    await publishCatalogue(world.ctx, { catalogue: without });
    expect(await slugs()).toEqual(["explorer", "community-pro", "creator"]);
    await publishCatalogue(world.ctx, { catalogue: community });
    expect(await slugs()).toEqual(["explorer", "community-pro", "pro-learn", "creator"]);
  });

  test("is decided by the catalogue published last, even when others were before", async () => {
    const other = { ...community, key: "another", name: "Another" };
    await publishCatalogue(world.at("2026-03-11T00:00:00Z"), { catalogue: other });
    expect((await getCatalogue(world.ctx)).key).toBe("another");
    await publishCatalogue(world.at("2026-03-12T00:00:00Z"), { catalogue: community });
    expect((await getCatalogue(world.ctx)).key).toBe("community");
  });
});
