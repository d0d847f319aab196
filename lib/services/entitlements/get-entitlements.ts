import { AppError } from "@/lib/app-error";
import type { Context } from "@/lib/context";
import type { CataloguePolicy, PlanTerms } from "@/lib/domain/catalogue";
import { type Entitlements, resolveEntitlements } from "@/lib/domain/entitlements";
import type { WindowAnchor } from "@/lib/domain/period";
import { type CatalogueOnSale, getCatalogue } from "@/lib/services/catalogue/get-catalogue";
import { type CustomerFacts, readCustomerFacts } from "./customer-facts";

export type CustomerEntitlements = Entitlements & {
  policy: CataloguePolicy;
  /** What the customer's usage windows hang on. */
  anchor: WindowAnchor;
  catalogue: CatalogueOnSale;
};

/**
 * What a customer may do at `ctx.now`.
 * @throws AppError `not_found`, `not_configured` before a catalogue was published.
 */
export async function getEntitlements(
  ctx: Pick<Context, "db" | "now">,
  { customerId }: { customerId: string },
): Promise<CustomerEntitlements> {
  const catalogue = await getCatalogue(ctx);
  return entitlementsFrom(await readCustomerFacts(ctx, catalogue, customerId), catalogue, ctx.now);
}

/** The same from facts read before. */
export function entitlementsFrom(
  { grants, anchor }: Pick<CustomerFacts, "grants" | "anchor">,
  catalogue: CatalogueOnSale,
  now: Date,
): CustomerEntitlements {
  const { policy, meters } = catalogue;
  return {
    ...resolveEntitlements({ freePlan: freePlanOf(catalogue), grants, policy, meters, now }),
    catalogue,
    policy,
    anchor,
  };
}

/** The catalogue's schema makes the first plan the free one. */
function freePlanOf(catalogue: CatalogueOnSale): PlanTerms {
  const [freePlan] = catalogue.plans;
  if (!freePlan) throw new AppError("not_configured", "Nothing is on sale yet: the catalogue has no plan.");
  return freePlan;
}
