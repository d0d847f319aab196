import { Check } from "lucide-react";
import { classNames } from "@/components/class-names";
import { ActionForm } from "@/components/form/action-form";
import { SubmitButton } from "@/components/form/submit-button";
import { LinkButton } from "@/components/link-button";
import type { FormAction } from "@/lib/domain/action-state";
import { allowanceWords, overageWords, seatWords } from "@/lib/domain/allowance-words";
import { savingPercent } from "@/lib/domain/billing-interval";
import type { PlanPrice, PlanTerms } from "@/lib/domain/catalogue";
import { formatMoney, intervalMonths, intervalName, monthEquivalentMinor } from "@/lib/domain/money";
import type { PlanButton } from "@/lib/domain/plan-button";

export type NamedMeter = { key: string; name: string; unit: string; kind: "counter" | "gauge" };
export type NamedFeature = { key: string; name: string };

/** One plan on the pricing page: what it costs, what is in it, and the button. */
export function PlanCard({
  plan,
  price,
  customerType,
  currency,
  meters,
  features,
  button,
  isReturnedTo,
  subscribeAction,
}: PlanCardProps) {
  const { isPopular } = plan;
  const headingId = `plan-${plan.slug}`;
  return (
    <article
      id={plan.slug}
      aria-labelledby={headingId}
      className={classNames(
        "relative row-span-4 grid grid-rows-subgrid gap-0 rounded-card border bg-surface p-5 shadow-card sm:p-6",
        isReturnedTo && "outline-2 outline-accent",
        isPopular || isReturnedTo ? "border-accent" : "border-line",
      )}
    >
      {isPopular ? (
        <p className="absolute -top-3 left-5 rounded-pill bg-accent px-2.5 text-small leading-6 font-medium text-on-accent sm:left-6">
          Popular
        </p>
      ) : null}
      <div>
        <h2 id={headingId} className="text-heading">
          {plan.name}
        </h2>
        <p className="mt-1 text-muted">{plan.tagline}</p>
      </div>
      <Cost plan={plan} price={price} currency={currency} />
      <div className="space-y-2">
        <PlanChoice
          plan={plan}
          price={price}
          button={button}
          headingId={headingId}
          subscribeAction={subscribeAction}
        />
      </div>
      <ul className="mt-6 space-y-2 border-t border-line pt-5">
        {promises(plan, { meters, features, customerType, currency }).map((promise) => (
          <li key={promise} className="flex gap-2.5">
            <Check aria-hidden className="mt-1 size-4 shrink-0 text-accent" />
            {promise}
          </li>
        ))}
      </ul>
    </article>
  );
}

type PlanCardProps = {
  plan: PlanTerms;
  /** The one shown; null = it is not sold. */
  price: PlanPrice | null;
  customerType: "personal" | "group";
  currency: string;
  meters: NamedMeter[];
  features: NamedFeature[];
  button: PlanButton;
  /** A checkout of this plan was left just now. */
  isReturnedTo: boolean;
  subscribeAction: FormAction;
};

function Cost({ plan, price, currency }: Pick<PlanCardProps, "plan" | "price" | "currency">) {
  const saving = price ? savingPercent(plan, price) : 0;
  return (
    <div className="mt-5 mb-6">
      {price ? (
        <>
          <Amount amount={formatMoney(price.amountMinor, price.currency)} per={intervalName(price)} />
          {intervalMonths(price) > 1 ? (
            <p className="text-small text-muted">
              equals {monthlyWords(price)}
              {saving > 0 ? <span className="text-accent">, {saving}% less</span> : null}
            </p>
          ) : null}
          {plan.trial ? <p className="text-small text-muted">{trialWords(plan.trial)}</p> : null}
        </>
      ) : plan.availability === "public" ? (
        <>
          <Amount amount={formatMoney(0, currency)} />
          <p className="text-small text-muted">free for good, no card needed</p>
        </>
      ) : (
        <Amount amount="On request" />
      )}
    </div>
  );
}

function Amount({ amount, per }: { amount: string; per?: string }) {
  return (
    <p>
      <span className="text-title">{amount}</span>
      {per ? <span className="text-muted"> per {per}</span> : null}
    </p>
  );
}

function PlanChoice({ plan, price, button, headingId, subscribeAction }: PlanChoiceProps) {
  switch (button.kind) {
    case "sign_in":
      return (
        <LinkButton href="/sign-in" variant="secondary" className="w-full">
          {button.label}
        </LinkButton>
      );
    case "subscribe":
      return price ? (
        <ActionForm
          action={subscribeAction}
          fields={{ plan: plan.slug, interval: price.interval, interval_count: price.intervalCount }}
        >
          <SubmitButton className="w-full" describedBy={headingId}>
            {button.label}
          </SubmitButton>
        </ActionForm>
      ) : null;
    case "none":
      return (
        <>
          <p className="flex min-h-10 items-center justify-center rounded-control bg-sunken px-4 py-1.5 font-medium text-muted">
            {button.label}
          </p>
          <p className="text-center text-small text-muted">{button.reason}</p>
        </>
      );
  }
}

type PlanChoiceProps = {
  plan: PlanTerms;
  price: PlanPrice | null;
  button: PlanButton;
  headingId: string;
  subscribeAction: FormAction;
};

function promises(
  plan: PlanTerms,
  {
    meters,
    features,
    customerType,
    currency,
  }: Pick<PlanCardProps, "meters" | "features" | "customerType" | "currency">,
): string[] {
  const allowances = meters.flatMap((meter) => [
    ...plan.allowances
      .filter((entry) => entry.meter === meter.key)
      .map((entry) => allowanceWords(entry, meter)),
    ...plan.overage
      .filter((entry) => entry.meter === meter.key)
      .map((entry) => overageWords(entry, meter, plan.prices[0]?.currency ?? currency)),
  ]);
  const seats = customerType === "group" ? [seatWords(plan.seats)] : [];
  const included = features.flatMap(({ key, name }) => {
    const value = plan.features[key];
    if (value === undefined || value === false) return [];
    return [value === true ? name : `${name}: ${value}`];
  });
  return [...seats, ...allowances, ...included];
}

function monthlyWords(price: PlanPrice): string {
  return `${formatMoney(monthEquivalentMinor(price), price.currency)} a month`;
}

function trialWords(trial: NonNullable<PlanTerms["trial"]>): string {
  return `${trial.days} days free${trial.requiresCard ? ", card needed" : ", no card needed"}`;
}
