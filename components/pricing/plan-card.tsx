import type { ReactNode } from "react";
import { classNames } from "@/components/class-names";
import type { PlanCost, PricedPlan } from "@/lib/domain/pricing-terms";

/** One plan on the pricing page: what it costs by each interval, its button, and what is in it. */
export function PlanCard({ priced, costs, choice, isReturnedTo }: PlanCardProps) {
  const { plan, promises } = priced;
  const { slug, name, tagline, isPopular } = plan;
  return (
    <article
      id={slug}
      aria-labelledby={planHeadingId(slug)}
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
        <h2 id={planHeadingId(slug)} className="text-heading">
          {name}
        </h2>
        <p className="mt-1 text-muted">{tagline}</p>
      </div>
      <div className="by-interval mt-5 mb-5">{costs}</div>
      <div className="by-interval">{choice}</div>
      <ul className="check-list mt-5 space-y-2 border-t border-line pt-5">
        {promises.map((promise) => (
          <li key={promise}>{promise}</li>
        ))}
      </ul>
    </article>
  );
}

type PlanCardProps = {
  priced: PricedPlan;
  /** A `PlanCostText` for each interval. */
  costs: ReactNode;
  /** A `PlanChoice` for each interval. */
  choice: ReactNode;
  /** A checkout of this plan was left just now. */
  isReturnedTo: boolean;
};

/** The id of a plan's heading, which its button is described by. */
export function planHeadingId(slug: string): string {
  return `plan-${slug}`;
}

/** What a plan costs by one interval. */
export function PlanCostText({ cost }: { cost: PlanCost }) {
  const { interval, amount, per, notes, saving } = cost;
  return (
    <div data-interval={interval ?? undefined}>
      <p>
        <span className="text-title">{amount}</span>
        {per ? <span className="text-muted"> per {per}</span> : null}
      </p>
      {notes.map((note) => (
        <p key={note} className="text-small text-muted">
          {note}
        </p>
      ))}
      {saving ? <p className="text-small text-accent">{saving}</p> : null}
    </div>
  );
}
