import type { Allowance, PlanPrice, PlanTerms } from "./catalogue";
import { intervalMonths } from "./money";
import { compareMonthlyCosts, type MonthlyCost, monthlyCost, monthlySavingMinor } from "./monthly-cost";
import { divideUp, largest, type MeterUse, monthsOf, neededIn } from "./projected-use";

/**
 * The upgrade suggestion: the cheapest plan or credit pack that covers what the customer will use by the end of the
 * window, all costs normalised to a month and compared exactly. What a plan charges for units beyond its allowance counts
 * as its cost, as far as the cap on it. Where nothing covers the use, it is the next higher-priced plan that holds more;
 * at the top it is nothing. (S3-17, S3-46, K-13)
 */
export type UpgradeSuggestion = (
  | { kind: "upgrade"; plan: string; name: string; price: PlanPrice }
  | ({ kind: "credit_pack"; creditPack: string } & Omit<CreditPackOffer, "slug">)
) & {
  /** Whether it covers what is projected, or is only more than there is now. */
  coversUse: boolean;
  /** What a month costs less than by the cheapest way of another sort (plan, pack, staying), or else by the next plan. */
  saving: { minorPerMonth: number; against: string } | null;
};

export type CreditPackOffer = {
  slug: string;
  name: string;
  credits: number;
  currency: string;
  amountMinor: number;
};

export type UpgradeQuestion = {
  /** What is on sale. */
  plans: PlanTerms[];
  creditPacks: CreditPackOffer[];
  meters: { key: string; creditsPerUnit: number | null }[];
  /** What the customer has now, and the price that is paid for it; null = none. */
  current: Pick<PlanTerms, "slug" | "name" | "allowances" | "overage"> & { price: PlanPrice | null };
  currency: string;
  seatsTaken: number;
  overageCapMinor: number;
  /** The meters it is about. Of all others a plan must include as much as the current one. */
  uses: MeterUse[];
  /** The use was refused, so staying is no choice even where overage would pay for it. */
  isRefused: boolean;
  now: Date;
};

/** Null where nothing more is needed, or nothing more is sold. */
export function suggestUpgrade(question: UpgradeQuestion): UpgradeSuggestion | null {
  const staying = question.isRefused ? null : wayToStay(question);
  if (staying?.isIncluded) return null;
  const plans = question.plans.filter((plan) => isOffered(plan, question));
  const ways = [
    ...(staying ? [staying] : []),
    ...plans.flatMap((plan) => waysToSubscribe(plan, question)),
    ...waysToBuyCredits(question),
  ].sort(cheapestFirst);
  const [best] = ways;
  if (!best) return nextHigherPlan(plans, question);
  if (!best.offer) return null;
  const others = ways.filter(({ id }) => id !== best.id);
  const other =
    others.find(({ offer }) => offer?.kind !== best.offer?.kind) ??
    others.find(({ offer }) => offer?.kind === "upgrade");
  const minorPerMonth = other ? monthlySavingMinor(other.cost, best.cost) : 0;
  const saving = other && minorPerMonth > 0 ? { minorPerMonth, against: other.name } : null;
  return { ...best.offer, coversUse: true, saving };
}

type Offer =
  | Omit<Extract<UpgradeSuggestion, { kind: "upgrade" }>, "coversUse" | "saving">
  | Omit<Extract<UpgradeSuggestion, { kind: "credit_pack" }>, "coversUse" | "saving">;

/** A way to cover the use; staying has no offer. Of those that cost the same, the lowest in order comes first. */
type Way = { offer: Offer | null; id: string; name: string; cost: MonthlyCost; order: number };

function cheapestFirst(a: Way, b: Way): number {
  return compareMonthlyCosts(a.cost, b.cost) || a.order - b.order || (a.id < b.id ? -1 : Number(a.id > b.id));
}

function isOffered(plan: PlanTerms, { current, seatsTaken, uses }: UpgradeQuestion): boolean {
  return (
    plan.availability === "public" &&
    plan.slug !== current.slug &&
    (plan.seats === null || plan.seats >= seatsTaken) &&
    current.allowances
      .filter(({ meter }) => !uses.some((use) => use.meter === meter))
      .every((allowance) => includedIn(plan, allowance) >= (allowance.amount ?? Number.POSITIVE_INFINITY))
  );
}

/** What a plan includes in the window of another plan's allowance; a meter it does not name is not included at all. */
function includedIn(plan: PlanTerms, { meter, window }: Pick<Allowance, "meter" | "window">): number {
  const own = plan.allowances.filter((entry) => entry.meter === meter);
  if (own.length === 0) return 0;
  return own.find((entry) => entry.window === window)?.amount ?? Number.POSITIVE_INFINITY;
}

function wayToStay(question: UpgradeQuestion): (Way & { isIncluded: boolean }) | null {
  const { slug, name, price } = question.current;
  const { minor, months } = monthlyCost(price);
  const overage = overageFor(question.current, months, question);
  if (overage === null) return null;
  const cost = { minor: minor + overage, months };
  return { offer: null, id: `plan ${slug}`, name, cost, order: -1, isIncluded: overage === 0n };
}

function waysToSubscribe(plan: PlanTerms, question: UpgradeQuestion): Way[] {
  return pricesIn(question.currency, plan).flatMap((price) => {
    const overage = overageFor(plan, monthlyCost(price).months, question);
    return overage === null ? [] : [wayToSubscribe(plan, price, overage)];
  });
}

function wayToSubscribe(
  { slug, name, rank }: PlanTerms,
  price: PlanPrice,
  overage: bigint,
): Way & { offer: Offer } {
  const { minor, months } = monthlyCost(price);
  const offer: Offer = { kind: "upgrade", plan: slug, name, price };
  return { offer, id: `plan ${slug}`, name, cost: { minor: minor + overage, months }, order: rank };
}

/** A pack is bought beside the current plan, and its whole price counts as one month's. */
function waysToBuyCredits(question: UpgradeQuestion): Way[] {
  const needed = creditsForMonth(question);
  if (needed === null) return [];
  const { minor, months } = monthlyCost(question.current.price);
  return question.creditPacks
    .filter((pack) => pack.currency === question.currency && BigInt(pack.credits) >= needed)
    .map(({ slug, ...pack }) => ({
      offer: { kind: "credit_pack", creditPack: slug, ...pack },
      id: `credit_pack ${slug}`,
      name: pack.name,
      cost: { minor: minor + BigInt(pack.amountMinor) * months, months },
      order: Number.MAX_SAFE_INTEGER,
    }));
}

/** What a plan would charge beyond its allowances in a billing period. Null = it does not cover the use. */
function overageFor(
  plan: Pick<PlanTerms, "allowances" | "overage">,
  months: bigint,
  { uses, overageCapMinor, now }: UpgradeQuestion,
): bigint | null {
  let total = 0n;
  for (const use of uses) {
    const tiers = plan.overage.find(({ meter }) => meter === use.meter)?.tiers ?? [];
    for (const { window, amount, beyond } of allowancesOf(plan, use.meter)) {
      const missing = amount === null ? 0n : neededIn(window, months, use, now) - BigInt(amount);
      if (missing <= 0n) continue;
      const tier = tiers.find(({ upTo }) => upTo === null || missing <= BigInt(upTo));
      // Days beyond a day's allowance differ too much to be reckoned up to a month: it must cover them itself.
      if (!tier || !beyond.includes("overage") || window === "day" || window === "lifetime") return null;
      total += missing * BigInt(tier.unitAmountMinor) * (window === "month" ? months : 1n);
    }
  }
  return total <= BigInt(overageCapMinor) ? total : null;
}

/** The credits that a month of such use takes beyond the current allowances. Null = credits do not pay for it. */
function creditsForMonth({ uses, meters, current, now }: UpgradeQuestion): bigint | null {
  let total = 0n;
  for (const use of uses) {
    const perUnit = meters.find(({ key }) => key === use.meter)?.creditsPerUnit ?? null;
    const missing = missingNow(current, use, now);
    if (missing.some(({ beyond }) => !beyond.includes("credits"))) return null;
    if (missing.length === 0) continue;
    if (perUnit === null) return null;
    // A unit is paid once, in however many windows it is too many.
    total += largest(missing.map(({ inMonth }) => inMonth)) * BigInt(perUnit);
  }
  return total;
}

/** The current allowances that will not do, and the units that are missing in a month. */
function missingNow(
  current: UpgradeQuestion["current"],
  use: MeterUse,
  now: Date,
): (Allowance & { inMonth: bigint })[] {
  return allowancesOf(current, use.meter).flatMap((allowance) => {
    const { window, amount } = allowance;
    const own = use.windows.find((entry) => entry.window === window);
    const months = own && window === "period" ? monthsOf(own) : 1n;
    const missing = amount === null ? 0n : neededIn(window, months, use, now) - BigInt(amount);
    if (missing <= 0n) return [];
    return [{ ...allowance, inMonth: window === "day" ? missing * DAYS_A_MONTH : divideUp(missing, months) }];
  });
}

const DAYS_A_MONTH = 31n;

/** A meter that a plan does not name is not unlimited: there is none of it, ever. */
function allowancesOf({ allowances }: Pick<PlanTerms, "allowances">, meter: string): Allowance[] {
  const own = allowances.filter((entry) => entry.meter === meter);
  return own.length > 0 ? own : [{ meter, window: "lifetime", amount: 0, beyond: ["block"] }];
}

/** Nothing covers the use: the next step up in price that includes more of everything that runs out. (S3-46) */
function nextHigherPlan(plans: PlanTerms[], question: UpgradeQuestion): UpgradeSuggestion | null {
  const { current, uses, now, currency } = question;
  const short = uses.flatMap((use) => missingNow(current, use, now));
  const paid = monthlyCost(current.price);
  const [next] = plans
    .filter((plan) => short.every((allowance) => includedIn(plan, allowance) > (allowance.amount ?? 0)))
    .flatMap((plan) => pricesIn(currency, plan).map((price) => wayToSubscribe(plan, price, 0n)))
    .filter(({ cost }) => compareMonthlyCosts(cost, paid) > 0)
    .sort(cheapestFirst);
  return next ? { ...next.offer, coversUse: false, saving: null } : null;
}

/** The shortest first. */
function pricesIn(currency: string, { prices }: PlanTerms): PlanPrice[] {
  return prices
    .filter((price) => price.currency === currency)
    .sort((a, b) => intervalMonths(a) - intervalMonths(b));
}
