import type { Context } from "@/lib/context";
import type { Access } from "@/lib/domain/access";
import type { CataloguePolicy, PlanPrice, PlanTerms } from "@/lib/domain/catalogue";
import { isLiveSubscription } from "@/lib/domain/subscription-projection";
import { getCatalogue } from "@/lib/services/catalogue/get-catalogue";
import { getEntitlements } from "@/lib/services/entitlements/get-entitlements";

export type CustomerSubscription = {
  access: Access;
  /** The plan in force now; the free plan when nothing else is. */
  plan: PlanTerms;
  /** The subscription at Stripe, live or last ended; null when there never was one. */
  subscription: {
    id: string;
    status: string;
    isLive: boolean;
    price: PlanPrice | null;
    planName: string | null;
    currentPeriodStart: Date;
    currentPeriodEnd: Date;
    trialEnd: Date | null;
    cancelAtPeriodEnd: boolean;
    endedAt: Date | null;
  } | null;
  /** The catalogue's policy: else a subscription ends with the period that was paid for. */
  autoRenews: boolean;
  /** One trial ever: of the customer, or of whoever owns it, as the catalogue's policy says. */
  hasHadTrial: boolean;
  /** Of the first purchase, and kept from then on; null before it. */
  currency: string | null;
};

/**
 * A customer's plan and the subscription behind it, from our mirror. (S0-33, S1-61, S2-26)
 * @throws AppError `not_found`.
 */
export async function getSubscription(
  ctx: Pick<Context, "db" | "now">,
  { customerId }: { customerId: string },
): Promise<CustomerSubscription> {
  const { policy } = await getCatalogue(ctx);
  const [{ access, plan }, customer, trials] = await Promise.all([
    getEntitlements(ctx, { customerId }),
    ctx.db.customer.findUnique({
      where: { id: customerId },
      include: { currentSubscription: { include: { price: { include: { planVersion: true } } } } },
    }),
    ctx.db.subscription.count({
      where: { trialStart: { not: null }, ...trialsOf(customerId, policy.trial.oncePer) },
    }),
  ]);
  // One that is not there was refused with its entitlements.
  const current = customer?.currentSubscription ?? null;
  return {
    access,
    plan,
    autoRenews: policy.autoRenews,
    hasHadTrial: trials > 0,
    currency: customer?.currency ?? null,
    subscription: current && {
      id: current.id,
      status: current.status,
      isLive: isLiveSubscription(current.status),
      price: current.price,
      planName: current.price?.planVersion.name ?? null,
      currentPeriodStart: current.currentPeriodStart,
      currentPeriodEnd: current.currentPeriodEnd,
      trialEnd: current.trialEnd,
      cancelAtPeriodEnd: current.cancelAtPeriodEnd,
      endedAt: current.endedAt,
    },
  };
}

/** The subscriptions whose trials count against a customer: a person's are those of all customers they own. */
function trialsOf(customerId: string, oncePer: CataloguePolicy["trial"]["oncePer"]) {
  if (oncePer === "customer") return { customerId };
  const owner = { role: "owner", user: { members: { some: { customerId, role: "owner" } } } } as const;
  return { OR: [{ customerId }, { customer: { members: { some: owner } } }] };
}
