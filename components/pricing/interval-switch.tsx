import Link from "next/link";
import { classNames } from "@/components/class-names";
import type { BillingInterval } from "@/lib/domain/billing-interval";

/** By which interval prices are shown. It stands in the address, so it can be sent to somebody. (S1-99, S0-56) */
export function IntervalSwitch({ intervals, chosen, savings }: IntervalSwitchProps) {
  return (
    <nav aria-label="Billing interval" className="mb-8 flex justify-center">
      <ul className="inline-flex rounded-control border border-border bg-sunken p-1">
        {intervals.map(({ slug, name }) => {
          const isChosen = slug === chosen;
          const saving = savings[slug] ?? 0;
          return (
            <li key={slug}>
              <Link
                href={`/pricing?interval=${slug}`}
                scroll={false}
                aria-current={isChosen ? "true" : undefined}
                className={classNames(
                  "inline-flex min-h-10 items-center gap-2 rounded-control px-4 font-medium",
                  isChosen ? "bg-surface text-ink shadow-control" : "text-muted hover:text-ink",
                )}
              >
                By the {name}
                {saving > 0 ? <span className="text-small text-accent">save {saving}%</span> : null}
              </Link>
            </li>
          );
        })}
      </ul>
    </nav>
  );
}

type IntervalSwitchProps = {
  intervals: BillingInterval[];
  chosen: string;
  /** The most that any plan saves, in percent, by the interval's slug. */
  savings: Record<string, number>;
};
