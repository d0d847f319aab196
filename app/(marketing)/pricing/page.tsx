import type { Metadata } from "next";
import { z } from "zod";
import { startCheckoutAction } from "@/app/(account)/subscribe/start-checkout-action";
import { Notice } from "@/components/notice";
import { PageHeader } from "@/components/page-header";
import { PlanCard } from "@/components/pricing/plan-card";
import { PlanComparison } from "@/components/pricing/plan-comparison";
import { getContext } from "@/lib/context";
import { type PlanButtonViewer, planButton } from "@/lib/domain/plan-button";
import { getViewer } from "@/lib/http/viewer";
import { getCatalogue } from "@/lib/services/catalogue/get-catalogue";
import { getSubscription } from "@/lib/services/subscriptions/get-subscription";

export const metadata: Metadata = {
  title: "Pricing",
  description: "Every plan with its price, its limits and its features, side by side.",
  alternates: { canonical: "/pricing" },
};

const Query = z.object({ canceled: z.string().optional().catch(undefined) });

export default async function PricingPage({ searchParams }: { searchParams: Promise<unknown> }) {
  const { canceled } = Query.parse(await searchParams);
  const [{ plans, meters, features, currency }, viewer] = await Promise.all([
    getCatalogue(getContext()),
    readButtonViewer(),
  ]);
  const popular = plans.find((plan) => plan.trial);
  const leftPlan = plans.find((plan) => plan.slug === canceled);
  return (
    <>
      <PageHeader title="Pricing">
        <p>Pay for what you need. Limits are exact, and nothing is charged beyond your plan without you.</p>
      </PageHeader>
      {leftPlan ? (
        <Notice role="status" title="Nothing was charged" className="mb-6">
          You left the checkout of{" "}
          <a href={`#${leftPlan.slug}`} className="underline underline-offset-4">
            {leftPlan.name}
          </a>
          . It is there whenever you want it.
        </Notice>
      ) : null}
      <div className="grid gap-x-5 gap-y-8 pt-3 sm:grid-cols-2 xl:grid-cols-4">
        {plans.map((plan) => (
          <PlanCard
            key={plan.slug}
            plan={plan}
            currency={currency}
            meters={meters}
            features={features}
            button={planButton(plan, viewer)}
            isPopular={plan === popular}
            isReturnedTo={plan === leftPlan}
            subscribeAction={startCheckoutAction}
          />
        ))}
      </div>
      <h2 className="mt-14 mb-4 text-heading">Compare the plans</h2>
      <PlanComparison plans={plans} currency={currency} meters={meters} features={features} />
    </>
  );
}

async function readButtonViewer(): Promise<PlanButtonViewer> {
  const viewer = await getViewer();
  if (!viewer) return null;
  const { plan, subscription, hasHadTrial } = await getSubscription(getContext(), {
    customerId: viewer.customer.id,
  });
  return { planSlug: plan.slug, hasLiveSubscription: subscription?.isLive ?? false, hasHadTrial };
}
