import { createHash } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import type { Context } from "@/lib/context";
import type { DbTransaction } from "@/lib/db/client";
import type { Catalogue, Overage } from "@/lib/domain/catalogue";
import { CatalogueSchema } from "@/lib/domain/catalogue-schema";
import { type NormalCatalogue, type NormalPlan, normalizeCatalogue } from "@/lib/domain/normalize-catalogue";
import { newId } from "@/lib/new-id";
import { exportCatalogue, NO_LONGER_LISTED } from "./export-catalogue";
import { forgetCatalogue } from "./get-catalogue";

/**
 * Writes a catalogue into the database. A plan whose content changed gets its next version; versions already
 * published stay as they are, and so do the customers on them. What is not in it is no longer on sale. Publishing
 * what is published already changes nothing, not even the revision.
 * @param input.catalogue parsed by `parseCatalogue`.
 * @returns the slugs of the plans that got a new version.
 */
export async function publishCatalogue(
  ctx: Pick<Context, "db" | "now">,
  { catalogue }: { catalogue: Catalogue },
): Promise<string[]> {
  const published = await ctx.db.$transaction((tx) => writeCatalogue(tx, catalogue, ctx.now));
  forgetCatalogue(ctx.db);
  return published;
}

/** What `publishCatalogue` does, within the caller's transaction; for whoever wants to see what would come of it. */
export async function writeCatalogue(tx: DbTransaction, catalogue: Catalogue, now: Date): Promise<string[]> {
  // Two publishers at once would both see version n and both make n+1: one waits.
  await tx.$executeRaw`lock table catalogue in share row exclusive mode`;
  const before = await findPublished(tx);
  const { key, plans, meters, features, creditPacks, priceBook, ...rest } = normalizeCatalogue(catalogue);
  await writeMetersAndFeatures(tx, { meters, features });
  const slugs: string[] = [];
  for (const [rank, plan] of plans.entries()) {
    if (await publishPlan(tx, key, plan, rank, now)) slugs.push(plan.slug);
  }
  await tx.plan.updateMany({
    where: { slug: { notIn: plans.map((plan) => plan.slug) } },
    data: { availability: "hidden" },
  });
  await writeCreditPacks(tx, { creditPacks, currency: rest.currency });
  const onSale = plans.filter(({ availability }) => availability !== "hidden");
  const content = { key, plans: onSale, meters, features, creditPacks, priceBook, ...rest };
  if (slugs.length === 0 && isDeepStrictEqual(before, content)) return [];

  const row = { ...rest, publishedAt: await afterAllOthers(tx, key, now) };
  await tx.catalogue.upsert({
    where: { key },
    create: { key, revision: 1, ...row },
    update: { revision: { increment: 1 }, ...row },
  });
  await publishPriceBook(tx, { key, priceBook }, now);
  return slugs;
}

/** The catalogue published last is the one on sale, also where business time stands still or began anew. */
async function afterAllOthers(tx: DbTransaction, key: string, now: Date): Promise<Date> {
  const last = await tx.catalogue.findFirst({
    where: { key: { not: key } },
    orderBy: { publishedAt: "desc" },
  });
  return last && last.publishedAt >= now ? new Date(last.publishedAt.getTime() + 1) : now;
}

/** Null when nothing is published, or what is was published under an older schema. */
async function findPublished(tx: DbTransaction): Promise<NormalCatalogue | null> {
  if ((await tx.catalogue.count()) === 0) return null;
  const published = CatalogueSchema.safeParse(await exportCatalogue({ db: tx }));
  return published.success ? normalizeCatalogue(published.data) : null;
}

async function publishPlan(
  tx: DbTransaction,
  catalogueKey: string,
  plan: NormalPlan,
  rank: number,
  now: Date,
): Promise<boolean> {
  const { slug, availability, name, tagline, trial, isPopular, billingModels, seats } = plan;
  const { id: planId, currentVersion } = await tx.plan.upsert({
    where: { slug },
    create: { id: newId(), slug, rank, availability },
    update: { rank, availability },
    include: { currentVersion: true },
  });
  const contentHash = hashOf(plan);
  if (currentVersion?.contentHash === contentHash) return false;

  const version = (currentVersion?.version ?? 0) + 1;
  const { id } = await tx.planVersion.create({
    data: {
      id: newId(),
      planId,
      version,
      name,
      tagline,
      trialDays: trial?.days ?? null,
      trialRequiresCard: trial?.requiresCard ?? true,
      isPopular,
      billingModels,
      seats,
      contentHash,
      publishedAt: now,
      prices: {
        create: plan.prices.map((price) => ({
          id: newId(),
          ...price,
          lookupKey: `${catalogueKey}_${slug}_v${version}_${price.intervalCount}${price.interval}_${price.currency}`,
        })),
      },
      allowances: { create: plan.allowances.map(({ meter, ...rest }) => ({ meterKey: meter, ...rest })) },
      overage: { create: plan.overage.flatMap(overageRows) },
      features: {
        create: Object.entries(plan.features).map(([featureKey, value]) => ({ featureKey, value })),
      },
    },
  });
  await tx.plan.update({ where: { id: planId }, data: { currentVersionId: id } });
  return true;
}

/** Of what a version holds. Who may buy the plan and how it ranks stand on the plan itself, and make no version. */
function hashOf({ slug: _slug, availability: _availability, ...content }: NormalPlan): string {
  return createHash("sha256").update(JSON.stringify(content)).digest("hex");
}

/** Each tier begins with the unit after the last of the one before. */
function overageRows({ meter, tiers }: Overage) {
  return tiers.map(({ unitAmountMinor }, index) => ({
    meterKey: meter,
    fromUnit: (tiers[index - 1]?.upTo ?? 0) + 1,
    unitAmountMinor,
  }));
}

async function publishPriceBook(
  tx: DbTransaction,
  { key, priceBook }: Pick<Catalogue, "key" | "priceBook">,
  now: Date,
): Promise<void> {
  const latest = await tx.priceBook.findFirst({
    where: { catalogueKey: key },
    orderBy: { version: "desc" },
  });
  if (latest && isDeepStrictEqual(latest.content, priceBook)) return;
  const version = (latest?.version ?? 0) + 1;
  await tx.priceBook.create({ data: { catalogueKey: key, version, content: priceBook, publishedAt: now } });
}

/** Meters and features stay for those whose plan version names them, after those that are listed. */
async function writeMetersAndFeatures(
  tx: DbTransaction,
  { meters, features }: Pick<Catalogue, "meters" | "features">,
): Promise<void> {
  for (const [sortOrder, meter] of meters.entries()) {
    const { key, name, unit, kind, measuredBy = "call", creditsPerUnit = null } = meter;
    const content = { name, unit, kind, measuredBy, creditsPerUnit, sortOrder };
    await tx.meter.upsert({ where: { key }, create: { key, ...content }, update: content });
  }
  for (const [sortOrder, { key, name }] of features.entries()) {
    await tx.feature.upsert({
      where: { key },
      create: { key, name, sortOrder },
      update: { name, sortOrder },
    });
  }
  const notIn = (entries: { key: string }[]) => ({ key: { notIn: entries.map(({ key }) => key) } });
  await tx.meter.updateMany({ where: notIn(meters), data: { sortOrder: NO_LONGER_LISTED } });
  await tx.feature.updateMany({ where: notIn(features), data: { sortOrder: NO_LONGER_LISTED } });
}

async function writeCreditPacks(
  tx: DbTransaction,
  { creditPacks, currency }: Pick<Catalogue, "creditPacks" | "currency">,
): Promise<void> {
  await tx.creditPack.updateMany({
    where: { slug: { notIn: creditPacks.map((pack) => pack.slug) } },
    data: { active: false },
  });
  for (const [sortOrder, { slug, name, credits, amountMinor }] of creditPacks.entries()) {
    const content = { name, credits, amountMinor, currency, sortOrder, active: true };
    await tx.creditPack.upsert({
      where: { slug },
      create: { id: newId(), slug, ...content },
      update: content,
    });
  }
}
