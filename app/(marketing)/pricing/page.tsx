import type { Metadata } from "next";
import { z } from "zod";
import { startCheckoutAction } from "@/app/(account)/subscribe/start-checkout-action";
import { classNames } from "@/components/class-names";
import { JsonLd } from "@/components/json-ld";
import { Notice } from "@/components/notice";
import { PageHeader } from "@/components/page-header";
import { IntervalSwitch } from "@/components/pricing/interval-switch";
import { PlanCard } from "@/components/pricing/plan-card";
import { PlanComparison } from "@/components/pricing/plan-comparison";
import { Questions } from "@/components/pricing/questions";
import { getContext } from "@/lib/context";
import {
  type BillingInterval,
  offeredIntervals,
  priceForInterval,
  savingPercent,
} from "@/lib/domain/billing-interval";
import type { PlanTerms } from "@/lib/domain/catalogue";
import { type PlanButtonViewer, planButton } from "@/lib/domain/plan-button";
import { planOffers } from "@/lib/domain/plan-offers";
import { pricingQuestions } from "@/lib/domain/pricing-questions";
import { getViewer } from "@/lib/http/viewer";
import { getCatalogue } from "@/lib/services/catalogue/get-catalogue";
import { getSubscription } from "@/lib/services/subscriptions/get-subscription";

export const metadata: Metadata = {
  title: "Pricing",
  description: "Every plan with its price, its limits and its features, side by side.",
  alternates: { canonical: "/pricing" },
};

const Query = z.object({
  canceled: z.string().optional().catch(undefined),
  interval: z.string().optional().catch(undefined),
});

export default async function PricingPage({ searchParams }: { searchParams: Promise<unknown> }) {
  const { canceled, interval } = Query.parse(await searchParams);
  const ctx = getContext();
  const [catalogue, viewer] = await Promise.all([getCatalogue(ctx), readButtonViewer()]);
  const { name, plans, features, currency, customerType } = catalogue;
  const meters = catalogue.meters.filter(({ isListed }) => isListed);
  const questions = pricingQuestions(catalogue);
  const intervals = offeredIntervals(plans);
  const chosen = intervals.find(({ slug }) => slug === interval)?.slug ?? intervals[0]?.slug ?? null;
  const leftPlan = plans.find((plan) => plan.slug === canceled);
  return (
    <>
      <JsonLd data={planOffers({ name, currency, plans }, `${ctx.env.appUrl}/pricing`)} />
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
      {chosen !== null && intervals.length > 1 ? (
        <IntervalSwitch intervals={intervals} chosen={chosen} savings={savingsOf(plans, intervals)} />
      ) : null}
      <div
        className={classNames(
          "grid gap-x-5 gap-y-8 pt-3",
          plans.length === 3 ? "lg:grid-cols-3" : "sm:grid-cols-2 xl:grid-cols-4",
        )}
      >
        {plans.map((plan) => (
          <PlanCard
            key={plan.slug}
            plan={plan}
            price={priceForInterval(plan, chosen)}
            customerType={customerType}
            currency={currency}
            meters={meters}
            features={features}
            button={planButton(plan, viewer)}
            isReturnedTo={plan === leftPlan}
            subscribeAction={startCheckoutAction}
          />
        ))}
      </div>
      <h2 className="mt-14 mb-4 text-heading">Compare the plans</h2>
      <PlanComparison
        plans={plans}
        customerType={customerType}
        currency={currency}
        meters={meters}
        features={features}
      />
      {questions.length > 0 ? (
        <>
          <h2 className="mt-14 mb-4 text-heading">Questions</h2>
          <Questions questions={questions} />
        </>
      ) : null}
    </>
  );
}

/** The most that any plan saves by each interval. */
function savingsOf(plans: PlanTerms[], intervals: BillingInterval[]): Record<string, number> {
  const most = ({ slug }: BillingInterval) =>
    plans.map((plan) => {
      const price = priceForInterval(plan, slug);
      return price ? savingPercent(plan, price) : 0;
    });
  return Object.fromEntries(intervals.map((interval) => [interval.slug, Math.max(0, ...most(interval))]));
}

async function readButtonViewer(): Promise<PlanButtonViewer> {
  const viewer = await getViewer();
  if (!viewer) return null;
  const { plan, subscription, hasHadTrial } = await getSubscription(getContext(), {
    customerId: viewer.customer.id,
  });
  return { planSlug: plan.slug, hasLiveSubscription: subscription?.isLive ?? false, hasHadTrial };
}
