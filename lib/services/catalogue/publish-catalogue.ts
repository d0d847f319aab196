import { createHash } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import type { Context } from "@/lib/context";
import type { DbTransaction } from "@/lib/db/client";
import type { Catalogue, CataloguePlan, Overage } from "@/lib/domain/catalogue";
import { newId } from "@/lib/new-id";
import { forgetCatalogue } from "./get-catalogue";

/**
 * Writes a catalogue into the database. A plan whose content changed gets its next version; versions already
 * published stay as they are, and so do the customers on them. What is not in it is no longer on sale. Publishing the same again changes nothing.
 * @param input.catalogue parsed by `parseCatalogue`.
 * @returns the slugs of the plans that got a new version.
 */
export async function publishCatalogue(
  ctx: Pick<Context, "db" | "now">,
  { catalogue }: { catalogue: Catalogue },
): Promise<string[]> {
  const published = await ctx.db.$transaction(async (tx) => {
    // Two publishers at once would both see version n and both make n+1: one waits.
    await tx.$executeRaw`lock table catalogue in share row exclusive mode`;
    await writeMetersAndFeatures(tx, catalogue);
    const slugs: string[] = [];
    for (const [rank, plan] of catalogue.plans.entries()) {
      if (await publishPlan(tx, catalogue, plan, rank, ctx.now)) slugs.push(plan.slug);
    }
    await tx.plan.updateMany({
      where: { slug: { notIn: catalogue.plans.map((plan) => plan.slug) } },
      data: { availability: "hidden" },
    });
    await writeCreditPacks(tx, catalogue);
    const { key, name, currency, customerType, playground, policy, words } = catalogue;
    const content = { name, currency, customerType, playground, policy, words, publishedAt: ctx.now };
    await tx.catalogue.upsert({
      where: { key },
      create: { key, revision: 1, ...content },
      update: { revision: { increment: 1 }, ...content },
    });
    await publishPriceBook(tx, catalogue, ctx.now);
    return slugs;
  });
  forgetCatalogue(ctx.db);
  return published;
}

async function publishPlan(
  tx: DbTransaction,
  catalogue: Catalogue,
  plan: CataloguePlan,
  rank: number,
  now: Date,
): Promise<boolean> {
  const { id: planId, currentVersion } = await tx.plan.upsert({
    where: { slug: plan.slug },
    create: { id: newId(), slug: plan.slug, rank, availability: plan.availability },
    update: { rank, availability: plan.availability },
    include: { currentVersion: true },
  });
  const contentHash = createHash("sha256")
    .update(JSON.stringify([plan, catalogue.currency, catalogue.policy.taxBehavior]))
    .digest("hex");
  if (currentVersion?.contentHash === contentHash) return false;

  const version = (currentVersion?.version ?? 0) + 1;
  const { id } = await tx.planVersion.create({
    data: {
      id: newId(),
      planId,
      version,
      name: plan.name,
      tagline: plan.tagline,
      trialDays: plan.trial?.days ?? null,
      trialRequiresCard: plan.trial?.requiresCard ?? true,
      isPopular: plan.isPopular ?? false,
      billingModels: plan.billingModels ?? ["fixed_fee"],
      seats: plan.seats === undefined ? 1 : plan.seats,
      contentHash,
      publishedAt: now,
      prices: {
        create: plan.prices.map(
          ({
            interval,
            intervalCount,
            amountMinor,
            currency = catalogue.currency,
            taxBehavior = catalogue.policy.taxBehavior,
          }) => ({
            id: newId(),
            interval,
            intervalCount,
            amountMinor,
            currency,
            taxBehavior,
            lookupKey: `${catalogue.key}_${plan.slug}_v${version}_${intervalCount}${interval}_${currency}`,
          }),
        ),
      },
      allowances: {
        create: plan.allowances.map(({ meter, window, amount, beyond }) => ({
          meterKey: meter,
          window,
          amount,
          beyond,
        })),
      },
      overage: { create: (plan.overage ?? []).flatMap(overageRows) },
      features: {
        create: Object.entries(plan.features).map(([featureKey, value]) => ({ featureKey, value })),
      },
    },
  });
  await tx.plan.update({ where: { id: planId }, data: { currentVersionId: id } });
  return true;
}

/** Each tier begins with the unit after the last of the one before. */
function overageRows({ meter, tiers }: Overage) {
  return tiers.map(({ unitAmountMinor }, index) => ({
    meterKey: meter,
    fromUnit: (tiers[index - 1]?.upTo ?? 0) + 1,
    unitAmountMinor,
  }));
}

async function publishPriceBook(tx: DbTransaction, { key, priceBook }: Catalogue, now: Date): Promise<void> {
  const latest = await tx.priceBook.findFirst({
    where: { catalogueKey: key },
    orderBy: { version: "desc" },
  });
  if (latest && isDeepStrictEqual(latest.content, priceBook)) return;
  const version = (latest?.version ?? 0) + 1;
  await tx.priceBook.create({ data: { catalogueKey: key, version, content: priceBook, publishedAt: now } });
}

async function writeMetersAndFeatures(tx: DbTransaction, catalogue: Catalogue): Promise<void> {
  for (const [sortOrder, meter] of catalogue.meters.entries()) {
    const { key, name, unit, kind, measuredBy = "call", creditsPerUnit = null } = meter;
    const content = { name, unit, kind, measuredBy, creditsPerUnit, sortOrder };
    await tx.meter.upsert({ where: { key }, create: { key, ...content }, update: content });
  }
  for (const [sortOrder, { key, name }] of catalogue.features.entries()) {
    await tx.feature.upsert({
      where: { key },
      create: { key, name, sortOrder },
      update: { name, sortOrder },
    });
  }
}

async function writeCreditPacks(tx: DbTransaction, catalogue: Catalogue): Promise<void> {
  await tx.creditPack.updateMany({
    where: { slug: { notIn: catalogue.creditPacks.map((pack) => pack.slug) } },
    data: { active: false },
  });
  for (const [sortOrder, { slug, name, credits, amountMinor }] of catalogue.creditPacks.entries()) {
    const content = { name, credits, amountMinor, currency: catalogue.currency, sortOrder, active: true };
    await tx.creditPack.upsert({
      where: { slug },
      create: { id: newId(), slug, ...content },
      update: content,
    });
  }
}
