import { createHash } from "node:crypto";
import type { Context } from "@/lib/context";
import type { DbTransaction } from "@/lib/db/client";
import type { Catalogue, CataloguePlan } from "@/lib/domain/catalogue";
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
    const { key, name, currency, policy, words } = catalogue;
    const content = { name, currency, policy, words, publishedAt: ctx.now };
    await tx.catalogue.upsert({
      where: { key },
      create: { key, revision: 1, ...content },
      update: { revision: { increment: 1 }, ...content },
    });
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
      contentHash,
      publishedAt: now,
      prices: {
        create: plan.prices.map(
          ({ interval, intervalCount, amountMinor, currency = catalogue.currency }) => ({
            id: newId(),
            interval,
            intervalCount,
            amountMinor,
            currency,
            taxBehavior: catalogue.policy.taxBehavior,
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
      features: {
        create: Object.entries(plan.features).map(([featureKey, value]) => ({ featureKey, value })),
      },
    },
  });
  await tx.plan.update({ where: { id: planId }, data: { currentVersionId: id } });
  return true;
}

async function writeMetersAndFeatures(tx: DbTransaction, catalogue: Catalogue): Promise<void> {
  for (const [sortOrder, { key, ...meter }] of catalogue.meters.entries()) {
    await tx.meter.upsert({
      where: { key },
      create: { key, ...meter, sortOrder },
      update: { ...meter, sortOrder },
    });
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
  for (const [sortOrder, { slug, ...pack }] of catalogue.creditPacks.entries()) {
    const content = { ...pack, currency: catalogue.currency, sortOrder, active: true };
    await tx.creditPack.upsert({
      where: { slug },
      create: { id: newId(), slug, ...content },
      update: content,
    });
  }
}
