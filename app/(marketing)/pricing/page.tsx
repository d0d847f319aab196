import type { Metadata } from "next";
import { z } from "zod";
import { hasSessionCookie } from "@/app/has-session-cookie";
import { JsonLd } from "@/components/json-ld";
import { Notice } from "@/components/notice";
import { PageHeader } from "@/components/page-header";
import { CreditPacks } from "@/components/pricing/credit-packs";
import { PlanComparison } from "@/components/pricing/plan-comparison";
import { PriceSwitches } from "@/components/pricing/price-switches";
import { Questions } from "@/components/pricing/questions";
import { getContext } from "@/lib/context";
import { chooseCurrency, soldCurrencies } from "@/lib/domain/currency-choice";
import { getCatalogue } from "@/lib/services/catalogue/get-catalogue";
import { catalogueTerms } from "./catalogue-terms";
import { ForViewer } from "./for-viewer";
import { PlanCards } from "./plan-cards";
import { type PricingViewer, readPricingViewer } from "./read-pricing-viewer";

export const metadata: Metadata = {
  title: "Pricing",
  description: "Every plan with its price, its limits and its features, side by side.",
  alternates: { canonical: "/pricing" },
};

const Query = z.object({
  canceled: z.string().optional().catch(undefined),
  interval: z.string().optional().catch(undefined),
  currency: z.string().optional().catch(undefined),
});

/**
 * Every plan with its prices by all intervals. Nothing of it waits for the viewer: whoever may be signed in gets what
 * anybody gets, and their own buttons, and their own currency, as soon as they are known.
 */
export default async function PricingPage({ searchParams }: { searchParams: Promise<unknown> }) {
  const query = Query.parse(await searchParams);
  const ctx = getContext();
  const catalogue = await getCatalogue(ctx);
  const sold = soldCurrencies(catalogue);
  const choiceOf = (who: PricingViewer | null) =>
    chooseCurrency(sold, { asked: query.currency, kept: who?.currency });
  const termsOf = (who: PricingViewer | null) =>
    catalogueTerms(catalogue, choiceOf(who).currency, `${ctx.env.appUrl}/pricing`);
  const viewer = (await hasSessionCookie()) ? readPricingViewer() : null;

  const terms = termsOf(null);
  const { intervals } = terms;
  const chosen = intervals.find(({ slug }) => slug === query.interval)?.slug ?? intervals[0]?.slug ?? null;
  const leftPlan = catalogue.plans.find((plan) => plan.slug === query.canceled);
  return (
    <>
      <JsonLd data={terms.offers} />
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
      <ForViewer viewer={sold.length > 1 ? viewer : null}>
        {(who) => {
          const { currency, note } = choiceOf(who);
          // Whoever keeps a currency has none to choose.
          const currencies = who?.currency && sold.includes(who.currency) ? [currency] : sold;
          return (
            <>
              <PriceSwitches
                intervals={intervals}
                chosen={chosen}
                currencies={currencies}
                currency={currency}
              />
              {note ? (
                <p role="status" className="mb-8 text-center text-muted">
                  {note}
                </p>
              ) : null}
            </>
          );
        }}
      </ForViewer>
      <PlanCards termsOf={termsOf} viewer={viewer} leftPlan={leftPlan?.slug ?? null} />
      <p className="mt-6 text-center text-small text-muted">{terms.tax}</p>
      {terms.packs.length > 0 ? (
        <>
          <h2 className="mt-14 mb-1 text-heading">{capitalized(catalogue.words.creditPack.many)}</h2>
          <p className="mb-4 text-muted">
            For what goes beyond what a plan includes, on any plan. The shop that sells them opens soon.
          </p>
          <CreditPacks packs={terms.packs} />
        </>
      ) : null}
      <h2 className="mt-14 mb-4 text-heading">Compare the plans</h2>
      <PlanComparison names={terms.plans.map(({ plan }) => plan.name)} rows={terms.comparison} />
      {terms.questions.length > 0 ? (
        <>
          <h2 className="mt-14 mb-4 text-heading">Questions</h2>
          <Questions questions={terms.questions} />
        </>
      ) : null}
    </>
  );
}

function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
