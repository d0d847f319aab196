import { classNames } from "@/components/class-names";
import { IntervalSwitch } from "./interval-switch";

/**
 * By which interval and in which currency prices are shown, each where there is a choice. A form that asks for the page
 * anew: a currency is sent together with the interval that is chosen, with JavaScript and without.
 */
export function PriceSwitches({ intervals, chosen, currencies, currency }: PriceSwitchesProps) {
  const hasIntervals = chosen !== null && intervals.length > 1;
  if (!hasIntervals && currencies.length < 2) return null;
  return (
    <form action="/pricing" className="mb-8 flex flex-wrap items-center justify-center gap-x-6 gap-y-3">
      {/* What the return key presses: the currency stays. */}
      <button type="submit" hidden name="currency" value={currency} />
      {hasIntervals ? <IntervalSwitch intervals={intervals} chosen={chosen} /> : null}
      {currencies.length > 1 ? (
        <fieldset className="inline-flex rounded-control border border-border bg-sunken p-1">
          <legend className="sr-only">Currency</legend>
          {currencies.map((code) => (
            <button
              key={code}
              type="submit"
              name="currency"
              value={code}
              aria-pressed={code === currency}
              className={classNames(
                "inline-flex min-h-10 cursor-pointer items-center rounded-control px-4 font-medium transition-colors",
                code === currency ? "bg-surface text-ink shadow-control" : "text-muted hover:text-ink",
              )}
            >
              {code.toUpperCase()}
            </button>
          ))}
        </fieldset>
      ) : null}
    </form>
  );
}

type PriceSwitchesProps = {
  intervals: { slug: string; name: string; percent: number }[];
  /** The interval's slug; null = nothing is sold by an interval. */
  chosen: string | null;
  currencies: string[];
  currency: string;
};
