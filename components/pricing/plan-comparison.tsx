import { Check, Minus } from "lucide-react";
import type { ReactNode } from "react";
import { ScrollRegion } from "@/components/scroll-region";
import { allowanceAmountWords, overageWords } from "@/lib/domain/allowance-words";
import type { FeatureValue, PlanTerms } from "@/lib/domain/catalogue";
import { formatCount } from "@/lib/domain/format-count";
import { formatMoney, intervalName } from "@/lib/domain/money";
import type { NamedFeature, NamedMeter } from "./plan-card";

/** All plans side by side. On a narrow screen it scrolls inside its frame, by finger and by arrow keys. */
export function PlanComparison({ plans, customerType, currency, meters, features }: PlanComparisonProps) {
  return (
    <ScrollRegion
      label="Comparison of all plans"
      className="rounded-card border border-line bg-surface shadow-card"
    >
      <table className="w-full min-w-3xl border-collapse text-left">
        <caption className="px-5 pt-5 pb-3 text-left text-muted">What each plan allows and includes.</caption>
        <thead>
          <tr className="border-b border-line">
            <td className="sticky left-0 bg-surface px-5 py-3" />
            {plans.map((plan) => (
              <th key={plan.slug} scope="col" className="px-4 py-3 font-semibold">
                {plan.name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          <Row name="Price" plans={plans} cell={(plan) => priceWords(plan, currency)} />
          {plans.some(({ trial }) => trial) ? (
            <Row
              name="Free trial"
              plans={plans}
              cell={(plan) => (plan.trial ? `${plan.trial.days} days` : <NotIncluded />)}
            />
          ) : null}
          {customerType === "group" ? (
            <Row
              name="Members"
              plans={plans}
              cell={({ seats }) => (seats === null ? "Any number" : formatCount(seats))}
            />
          ) : null}
          {meters.map((meter) => (
            <Row
              key={meter.key}
              name={meter.name}
              plans={plans}
              cell={(plan) => <Allowances plan={plan} meter={meter} currency={currency} />}
            />
          ))}
          {features.map(({ key, name }) => (
            <Row
              key={key}
              name={name}
              plans={plans}
              cell={(plan) => <Feature value={plan.features[key]} />}
            />
          ))}
        </tbody>
      </table>
    </ScrollRegion>
  );
}

type PlanComparisonProps = {
  plans: PlanTerms[];
  customerType: "personal" | "group";
  currency: string;
  meters: NamedMeter[];
  features: NamedFeature[];
};

function Row({
  name,
  plans,
  cell,
}: {
  name: string;
  plans: PlanTerms[];
  cell: (plan: PlanTerms) => ReactNode;
}) {
  return (
    <tr className="border-b border-line last:border-0">
      <th scope="row" className="sticky left-0 min-w-32 bg-surface px-5 py-3 align-top font-normal">
        {name}
      </th>
      {plans.map((plan) => (
        <td key={plan.slug} className="px-4 py-3 align-top">
          {cell(plan)}
        </td>
      ))}
    </tr>
  );
}

function Allowances({ plan, meter, currency }: { plan: PlanTerms; meter: NamedMeter; currency: string }) {
  const allowances = plan.allowances.filter((entry) => entry.meter === meter.key);
  if (allowances.length === 0) return <NotIncluded />;
  const overage = plan.overage.find((entry) => entry.meter === meter.key);
  return (
    <>
      {allowances.map((entry) => (
        <div key={entry.window}>{allowanceAmountWords(entry, meter)}</div>
      ))}
      {overage ? <div className="text-muted">{overageWords(overage, meter, currency)}</div> : null}
    </>
  );
}

function Feature({ value }: { value: FeatureValue | undefined }) {
  if (value === undefined || value === false) return <NotIncluded />;
  if (value !== true) return value;
  return (
    <>
      <Check aria-hidden className="mt-1 size-4 text-accent" />
      <span className="sr-only">Included</span>
    </>
  );
}

function NotIncluded() {
  return (
    <>
      <Minus aria-hidden className="mt-1 size-4 text-muted" />
      <span className="sr-only">Not included</span>
    </>
  );
}

function priceWords(plan: PlanTerms, currency: string): string {
  if (plan.prices.length === 0)
    return plan.availability === "public" ? formatMoney(0, currency) : "On request";
  return plan.prices
    .map((price) => `${formatMoney(price.amountMinor, price.currency)} per ${intervalName(price)}`)
    .join(" or ");
}
