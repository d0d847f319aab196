import type { Context } from "@/lib/context";
import type { Db } from "@/lib/db/client";
import type { PlanTerms } from "@/lib/domain/catalogue";
import type { CatalogueOnSale } from "./get-catalogue";
import { PLAN_VERSION_INCLUDE, toPlanTerms } from "./plan-terms";

/** More plan versions than a catalogue has in years; beyond it all are read again. */
const MOST_KEPT = 2_000;

type Kept = { revision: string; terms: Map<string, PlanTerms> };
const kept = new WeakMap<Db, Kept>();

/**
 * What plan versions promise. A version never changes; its plan's rank may with a publish, so they are kept in this
 * process for as long as the catalogue's revision is.
 */
export async function getPlanTerms(
  { db }: Pick<Context, "db">,
  { key, revision }: Pick<CatalogueOnSale, "key" | "revision">,
  planVersionIds: string[],
): Promise<Map<string, PlanTerms>> {
  const current = `${key}:${revision}`;
  let known = kept.get(db);
  if (known?.revision !== current || known.terms.size > MOST_KEPT) {
    known = { revision: current, terms: new Map() };
    kept.set(db, known);
  }
  const { terms } = known;
  const missing = planVersionIds.filter((id) => !terms.has(id));
  if (missing.length > 0) {
    const rows = await db.planVersion.findMany({
      where: { id: { in: missing } },
      include: PLAN_VERSION_INCLUDE,
    });
    for (const row of rows) terms.set(row.id, toPlanTerms(row));
  }
  return terms;
}
