import { AppError } from "@/lib/app-error";
import type { Context } from "@/lib/context";
import type { CataloguePolicy, PlanTerms } from "@/lib/domain/catalogue";
import { type Entitlements, type PlanGrantFacts, resolveEntitlements } from "@/lib/domain/entitlements";
import type { WindowAnchor } from "@/lib/domain/period";
import { type CatalogueOnSale, getCatalogue } from "@/lib/services/catalogue/get-catalogue";
import { PLAN_VERSION_INCLUDE, toPlanTerms } from "@/lib/services/catalogue/plan-terms";

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
  const [catalogue, customer] = await Promise.all([
    getCatalogue(ctx),
    ctx.db.customer.findUnique({
      where: { id: customerId },
      include: {
        planGrants: { include: { planVersion: { include: PLAN_VERSION_INCLUDE }, subscription: true } },
        currentSubscription: {
          include: {
            invoices: {
              where: { status: { in: ["open", "uncollectible"] }, firstFailedAt: { not: null } },
              orderBy: { firstFailedAt: "asc" },
              take: 1,
            },
          },
        },
      },
    }),
  ]);
  if (!customer) throw new AppError("not_found", "There is no such customer.");
  const current = customer.currentSubscription;

  const grants: PlanGrantFacts[] = customer.planGrants.map((grant) => ({
    terms: toPlanTerms(grant.planVersion),
    startsAt: grant.startsAt,
    endsAt: grant.endsAt,
    subscription: grant.subscription && {
      id: grant.subscription.id,
      status: grant.subscription.status,
      firstFailedAt:
        current?.id === grant.subscription.id ? (current.invoices[0]?.firstFailedAt ?? null) : null,
      isCurrent: current?.id === grant.subscription.id,
    },
  }));
  const entitlements = resolveEntitlements({
    freePlan: freePlanOf(catalogue),
    grants,
    policy: catalogue.policy,
    now: ctx.now,
  });
  return {
    ...entitlements,
    catalogue,
    policy: catalogue.policy,
    anchor: {
      anchor: current?.billingCycleAnchor ?? customer.createdAt,
      timeZone: customer.timeZone,
      period: current ? { start: current.currentPeriodStart, end: current.currentPeriodEnd } : null,
    },
  };
}

/** The catalogue's schema makes the first plan the free one. */
function freePlanOf(catalogue: CatalogueOnSale): PlanTerms {
  const [freePlan] = catalogue.plans;
  if (!freePlan) throw new AppError("not_configured", "Nothing is on sale yet: the catalogue has no plan.");
  return freePlan;
}
