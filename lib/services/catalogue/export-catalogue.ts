import { AppError } from "@/lib/app-error";
import type { DbTransaction } from "@/lib/db/client";
import type { Catalogue as CatalogueRow } from "@/lib/db/generated/client";
import { toSafeNumber } from "@/lib/db/safe-number";
import type {
  Catalogue,
  CataloguePlan,
  CataloguePolicy,
  CatalogueWords,
  PlaygroundOffer,
  PriceBook,
} from "@/lib/domain/catalogue";
import { PLAN_VERSION_INCLUDE, type PlanVersionRow, toPlanTerms } from "./plan-terms";

/**
 * The sort order of a meter or feature that the catalogue no longer has: it stays, after all others, for those whose
 * plan version still names it.
 */
export const NO_LONGER_LISTED = 2_147_483_647;

/**
 * What is published now, as a file would say it: `parseCatalogue` accepts it, and publishing it again changes nothing.
 * What is not on sale is left out, and so is what goes without saying: a price's currency where it is the catalogue's,
 * one seat, paying by a fee.
 * @throws AppError `not_configured` before a catalogue was published.
 */
export async function exportCatalogue({ db }: { db: DbTransaction }): Promise<Catalogue> {
  const catalogue = await db.catalogue.findFirst({ orderBy: { publishedAt: "desc" } });
  if (!catalogue)
    throw new AppError("not_configured", "Nothing is on sale yet: no catalogue has been published.");
  const isListed = { sortOrder: { lt: NO_LONGER_LISTED } };
  const meters = await db.meter.findMany({ where: isListed, orderBy: { sortOrder: "asc" } });
  const features = await db.feature.findMany({ where: isListed, orderBy: { sortOrder: "asc" } });
  const versions = await readVersionsOnSale(db);
  const creditPacks = await db.creditPack.findMany({
    where: { active: true },
    orderBy: { sortOrder: "asc" },
  });
  const priceBook = await db.priceBook.findFirst({
    where: { catalogueKey: catalogue.key },
    orderBy: { version: "desc" },
  });
  // What is JSON here was parsed by CatalogueSchema before it was written.
  const policy = catalogue.policy as CataloguePolicy;
  const order = { meters: meters.map(({ key }) => key), features: features.map(({ key }) => key) };
  return {
    key: catalogue.key,
    name: catalogue.name,
    currency: catalogue.currency,
    customerType: catalogue.customerType,
    meters: meters.map(({ key, name, unit, kind, measuredBy, creditsPerUnit }) => ({
      key,
      name,
      unit,
      kind,
      ...(measuredBy === "call" ? {} : { measuredBy }),
      ...(creditsPerUnit === null ? {} : { creditsPerUnit }),
    })),
    features: features.map(({ key, name }) => ({ key, name })),
    plans: versions.map((version) => exportPlan(version, catalogue, policy, order)),
    creditPacks: creditPacks.map(({ slug, name, credits, amountMinor }) => ({
      slug,
      name,
      credits: toSafeNumber(credits),
      amountMinor,
    })),
    priceBook: (priceBook?.content as PriceBook | undefined) ?? { models: [], typicalCall: null },
    playground: (catalogue.playground as PlaygroundOffer | null) ?? { chat: null, actions: [] },
    policy,
    words: catalogue.words as CatalogueWords,
  };
}

/** One query after the other: within a transaction there is one connection, and an `include` of several asks at once. */
async function readVersionsOnSale(db: DbTransaction): Promise<PlanVersionRow[]> {
  const plans = await db.plan.findMany({
    where: { availability: { not: "hidden" } },
    include: { currentVersion: true },
    orderBy: { rank: "asc" },
  });
  // By their ids: what these versions hold never changes, whatever is published meanwhile.
  const where = { planVersionId: { in: plans.flatMap(({ currentVersionId }) => currentVersionId ?? []) } };
  const { prices: byPrice, overage: byOverage } = PLAN_VERSION_INCLUDE;
  const prices = await db.price.findMany({ where, ...byPrice });
  const allowances = await db.allowance.findMany({ where });
  const overage = await db.overageTier.findMany({ where, ...byOverage });
  const features = await db.planFeature.findMany({ where });
  return plans.flatMap(({ currentVersion, ...plan }) => {
    if (!currentVersion) return [];
    const ofVersion = (row: { planVersionId: string }) => row.planVersionId === currentVersion.id;
    return [
      {
        ...currentVersion,
        plan,
        prices: prices.filter(ofVersion),
        allowances: allowances.filter(ofVersion),
        overage: overage.filter(ofVersion),
        features: features.filter(ofVersion),
      },
    ];
  });
}

/** @param order the keys of the catalogue's meters and features, in the order they are shown in */
function exportPlan(
  row: PlanVersionRow,
  catalogue: CatalogueRow,
  policy: CataloguePolicy,
  order: { meters: string[]; features: string[] },
): CataloguePlan {
  const terms = toPlanTerms(row);
  const { slug, name, tagline, availability, isPopular, billingModels, seats, trial } = terms;
  const byMeter = (a: { meter: string }, b: { meter: string }) =>
    order.meters.indexOf(a.meter) - order.meters.indexOf(b.meter);
  return {
    slug,
    name,
    tagline,
    availability,
    ...(isPopular ? { isPopular } : {}),
    ...(trial ? { trial } : {}),
    prices: row.prices.map(({ interval, intervalCount, amountMinor, currency, taxBehavior }) => ({
      interval,
      intervalCount,
      amountMinor,
      ...(currency === catalogue.currency ? {} : { currency }),
      ...(taxBehavior === policy.taxBehavior
        ? {}
        : { taxBehavior: taxBehavior as CataloguePolicy["taxBehavior"] }), // one of the schema's three
    })),
    ...(billingModels.length === 1 && billingModels[0] === "fixed_fee" ? {} : { billingModels }),
    ...(seats === 1 ? {} : { seats }),
    allowances: terms.allowances.toSorted(byMeter),
    ...(terms.overage.length === 0 ? {} : { overage: terms.overage.toSorted(byMeter) }),
    features: Object.fromEntries(
      order.features.flatMap((key) => {
        const value = terms.features[key];
        return value === undefined ? [] : [[key, value]];
      }),
    ),
  };
}
