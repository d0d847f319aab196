import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { community } from "@/catalogues/community";
import { readPreset } from "@/catalogues/read-preset";
import { openDb } from "@/lib/db/client";
import type { Catalogue, CataloguePlan } from "@/lib/domain/catalogue";
import { catalogueEdits, edited } from "@/local/testing/catalogue-edits";
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

describe("a version is made by what it promises, not by how the file says it", () => {
  const withPro = (change: (plan: CataloguePlan) => CataloguePlan): Catalogue => ({
    ...dearer,
    plans: dearer.plans.map((plan) => (plan.slug === "pro-learn" ? change(plan) : plan)),
  });

  test.each<[string, (plan: CataloguePlan) => CataloguePlan]>([
    ["a default said", (plan) => ({ ...plan, seats: 1, isPopular: false, overage: [] })],
    ["another order", (plan) => ({ ...plan, allowances: plan.allowances.toReversed() })],
    ["a mark", (plan) => ({ ...plan, source: "ours" })],
  ])("%s changes nothing", async (_, change) => {
    const before = await world.ctx.db.catalogue.findMany();
    expect(await publishCatalogue(world.ctx, { catalogue: withPro(change) })).toEqual([]);
    expect(await world.ctx.db.catalogue.findMany()).toEqual(before);
  });

  test("who may buy it and how it ranks make no version, and are published all the same", async () => {
    const before = await versions();
    const invite = withPro((plan) => ({ ...plan, availability: "invite" }));
    const [free, ...others] = invite.plans;
    const reversed = { ...invite, plans: [...(free ? [free] : []), ...others.reverse()] };
    expect(await publishCatalogue(world.ctx, { catalogue: reversed })).toEqual([]);
    const { plans } = await getCatalogue(world.ctx);
    expect(plans.map(({ slug, availability }) => [slug, availability])).toEqual([
      ["explorer", "public"],
      ["creator", "invite"],
      ["pro-learn", "invite"],
      ["community-pro", "public"],
    ]);
    expect(await versions()).toBe(before);
    await publishCatalogue(world.ctx, { catalogue: dearer });
  });

  test("a policy alone is published without a version", async () => {
    const before = await world.ctx.db.catalogue.findUniqueOrThrow({ where: { key: "community" } });
    const policy = { ...dearer.policy, graceDays: 3 };
    expect(await publishCatalogue(world.ctx, { catalogue: { ...dearer, policy } })).toEqual([]);
    expect((await getCatalogue(world.ctx)).policy.graceDays).toBe(3);
    await publishCatalogue(world.ctx, { catalogue: dearer });
    const after = await world.ctx.db.catalogue.findUniqueOrThrow({ where: { key: "community" } });
    expect(after.revision).toBe(before.revision + 2);
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

test("whatever is published after it, a version keeps its prices, allowances and features (S0-32)", async () => {
  const everything = async () => ({
    versions: await world.ctx.db.planVersion.findMany({ orderBy: { id: "asc" } }),
    prices: await world.ctx.db.price.findMany({ orderBy: { id: "asc" }, omit: { stripePriceId: true } }),
    allowances: await world.ctx.db.allowance.findMany(),
    overage: await world.ctx.db.overageTier.findMany(),
    features: await world.ctx.db.planFeature.findMany(),
  });
  let before = await everything();
  await fc.assert(
    fc.asyncProperty(fc.constantFrom("community", "ticketing"), catalogueEdits(4), async (key, edits) => {
      const catalogue = edited(readPreset(key), edits);
      await publishCatalogue(world.ctx, { catalogue });
      const after = await everything();
      for (const table of ["versions", "prices", "allowances", "overage", "features"] as const)
        expect(after[table]).toEqual(expect.arrayContaining<unknown>(before[table]));
      expect(await publishCatalogue(world.ctx, { catalogue })).toEqual([]);
      expect(await everything()).toEqual(after);
      before = after;
    }),
    { numRuns: 20 },
  );
});
