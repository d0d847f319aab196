import { getContext } from "@/lib/context";
import type { PlanButtonViewer } from "@/lib/domain/plan-button";
import { getViewer } from "@/lib/http/viewer";
import { getSubscription } from "@/lib/services/subscriptions/get-subscription";

/** What the pricing page needs to know of whoever is signed in. */
export type PricingViewer = NonNullable<PlanButtonViewer> & {
  /** Of their first purchase; null = they have bought nothing yet. */
  currency: string | null;
};

/** Null = nobody is signed in. */
export async function readPricingViewer(): Promise<PricingViewer | null> {
  const viewer = await getViewer();
  if (!viewer) return null;
  const { plan, subscription, hasHadTrial, currency } = await getSubscription(getContext(), {
    customerId: viewer.customer.id,
  });
  return {
    planSlug: plan.slug,
    hasHadTrial,
    currency,
    subscription: subscription?.isLive
      ? {
          status: subscription.status,
          isEnding: subscription.cancelAtPeriodEnd,
          price: subscription.price,
        }
      : null,
  };
}
