import { isDeepStrictEqual } from "node:util";
import { AppError, type FieldError } from "@/lib/app-error";
import type { Context } from "@/lib/context";
import type { DbTransaction } from "@/lib/db/client";
import type { Catalogue, CataloguePlan, PlanTerms } from "@/lib/domain/catalogue";
import { CatalogueSchema } from "@/lib/domain/catalogue-schema";
import { checkCatalogue } from "@/lib/domain/check-catalogue";
import { normalizeCatalogue } from "@/lib/domain/normalize-catalogue";
import { type Actor, writeAuditEntry } from "@/lib/services/audit/write-audit-entry";
import { exportCatalogue } from "./export-catalogue";
import { forgetCatalogue } from "./get-catalogue";
import { PLAN_VERSION_INCLUDE, toPlanTerms } from "./plan-terms";
import { writeCatalogue } from "./publish-catalogue";
import { pushCatalogue } from "./push-catalogue";

export type PlanToSave = {
  plan: CataloguePlan;
  /** The slug of the plan it is to stand after; without it a plan stays where it is, and a new one is the highest. */
  after: string | undefined;
  /** A new plan, or a change of one, by somebody who saw the catalogue at this revision. */
  mode: "create" | { changeFrom: number };
  actor: Actor;
};
export type SavedPlan = { plan: PlanTerms; revision: number };

/**
 * Puts one plan into the published catalogue, checks that as a whole, publishes it and makes at Stripe what the plan
 * needs there. Only a plan whose content changed gets a next version, and who holds an earlier one keeps it. Everything
 * up to Stripe is one transaction under the publishers' lock, so of two changes at once the second is told that it has
 * not seen the first. What died before Stripe had it is finished by sending it again. (S3-02, S3-19, S3-20)
 * @throws AppError `conflict` for a new plan whose slug is taken, and for a change from another revision than the
 * current one; `not_found` for a change of a plan that never was; `invalid_request` naming each defect by its path in the
 * plan; `stripe_unavailable` when the plan is published and Stripe has yet to hear of it.
 */
export async function savePlan(ctx: Context, input: PlanToSave): Promise<SavedPlan> {
  const saved = await ctx.db.$transaction((tx) => writePlan(ctx, tx, input));
  forgetCatalogue(ctx.db);
  await pushCatalogue(ctx);
  return saved;
}

async function writePlan(ctx: Context, tx: DbTransaction, input: PlanToSave): Promise<SavedPlan> {
  const { plan, mode, actor } = input;
  // What is read here is what is written upon: publishers wait for each other, whichever way they come.
  await tx.$executeRaw`lock table catalogue in share row exclusive mode`;
  const catalogue = await exportCatalogue({ db: tx });
  const former = await findPlan(tx, plan.slug);
  const next = { ...catalogue, plans: placePlan(catalogue.plans, input) };
  const isThere = isDeepStrictEqual(normalizeCatalogue(next), normalizeCatalogue(catalogue));

  if (mode === "create") assertIsNew(plan.slug, former, isThere);
  else if (!former) throw new AppError("not_found", `There is no plan “${plan.slug}”.`);
  assertIsValid(next);
  const revision = await readRevision(tx);
  if (former && isThere) return { plan: toPlanTerms(former), revision };
  if (mode !== "create" && mode.changeFrom !== revision) {
    throw new AppError(
      "conflict",
      `The catalogue has changed since revision ${mode.changeFrom}. Read the plan again and change it from revision ${revision}.`,
      { extra: { revision } },
    );
  }

  await writeCatalogue(tx, next, ctx.now);
  const written = await findPlan(tx, plan.slug);
  if (!written) throw new Error(`the plan ${plan.slug} was published and is not there`);
  await writeAuditEntry(ctx, tx, {
    actor,
    action: former ? "plan.changed" : "plan.created",
    targetId: written.planId,
    details: { slug: plan.slug, version: written.version, from_version: former?.version ?? null },
  });
  return { plan: toPlanTerms(written), revision: await readRevision(tx) };
}

/** The current version of a plan, on sale or not. */
async function findPlan(tx: DbTransaction, slug: string) {
  const row = await tx.plan.findUnique({
    where: { slug },
    include: { currentVersion: { include: PLAN_VERSION_INCLUDE } },
  });
  return row?.currentVersion ?? null;
}

/** A plan just like it whose prices Stripe has yet to hear of is this one, sent again. */
function assertIsNew(slug: string, former: Awaited<ReturnType<typeof findPlan>>, isThere: boolean): void {
  if (!former) return;
  const isUnfinished = former.prices.some(({ stripePriceId }) => stripePriceId === null);
  if (isThere && isUnfinished) return;
  throw new AppError(
    "conflict",
    `There is a plan “${slug}” already. Change it with PUT, or give the new one another slug.`,
  );
}

/** Grows with every publish that changed something; the caller holds the lock. */
async function readRevision(tx: DbTransaction): Promise<number> {
  const { revision } = await tx.catalogue.findFirstOrThrow({ orderBy: { publishedAt: "desc" } });
  return revision;
}

/** @throws AppError `invalid_request` when there is no such plan to stand after. */
function placePlan(plans: CataloguePlan[], { plan, after }: PlanToSave): CataloguePlan[] {
  const others = plans.filter(({ slug }) => slug !== plan.slug);
  const own = plans.findIndex(({ slug }) => slug === plan.slug);
  if (after === undefined) return others.toSpliced(own === -1 ? others.length : own, 0, plan);
  const before = others.findIndex(({ slug }) => slug === after);
  if (before === -1)
    throw refusal([{ field: "after", message: `there is no other plan "${after}" on sale` }]);
  return others.toSpliced(before + 1, 0, plan);
}

/**
 * Defects are named by their place in the plan, as the API names it. Nothing else in the catalogue was touched, so what
 * is reported of another plan is what both cannot be.
 */
function assertIsValid(catalogue: Catalogue): void {
  const parsed = CatalogueSchema.safeParse(catalogue);
  const defects = parsed.success ? [...checkCatalogue(parsed.data)] : parsed.error.issues;
  if (defects.length === 0) return;
  throw refusal(
    defects.map(({ path, message }) => {
      const names = path.map((name) =>
        String(name).replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
      );
      const field = (path[0] === "plans" ? names.slice(2) : names).join(".");
      return { field: field || "(body)", message };
    }),
  );
}

function refusal(fields: FieldError[]): AppError {
  return new AppError("invalid_request", "The request is not valid.", { fields });
}
