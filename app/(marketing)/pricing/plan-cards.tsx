import { subscribePath } from "@/app/(account)/subscribe/plan-choice";
import { startCheckoutAction } from "@/app/(account)/subscribe/start-checkout-action";
import { classNames } from "@/components/class-names";
import { PlanCard, PlanCostText } from "@/components/pricing/plan-card";
import { PlanChoice } from "@/components/pricing/plan-choice";
import type { PlanPrice } from "@/lib/domain/catalogue";
import { planButton } from "@/lib/domain/plan-button";
import type { PricedPlan, PricingTerms } from "@/lib/domain/pricing-terms";
import { ForViewer } from "./for-viewer";
import type { PricingViewer } from "./read-pricing-viewer";

/** All plans as cards: sent as anybody gets them, and followed by the viewer's own buttons and currency. */
export function PlanCards({ termsOf, viewer, leftPlan }: PlanCardsProps) {
  const { plans, currencies } = termsOf(null);
  return (
    <div
      className={classNames(
        "grid gap-x-5 gap-y-8 pt-3",
        plans.length === 3 ? "lg:grid-cols-3" : "sm:grid-cols-2 xl:grid-cols-4",
      )}
    >
      {plans.map((priced, index) => {
        const pricedFor = (who: PricingViewer | null) => termsOf(who).plans[index] ?? priced;
        const { slug } = priced.plan;
        return (
          <PlanCard
            key={slug}
            priced={priced}
            costs={
              <ForViewer viewer={currencies.length > 1 ? viewer : null}>
                {(who) => <Costs priced={pricedFor(who)} />}
              </ForViewer>
            }
            choice={
              <ForViewer viewer={viewer}>
                {(who) => <Choices priced={pricedFor(who)} viewer={who} />}
              </ForViewer>
            }
            isReturnedTo={slug === leftPlan}
          />
        );
      })}
    </div>
  );
}

type PlanCardsProps = {
  /** What a viewer is told: in one currency it is the same for all. */
  termsOf: (viewer: PricingViewer | null) => PricingTerms;
  viewer: Promise<PricingViewer | null> | null;
  /** The plan whose checkout was left just now. */
  leftPlan: string | null;
};

function Costs({ priced: { costs } }: { priced: PricedPlan }) {
  return costs.map((cost) => <PlanCostText key={cost.interval} cost={cost} />);
}

function Choices({ priced: { plan, costs }, viewer }: { priced: PricedPlan; viewer: PricingViewer | null }) {
  return costs.map(({ interval, price }) => (
    <PlanChoice
      key={interval}
      plan={plan}
      price={price}
      interval={interval}
      button={planButton(plan, price, viewer)}
      subscribePath={price && pathTo(plan.slug, price)}
      subscribeAction={viewer && startCheckoutAction}
    />
  ));
}

function pathTo(plan: string, { interval, intervalCount, currency }: PlanPrice): string {
  return subscribePath({ plan, interval, interval_count: intervalCount, currency });
}
