import { type Access, deriveAccess, grantsPlan } from "./access";
import type { Allowance, CataloguePolicy, FeatureValue, Overage, PlanTerms } from "./catalogue";

/**
 * Entitlements: what a customer may do right now. One pure function of the plan grants, the access that
 * Stripe's facts give, and the time; every consumer asks it. No grant in force = the free plan; if several
 * are, the higher plan counts. (S0-01, S0-51, K-15, D-10)
 */
export type PlanGrantFacts = {
  terms: PlanTerms;
  startsAt: Date;
  endsAt: Date | null;
  /** Set for grants that mirror a Stripe subscription. */
  subscription: {
    id: string;
    status: string;
    firstFailedAt: Date | null;
    /** Only the customer's current subscription grants its plan. */
    isCurrent: boolean;
  } | null;
};

export type Entitlements = {
  access: Access;
  plan: PlanTerms;
  features: Record<string, FeatureValue>;
  allowances: Allowance[];
  /** What units beyond an allowance cost, where the plan sells them. */
  overage: Overage[];
  /** How many people may use it; null = any number. */
  seats: number | null;
};

/**
 * Of a customer who has nothing: the owner's own seat, because somebody has to come in to buy again. It adds nobody and
 * removes nobody.
 */
const SEATS_WITHOUT_ACCESS = 1;

export function resolveEntitlements(input: {
  freePlan: PlanTerms;
  grants: PlanGrantFacts[];
  policy: Pick<CataloguePolicy, "graceDays" | "afterEnd">;
  now: Date;
}): Entitlements {
  const { freePlan, policy, now } = input;
  const held = input.grants.map((grant) => ({ grant, access: grantAccess(grant, policy, now) }));
  const inForce = held
    .filter(({ access }) => grantsPlan(access))
    .sort((a, b) => b.grant.terms.rank - a.grant.terms.rank)[0];
  if (inForce) return entitlementsOf(inForce.grant.terms, inForce.access);

  // Whoever never subscribed has the free plan in full; whoever lost a plan has what is left of it.
  const current = held.find(({ grant }) => grant.subscription?.isCurrent);
  const access = current?.access ?? (held.length === 0 ? "full" : deriveAccess(null, policy, now));
  if (access !== "none") return entitlementsOf(freePlan, access);
  return {
    access,
    plan: freePlan,
    features: {},
    allowances: noAllowances(freePlan),
    overage: [],
    seats: SEATS_WITHOUT_ACCESS,
  };
}

function grantAccess(
  grant: PlanGrantFacts,
  policy: Pick<CataloguePolicy, "graceDays" | "afterEnd">,
  now: Date,
): Access {
  const { subscription } = grant;
  const isRunning = grant.startsAt <= now && (!grant.endsAt || now < grant.endsAt);
  if (!isRunning || (subscription && !subscription.isCurrent)) return deriveAccess(null, policy, now);
  if (!subscription) return "full";
  return deriveAccess(subscription, policy, now);
}

function entitlementsOf(plan: PlanTerms, access: Access): Entitlements {
  const { features, allowances, overage, seats } = plan;
  return { access, plan, features, allowances, overage, seats };
}

function noAllowances(plan: PlanTerms): Allowance[] {
  return plan.allowances.map((allowance) => ({ ...allowance, amount: 0, beyond: ["block"] }));
}
