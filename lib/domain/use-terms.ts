import type { Allowance, AllowanceWindow, BeyondAllowance, Overage } from "./catalogue";
import { countedWindows } from "./counted-window";
import type { Entitlements } from "./entitlements";
import { type WindowAnchor, windowAt } from "./period";

/**
 * What a use of a meter is decided by: the counters it is in, each with its limit and with what may pay beyond it, and
 * what credits and overage cost. The decision itself is made by the database (`decide_uses`), which knows what is used.
 */
export type UseTerms = {
  meter: string;
  windows: UseWindow[];
  /** Whether overage is asked before credits. */
  overageFirst: boolean;
  /** What a unit costs beyond the allowance; null = credits do not pay for it. */
  creditsPerUnit: number | null;
  overage: OverageTerms | null;
};

export type UseWindow = {
  window: AllowanceWindow;
  /** Null = everybody's; else the one member's own, which their cap limits. */
  userId: string | null;
  start: Date;
  end: Date;
  /** Units; null = unlimited. */
  limit: number | null;
  /** What may pay once it is full. */
  byCredits: boolean;
  byOverage: boolean;
};

/** What units beyond the allowance cost in this billing period. (S2-10, S2-106) */
export type OverageTerms = {
  planVersionId: string;
  subscriptionId: string;
  periodStart: Date;
  periodEnd: Date;
  currency: string;
  tiers: { from: number; unitAmountMinor: number }[];
  /** The most that all meters' overage may come to in the period. */
  capMinor: number;
};

export type UseTermsInput = {
  meter: { key: string; kind: "counter" | "gauge"; creditsPerUnit: number | null };
  entitlements: Pick<Entitlements, "plan" | "allowances" | "overage">;
  anchor: WindowAnchor;
  /** The live subscription that overage is put on; without one there is none. */
  subscription: { id: string } | null;
  /** Who uses it, if their own use is counted, and how much of a period they may use. */
  member: { userId: string; cap: number | null } | null;
  overageCapMinor: number;
  currency: string;
};

export function termsOfUse(input: UseTermsInput, now: Date): UseTerms {
  const { meter, entitlements, anchor, member } = input;
  const own = entitlements.allowances.filter((allowance) => allowance.meter === meter.key);
  const shared = countedWindows(meter.key, entitlements.allowances, anchor, now)
    // A level is not used up by the day: what is shown of it is its limit alone.
    .filter(({ window, limit }) => meter.kind === "counter" || limit !== null || isNamed(own, window))
    .map((window) => ({ ...window, userId: null, ...routesBeyond(own, window.window, window.limit) }));
  const memberWindow = member && {
    window: "period" as const,
    userId: member.userId,
    ...windowAt("period", anchor, now),
    limit: member.cap,
    // A member's cap is a limit on what the member takes, whoever pays.
    byCredits: member.cap === null,
    byOverage: member.cap === null,
  };
  const beyond = own[0]?.beyond ?? [];
  return {
    meter: meter.key,
    windows: memberWindow ? [...shared, memberWindow] : shared,
    overageFirst: beyond[0] === "overage",
    creditsPerUnit: meter.creditsPerUnit,
    overage: overageTerms(input),
  };
}

function isNamed(own: Allowance[], window: AllowanceWindow): boolean {
  return own.some((allowance) => allowance.window === window);
}

function routesBeyond(
  own: Allowance[],
  window: AllowanceWindow,
  limit: number | null,
): Pick<UseWindow, "byCredits" | "byOverage"> {
  // Counted to be shown, never full.
  if (limit === null) return { byCredits: true, byOverage: true };
  const beyond: BeyondAllowance[] = own.find((allowance) => allowance.window === window)?.beyond ?? ["block"];
  const open = beyond.includes("block") ? beyond.slice(0, beyond.indexOf("block")) : beyond;
  return { byCredits: open.includes("credits"), byOverage: open.includes("overage") };
}

function overageTerms({
  meter,
  entitlements,
  anchor,
  subscription,
  currency,
  overageCapMinor,
}: UseTermsInput): OverageTerms | null {
  const sold = entitlements.overage.find((overage) => overage.meter === meter.key);
  if (!sold || !subscription || !anchor.period) return null;
  return {
    planVersionId: entitlements.plan.planVersionId,
    subscriptionId: subscription.id,
    periodStart: anchor.period.start,
    periodEnd: anchor.period.end,
    currency,
    tiers: overageTiers(sold),
    capMinor: overageCapMinor,
  };
}

/** Tiers by the unit they begin at. */
function overageTiers({ tiers }: Overage): OverageTerms["tiers"] {
  let from = 1;
  return tiers.map(({ upTo, unitAmountMinor }) => {
    const tier = { from, unitAmountMinor };
    from = (upTo ?? from) + 1;
    return tier;
  });
}

/** What JavaScript can say last. */
const END_OF_TIME_MS = 8_640_000_000_000_000;

/** Until when terms made at `now` stay what they are, as far as windows go: the first of them to end. */
export function windowsEndAt(terms: Pick<UseTerms, "windows">): Date {
  return new Date(Math.min(...terms.windows.map(({ end }) => end.getTime()), END_OF_TIME_MS));
}
