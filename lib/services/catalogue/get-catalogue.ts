import { AppError } from "@/lib/app-error";
import type { Context } from "@/lib/context";
import { toSafeNumber } from "@/lib/db/safe-number";
import type { CataloguePolicy, CatalogueWords, PlanTerms } from "@/lib/domain/catalogue";
import { PLAN_VERSION_INCLUDE, toPlanTerms } from "./plan-terms";

export type MeterTerms = { key: string; name: string; unit: string; kind: "counter" | "gauge" };
export type CreditPackTerms = {
  slug: string;
  name: string;
  credits: number;
  currency: string;
  amountMinor: number;
};

/** What is on sale now. */
export type CatalogueOnSale = {
  key: string;
  name: string;
  currency: string;
  policy: CataloguePolicy;
  words: CatalogueWords;
  meters: MeterTerms[];
  features: { key: string; name: string }[];
  /** The current version of each plan that may be seen, from the lowest to the highest. The first is the free plan. */
  plans: PlanTerms[];
  creditPacks: CreditPackTerms[];
};

/**
 * The catalogue as the database has it: the one published last.
 * @throws AppError `not_configured` before one was published.
 */
export async function getCatalogue(ctx: Pick<Context, "db">): Promise<CatalogueOnSale> {
  const [catalogue, meters, features, plans, creditPacks] = await Promise.all([
    ctx.db.catalogue.findFirst({ orderBy: { publishedAt: "desc" } }),
    ctx.db.meter.findMany({ orderBy: { sortOrder: "asc" } }),
    ctx.db.feature.findMany({ orderBy: { sortOrder: "asc" } }),
    ctx.db.plan.findMany({
      where: { availability: { not: "hidden" }, currentVersionId: { not: null } },
      include: { currentVersion: { include: PLAN_VERSION_INCLUDE } },
      orderBy: { rank: "asc" },
    }),
    ctx.db.creditPack.findMany({ where: { active: true }, orderBy: { sortOrder: "asc" } }),
  ]);
  if (!catalogue)
    throw new AppError("not_configured", "Nothing is on sale yet: no catalogue has been published.");
  return {
    key: catalogue.key,
    name: catalogue.name,
    currency: catalogue.currency,
    // Both were parsed by CatalogueSchema before they were written.
    policy: catalogue.policy as CataloguePolicy,
    words: catalogue.words as CatalogueWords,
    meters: meters.map(({ key, name, unit, kind }) => ({ key, name, unit, kind })),
    features: features.map(({ key, name }) => ({ key, name })),
    plans: plans.flatMap(({ currentVersion }) => (currentVersion ? [toPlanTerms(currentVersion)] : [])),
    creditPacks: creditPacks.map(({ slug, name, credits, currency, amountMinor }) => ({
      slug,
      name,
      credits: toSafeNumber(credits),
      currency,
      amountMinor,
    })),
  };
}
