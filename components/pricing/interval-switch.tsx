"use client";

import { type ChangeEvent, useLayoutEffect, useRef } from "react";

/**
 * By which interval prices are shown: a group of radio buttons, which styles alone follow (pricing.css). With JavaScript
 * the choice stands in the address too, so that it survives a reload and can be sent to somebody. (S1-99, S0-56)
 */
export function IntervalSwitch({ intervals, chosen }: IntervalSwitchProps) {
  const group = useRef<HTMLFieldSetElement>(null);
  useLayoutEffect(() => {
    const radios = [...(group.current?.querySelectorAll("input") ?? [])];
    const checked = radios.find((radio) => radio.checked);
    // Chosen before this ran: the address does not know it yet.
    if (checked && !checked.defaultChecked) return writeAddress(checked.value);
    // Come back to: the page is shown as it was first sent, and the address has what was chosen then.
    const asked = new URLSearchParams(location.search).get("interval");
    const radio = radios.find(({ value }) => value === asked);
    if (radio) radio.checked = true;
  }, []);
  return (
    <fieldset ref={group} className="inline-flex rounded-control border border-border bg-sunken p-1">
      <legend className="sr-only">Billing interval</legend>
      {intervals.map(({ slug, name, percent }) => (
        <label
          key={slug}
          className="relative inline-flex min-h-10 cursor-pointer items-center gap-2 rounded-control px-4 font-medium text-muted transition-colors hover:text-ink has-checked:bg-surface has-checked:text-ink has-checked:shadow-control has-focus-visible:outline-2 has-focus-visible:outline-offset-1 has-focus-visible:outline-accent"
        >
          <input
            type="radio"
            name="interval"
            value={slug}
            defaultChecked={slug === chosen}
            onChange={choose}
            // Otherwise browsers put back after a reload what was checked before it, whatever the address says.
            autoComplete="off"
            className="absolute inset-0 cursor-pointer appearance-none rounded-control outline-none"
          />
          <span className="pointer-events-none">By the {name}</span>
          {percent > 0 ? (
            <span className="pointer-events-none text-small text-accent">save {percent}%</span>
          ) : null}
        </label>
      ))}
    </fieldset>
  );
}

type IntervalSwitchProps = {
  /** `percent`: the most that any plan saves by it. */
  intervals: { slug: string; name: string; percent: number }[];
  chosen: string;
};

function choose({ target }: ChangeEvent<HTMLInputElement>): void {
  writeAddress(target.value);
}

function writeAddress(interval: string): void {
  const address = new URL(location.href);
  address.searchParams.set("interval", interval);
  history.replaceState(null, "", address);
}
