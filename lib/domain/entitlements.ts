import { type Access, deriveAccess, grantsPlan } from "./access";
import type { Allowance, BillingModel, CataloguePolicy, FeatureValue, Overage, PlanTerms } from "./catalogue";
import { gracePeriodEnd } from "./grace-period";

/**
 * Entitlements: what a customer may do right now. One pure function of the plan grants, the access that
 * Stripe's facts give, and the time; every consumer asks it. No grant in force = the free plan; if several
 * are, the higher plan counts. (S0-01, S0-51, K-15, D-10)
 */
export type PlanGrantFacts = {
  terms: PlanTerms;
  /** Why it is held. `burndown` = by credits instead of a fee. */
  source: "subscription" | "burndown" | "comp" | "gift";
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
  billingModel: BillingModel;
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
  /** What credits pay for; only paying by credits asks. */
  meters?: { key: string; creditsPerUnit: number | null }[];
  now: Date;
}): Entitlements {
  const { freePlan, policy, now } = input;
  const held = input.grants.map((grant) => ({ grant, access: grantAccess(grant, policy, now) }));
  const inForce = held
    .filter(({ access }) => grantsPlan(access))
    .sort((a, b) => b.grant.terms.rank - a.grant.terms.rank)[0];
  if (inForce?.grant.source === "burndown")
    return burndownEntitlements(inForce.grant.terms, input.meters ?? []);
  if (inForce) return entitlementsOf(inForce.grant.terms, inForce.access);

  // Whoever never subscribed has the free plan in full; whoever lost a plan has what is left of it.
  const current = held.find(({ grant }) => grant.subscription?.isCurrent);
  const access = current?.access ?? (held.length === 0 ? "full" : deriveAccess(null, policy, now));
  if (access !== "none") return entitlementsOf(freePlan, access);
  return {
    access,
    plan: freePlan,
    billingModel: "fixed_fee",
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
  return { access, plan, billingModel: "fixed_fee", features, allowances, overage, seats };
}

/**
 * Nothing recurs, and what has a price in credits is not included: each use costs credits, and at zero it stops. What has
 * none is as the plan includes it. (S2-13, S2-14, S2-15)
 */
function burndownEntitlements(
  plan: PlanTerms,
  meters: { key: string; creditsPerUnit: number | null }[],
): Entitlements {
  const isPriced = (key: string) =>
    meters.some((meter) => meter.key === key && meter.creditsPerUnit !== null);
  const allowances = plan.allowances.map((allowance) =>
    isPriced(allowance.meter)
      ? { ...allowance, amount: 0, beyond: ["credits" as const, "block" as const] }
      : allowance,
  );
  return {
    access: "full",
    plan,
    billingModel: "credit_burndown",
    features: plan.features,
    allowances,
    overage: [],
    seats: plan.seats,
  };
}

function noAllowances(plan: PlanTerms): Allowance[] {
  return plan.allowances.map((allowance) => ({ ...allowance, amount: 0, beyond: ["block"] }));
}

/**
 * The next moment at which the same facts may mean something else, as far as they tell: a grant begins or ends, a grace
 * period ends. Null = never. Until then what was resolved may be used again.
 */
export function entitlementsChangeAt(
  grants: PlanGrantFacts[],
  policy: Pick<CataloguePolicy, "graceDays">,
  now: Date,
): Date | null {
  const moments = grants.flatMap(({ startsAt, endsAt, subscription }) => [
    startsAt,
    ...(endsAt ? [endsAt] : []),
    ...(subscription?.firstFailedAt ? [gracePeriodEnd(subscription.firstFailedAt, policy.graceDays)] : []),
  ]);
  return moments
    .filter((moment) => moment > now)
    .reduce<Date | null>((next, moment) => (next && next <= moment ? next : moment), null);
}
