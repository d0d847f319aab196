import { AppError } from "@/lib/app-error";
import type { Context } from "@/lib/context";
import type { Db } from "@/lib/db/client";
import type { Catalogue as CatalogueRow } from "@/lib/db/generated/client";
import { toSafeNumber } from "@/lib/db/safe-number";
import type {
  CataloguePolicy,
  CatalogueWords,
  MeasuredBy,
  PlanTerms,
  PlaygroundOffer,
  PriceBook,
} from "@/lib/domain/catalogue";
import { NO_LONGER_LISTED } from "./export-catalogue";
import { PLAN_VERSION_INCLUDE, toPlanTerms } from "./plan-terms";

export type MeterTerms = {
  key: string;
  name: string;
  unit: string;
  kind: "counter" | "gauge";
  measuredBy: MeasuredBy;
  /** What a unit beyond the allowance costs; null = it is not paid by credits. */
  creditsPerUnit: number | null;
  /** Not so for one that the catalogue had before: it counts on for those whose plan version names it. */
  isListed: boolean;
};
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
  /** Grows with every publish. */
  revision: number;
  name: string;
  currency: string;
  customerType: "personal" | "group";
  playground: PlaygroundOffer;
  priceBook: PriceBook & { version: number };
  policy: CataloguePolicy;
  words: CatalogueWords;
  meters: MeterTerms[];
  features: { key: string; name: string }[];
  /** The current version of each plan that may be seen, from the lowest to the highest. The first is the free plan. */
  plans: PlanTerms[];
  creditPacks: CreditPackTerms[];
};

/** For how long the revision read last is taken for the current one: a publish shows within this everywhere. */
const LOOK_AGAIN_AFTER_MS = 1_000;

type KeptCatalogue = { revision: string; lookedAt: number; catalogue: CatalogueOnSale };
const kept = new WeakMap<Db, KeptCatalogue>();
/** The look under way, which whoever asks meanwhile waits for too. */
const looks = new WeakMap<Db, Promise<CatalogueOnSale>>();

/**
 * The catalogue as the database has it: the one published last. It is kept in this process under its revision, which
 * is looked up once a second at most (wall clock); published versions never change, so nothing else can be stale.
 * @throws AppError `not_configured` before one was published.
 */
export async function getCatalogue({ db }: Pick<Context, "db">): Promise<CatalogueOnSale> {
  const known = kept.get(db);
  if (known && Date.now() - known.lookedAt < LOOK_AGAIN_AFTER_MS) return known.catalogue;
  const look = looks.get(db) ?? lookAtCatalogue(db).finally(() => looks.delete(db));
  looks.set(db, look);
  return look;
}

async function lookAtCatalogue(db: Db): Promise<CatalogueOnSale> {
  // Read before the content: what is published in between is found with the next look.
  const lookedAt = Date.now();
  const row = await db.catalogue.findFirst({ orderBy: { publishedAt: "desc" } });
  if (!row) throw new AppError("not_configured", "Nothing is on sale yet: no catalogue has been published.");
  const known = kept.get(db);
  const revision = `${row.key}:${row.revision}`;
  const catalogue = known?.revision === revision ? known.catalogue : await readCatalogue(db, row);
  kept.set(db, { revision, lookedAt, catalogue });
  return catalogue;
}

/** Has the next `getCatalogue` of this process read it again; for whoever has just published. */
export function forgetCatalogue(db: Db): void {
  kept.delete(db);
  looks.delete(db);
}

async function readCatalogue(db: Db, catalogue: CatalogueRow): Promise<CatalogueOnSale> {
  const [meters, features, plans, creditPacks, priceBook] = await Promise.all([
    db.meter.findMany({ orderBy: { sortOrder: "asc" } }),
    db.feature.findMany({ where: { sortOrder: { lt: NO_LONGER_LISTED } }, orderBy: { sortOrder: "asc" } }),
    db.plan.findMany({
      where: { availability: { not: "hidden" }, currentVersionId: { not: null } },
      include: { currentVersion: { include: PLAN_VERSION_INCLUDE } },
      orderBy: { rank: "asc" },
    }),
    db.creditPack.findMany({ where: { active: true }, orderBy: { sortOrder: "asc" } }),
    db.priceBook.findFirst({ where: { catalogueKey: catalogue.key }, orderBy: { version: "desc" } }),
  ]);
  return {
    key: catalogue.key,
    revision: catalogue.revision,
    name: catalogue.name,
    currency: catalogue.currency,
    customerType: catalogue.customerType,
    // All of these were parsed by CatalogueSchema before they were written.
    playground: (catalogue.playground as PlaygroundOffer | null) ?? { chat: null, actions: [] },
    priceBook: {
      version: priceBook?.version ?? 0,
      ...((priceBook?.content as PriceBook | undefined) ?? { models: [], typicalCall: null }),
    },
    policy: catalogue.policy as CataloguePolicy,
    words: catalogue.words as CatalogueWords,
    meters: meters.map(({ key, name, unit, kind, measuredBy, creditsPerUnit, sortOrder }) => ({
      key,
      name,
      unit,
      kind,
      measuredBy,
      creditsPerUnit,
      isListed: sortOrder < NO_LONGER_LISTED,
    })),
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
