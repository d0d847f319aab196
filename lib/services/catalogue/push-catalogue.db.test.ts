import fc from "fast-check";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { community } from "@/catalogues/community";
import { readPreset } from "@/catalogues/read-preset";
import type { Catalogue, CataloguePlan } from "@/lib/domain/catalogue";
import { catalogueEdits, edited } from "@/local/testing/catalogue-edits";
import { openTestWorld, type TestWorld } from "@/local/testing/test-context";
import { compareWithStripe } from "./compare-with-stripe";
import { previewPush } from "./preview-push";
import { publishCatalogue } from "./publish-catalogue";
import { pushCatalogue } from "./push-catalogue";

let world: TestWorld;
beforeAll(async () => {
  world = await openTestWorld();
});
beforeEach(async () => {
  await publishCatalogue(world.ctx, { catalogue: community });
  await pushCatalogue(world.ctx);
});
afterAll(() => world.close());

const NOTHING_DONE = { products: 0, prices: 0, updates: 0, problems: [] };
const withPro = (change: Partial<CataloguePlan>): Catalogue => ({
  ...community,
  plans: community.plans.map((plan) => (plan.slug === "community-pro" ? { ...plan, ...change } : plan)),
});
const costing = (amountMinor: number) =>
  withPro({ prices: [{ interval: "month", intervalCount: 3, amountMinor }] });
const COMMUNITY_PRO = readPreset("community").plans.find(
  ({ slug }) => slug === "community-pro",
) as CataloguePlan; // it is there
const wordsOf = (changes: { words: string }[]) => changes.map(({ words }) => words);

async function proPrice() {
  const plan = await world.ctx.db.plan.findUniqueOrThrow({
    where: { slug: "community-pro" },
    include: { currentVersion: { include: { prices: true } } },
  });
  const [price] = plan.currentVersion?.prices ?? [];
  if (!price?.stripePriceId || !plan.stripeProductId) throw new Error("Community Pro is not at Stripe");
  return { ...price, stripePriceId: price.stripePriceId, product: plan.stripeProductId };
}

/** All prices and products there, as far as they are ours to say. */
async function atStripe() {
  const prices = await world.ctx.stripe.prices.list({ limit: 100 }).autoPagingToArray({ limit: 1_000 });
  const products = await world.ctx.stripe.products.list({ limit: 100 }).autoPagingToArray({ limit: 1_000 });
  return { prices, products };
}

/** Stripe sells exactly what is sold here, at the same terms; nothing was made twice. */
async function expectInStep() {
  const { prices, products } = await atStripe();
  const rows = await world.ctx.db.price.findMany({
    where: { planVersion: { currentOf: { availability: { not: "hidden" } } } },
  });
  const terms = prices
    .filter(({ active }) => active)
    .map((price) => [price.id, price.metadata.price_id, price.lookup_key, price.unit_amount, price.currency]);
  expect(terms.sort()).toEqual(
    rows.map((row) => [row.stripePriceId, row.id, row.lookupKey, row.amountMinor, row.currency]).sort(),
  );
  const made = prices.map(({ metadata }) => metadata.price_id);
  expect(new Set(made).size).toBe(made.length);
  const slugs = products.map(({ metadata }) => metadata.plan);
  expect(new Set(slugs).size).toBe(slugs.length);
}

describe("pushing to Stripe", () => {
  test("twice changes nothing, however often the catalogue was published before", async () => {
    await fc.assert(
      fc.asyncProperty(fc.constantFrom("community", "ticketing"), catalogueEdits(4), async (key, edits) => {
        await publishCatalogue(world.ctx, { catalogue: edited(readPreset(key), edits) });
        await pushCatalogue(world.ctx);
        await expectInStep();
        const before = await atStripe();
        expect(await pushCatalogue(world.ctx)).toEqual(NOTHING_DONE);
        expect(await atStripe()).toEqual(before);
      }),
      { numRuns: 12 },
    );
  });

  test("archives the price of before, and whoever has it keeps it", async () => {
    const old = await proPrice();
    const { id: customer } = await world.ctx.stripe.customers.create({ name: "Keeper" });
    const { id } = await world.ctx.stripe.subscriptions.create({
      customer,
      items: [{ price: old.stripePriceId }],
      collection_method: "send_invoice",
      days_until_due: 7,
    });
    await publishCatalogue(world.ctx, { catalogue: costing(6_600) });
    expect(await pushCatalogue(world.ctx)).toMatchObject({ prices: 1, updates: 1 });
    expect(await world.ctx.stripe.prices.retrieve(old.stripePriceId)).toMatchObject({ active: false });
    const { status, items } = await world.ctx.stripe.subscriptions.retrieve(id);
    expect([status, items.data[0]?.price.id]).toEqual(["active", old.stripePriceId]);
  });

  test("what goes off sale is archived, and active again when it is back", async () => {
    const { stripePriceId } = await proPrice();
    await publishCatalogue(world.ctx, { catalogue: withPro({ availability: "hidden" }) });
    await pushCatalogue(world.ctx);
    expect(await world.ctx.stripe.prices.retrieve(stripePriceId)).toMatchObject({ active: false });
    await publishCatalogue(world.ctx, { catalogue: community });
    await pushCatalogue(world.ctx);
    expect(await world.ctx.stripe.prices.retrieve(stripePriceId)).toMatchObject({ active: true });
  });

  test("the product takes its plan's new name and tagline", async () => {
    const { product } = await proPrice();
    await publishCatalogue(world.ctx, { catalogue: withPro({ name: "Pro", tagline: "All of it." }) });
    await pushCatalogue(world.ctx);
    expect(await world.ctx.stripe.products.retrieve(product)).toMatchObject({
      name: "Pro",
      description: "All of it.",
    });
  });

  test("five at once make each price once, and all of them end well", async () => {
    await publishCatalogue(world.ctx, { catalogue: costing(9_900) });
    await Promise.all([1, 2, 3, 4, 5].map(() => pushCatalogue(world.ctx)));
    await expectInStep();
  });

  test("five at once, while others publish, end with Stripe and us in step", async () => {
    const pushes = [1, 2, 3, 4, 5].map(async (step) => {
      await publishCatalogue(world.ctx, { catalogue: costing(step * 1_000) });
      await pushCatalogue(world.ctx);
    });
    await Promise.allSettled(pushes);
    await pushCatalogue(world.ctx);
    await expectInStep();
  });
});

describe("what was changed in Stripe's dashboard is named, and put right by a push", () => {
  test.each<[string, (price: Awaited<ReturnType<typeof proPrice>>) => Promise<unknown>, RegExp]>([
    [
      "a price archived",
      ({ stripePriceId }) => world.ctx.stripe.prices.update(stripePriceId, { active: false }),
      /the price of \$54 per quarter: make it active again, which is archived at Stripe/,
    ],
    [
      "a lookup key edited",
      ({ stripePriceId }) => world.ctx.stripe.prices.update(stripePriceId, { lookup_key: "mine" }),
      /give it back its lookup key, which is "mine" at Stripe/,
    ],
    [
      "a lookup key edited on an archived price",
      ({ stripePriceId }) =>
        world.ctx.stripe.prices.update(stripePriceId, { lookup_key: "m", active: false }),
      /active again, which is archived at Stripe; give it back its lookup key/,
    ],
    [
      "metadata taken away",
      ({ stripePriceId }) => world.ctx.stripe.prices.update(stripePriceId, { metadata: { price_id: "" } }),
      /give it back its metadata/,
    ],
    [
      "a product renamed",
      ({ product }) => world.ctx.stripe.products.update(product, { name: "Mine" }),
      /give the product its name, which is "Mine" at Stripe/,
    ],
    [
      "a product archived and rewritten",
      ({ product }) => world.ctx.stripe.products.update(product, { active: false, description: "Mine" }),
      /make the product active again, which is archived at Stripe; give the product its description/,
    ],
  ])("%s, twice over", async (_, change, expected) => {
    for (let time = 0; time < 2; time += 1) {
      await change(await proPrice());
      const changes = await compareWithStripe(world.ctx);
      expect(wordsOf(changes)).toEqual([expect.stringMatching(expected)]);
      expect(changes[0]?.path).toMatch(/^plans\.community-pro\.(product|prices\.3month_usd)$/);
      expect(await pushCatalogue(world.ctx)).toEqual({ ...NOTHING_DONE, updates: 1 });
      expect(await compareWithStripe(world.ctx)).toEqual([]);
      await expectInStep();
    }
  });
});

test("a price that is another one at Stripe is named, as no push can change it", async () => {
  const row = await proPrice();
  const other = await world.ctx.stripe.prices.create({
    product: row.product,
    currency: "usd",
    unit_amount: 999,
    recurring: { interval: "month", interval_count: 3 },
    metadata: { price_id: row.id },
  });
  const setStripeId = async (stripePriceId: string) => {
    await world.ctx.db.$executeRaw`alter table prices disable trigger prices_immutable`;
    await world.ctx.db.price.update({ where: { id: row.id }, data: { stripePriceId } });
    await world.ctx.db.$executeRaw`alter table prices enable trigger prices_immutable`;
  };
  for (const [id, words] of [
    [other.id, /is 999 usd \(minor units\) every 3 month at Stripe, for good: publish a change of this plan/],
    ["price_of_another_account", /is not at this Stripe account/],
  ] as const) {
    await setStripeId(id);
    const { problems } = await pushCatalogue(world.ctx);
    expect(wordsOf(problems)).toEqual([expect.stringMatching(words)]);
  }
  await setStripeId(row.stripePriceId);
  await world.ctx.stripe.prices.update(other.id, { active: false, metadata: { price_id: "" } });
});

test("a dry run changes nothing, here or there, and says what the push then says", async () => {
  const catalogue = costing(8_800);
  const everything = async () => ({
    stripe: await atStripe(),
    versions: await world.ctx.db.planVersion.findMany(),
    catalogue: await world.ctx.db.catalogue.findMany(),
    commands: await world.ctx.db.stripeCommand.count(),
  });
  const before = await everything();
  const foreseen = await previewPush(world.ctx, { catalogue });
  expect(foreseen.length).toBeGreaterThan(1);
  expect(await everything()).toEqual(before);
  await publishCatalogue(world.ctx, { catalogue });
  const done: string[] = [];
  await pushCatalogue(world.ctx, { onChange: ({ words }) => done.push(words) });
  expect(done).toEqual(wordsOf(foreseen));
});

describe("a push that dies is pushed again, and ends as if it had not", () => {
  test.each(["before", "after"] as const)("right %s each of its writes", async (moment) => {
    let write = 1;
    for (let hasDied = true; hasDied; write += 1) {
      const extra = { ...COMMUNITY_PRO, slug: `extra-${moment}-${write}`, isPopular: false };
      const { plans, ...rest } = costing(10_000 + write);
      await publishCatalogue(world.ctx, { catalogue: { ...rest, plans: [...plans, extra] } });
      hasDied = await diesWhilePushing(write, moment);
      expect(await pushCatalogue(world.ctx)).toMatchObject({ problems: [] });
      await expectInStep();
      expect(await pushCatalogue(world.ctx)).toEqual(NOTHING_DONE);
    }
    // A product, two prices, and the archiving of two: each was one to die at.
    expect(write).toBeGreaterThan(5);
  });
});

test("a default price is archived once another has taken its place, and named where none can", async () => {
  const dearPlan = (amountMinor: number): CataloguePlan => ({
    ...COMMUNITY_PRO,
    slug: "defaulted",
    isPopular: false,
    prices: [{ interval: "month", intervalCount: 1, amountMinor }],
  });
  const sell = async (...plans: CataloguePlan[]) => {
    await publishCatalogue(world.ctx, { catalogue: { ...community, plans: [...community.plans, ...plans] } });
    return pushCatalogue(world.ctx);
  };
  await sell(dearPlan(100));
  const { stripeProductId } = await world.ctx.db.plan.findUniqueOrThrow({ where: { slug: "defaulted" } });
  const product = stripeProductId ?? "";
  const { data } = await world.ctx.stripe.prices.list({ product });
  await world.ctx.stripe.products.update(product, { default_price: data[0]?.id ?? "" });
  expect(await sell(dearPlan(200))).toMatchObject({ prices: 1, updates: 1, problems: [] });
  await expectInStep();
  const { problems } = await sell();
  expect(wordsOf(problems)).toEqual([
    expect.stringMatching(/\$2 per month: cannot be archived while it is the product's default price/),
  ]);
});

/** Pushes, and dies at a write to Stripe: nothing after it ever runs. False when the push ended before that. */
async function diesWhilePushing(write: number, moment: "before" | "after"): Promise<boolean> {
  let writes = 0;
  let die: (death: true) => void;
  const death = new Promise<true>((resolve) => {
    die = resolve;
  });
  const dying = <Target extends object>(target: Target): Target =>
    new Proxy(target, {
      get(from, name) {
        const member: unknown = Reflect.get(from, name);
        if (name === "products" || name === "prices") return dying(member as object); // both are objects of the SDK
        if (name !== "create" && name !== "update") return member;
        return async (...args: unknown[]) => {
          writes += 1;
          const isLast = writes === write;
          // What is called is a method of the SDK, with the arguments it was called with.
          const call = () => Reflect.apply(member as (...args: unknown[]) => Promise<unknown>, from, args);
          const answer = isLast && moment === "before" ? undefined : await call();
          if (!isLast) return answer;
          die(true);
          return new Promise(() => {});
        };
      },
    });
  const push = pushCatalogue({ ...world.ctx, stripe: dying(world.ctx.stripe) });
  return Promise.race([death, push.then(() => false)]);
}
