import type { BillingModel, Catalogue, CataloguePlan, Overage } from "./catalogue";

/**
 * Two files may promise the same in different words: a default said or left unsaid, members in another order, numbers
 * marked `source: ours`. This is the one form both come to. What is shown in the order it stands in keeps that order:
 * plans, meters, features, packs, models.
 */
export type NormalCatalogue = Omit<Catalogue, "plans"> & { plans: NormalPlan[] };
export type NormalPrice = Required<Omit<CataloguePlan["prices"][number], "source">>;
export type NormalPlan = Omit<CataloguePlan, "source" | "prices" | "overage"> &
  Required<Pick<CataloguePlan, "isPopular">> & {
    billingModels: BillingModel[];
    seats: number | null;
    prices: NormalPrice[];
    overage: Overage[];
  };

const INTERVALS = ["month", "year"];
const WINDOWS = ["day", "month", "period", "lifetime"];
const BILLING_MODELS = ["fixed_fee", "credit_burndown"];

/** Equal for catalogues that promise the same, down to the order of keys. A catalogue itself, and its own normal form. */
export function normalizeCatalogue(catalogue: Catalogue): NormalCatalogue {
  const { key, name, currency, customerType, meters, features, plans, creditPacks } = catalogue;
  const { priceBook, playground, policy, words } = catalogue;
  return {
    key,
    name,
    currency,
    customerType,
    meters: meters.map((meter) => ({
      key: meter.key,
      name: meter.name,
      unit: meter.unit,
      kind: meter.kind,
      measuredBy: meter.measuredBy ?? "call",
      ...(meter.creditsPerUnit === undefined ? {} : { creditsPerUnit: meter.creditsPerUnit }),
    })),
    features: features.map((feature) => ({ key: feature.key, name: feature.name })),
    plans: plans.map((plan) => normalizePlan(plan, catalogue)),
    creditPacks: creditPacks.map(({ slug, name: packName, credits, amountMinor }) => ({
      slug,
      name: packName,
      credits,
      amountMinor,
    })),
    priceBook: withSortedKeys(priceBook),
    playground: withSortedKeys(playground),
    policy: withSortedKeys({
      ...policy,
      warnings: policy.warnings.toSorted((a, b) => a.percent - b.percent),
      reminderDays: policy.reminderDays.toSorted((a, b) => b - a),
    }),
    words: withSortedKeys(words),
  };
}

function normalizePlan(plan: CataloguePlan, { currency, policy }: Catalogue): NormalPlan {
  return {
    slug: plan.slug,
    name: plan.name,
    tagline: plan.tagline,
    availability: plan.availability,
    isPopular: plan.isPopular ?? false,
    ...(plan.trial ? { trial: { days: plan.trial.days, requiresCard: plan.trial.requiresCard } } : {}),
    prices: plan.prices
      .map((price) => ({
        interval: price.interval,
        intervalCount: price.intervalCount,
        amountMinor: price.amountMinor,
        currency: price.currency ?? currency,
        taxBehavior: price.taxBehavior ?? policy.taxBehavior,
      }))
      .toSorted(
        (a, b) =>
          INTERVALS.indexOf(a.interval) - INTERVALS.indexOf(b.interval) ||
          a.intervalCount - b.intervalCount ||
          compareTexts(a.currency, b.currency),
      ),
    billingModels: (plan.billingModels ?? ["fixed_fee"]).toSorted(
      (a, b) => BILLING_MODELS.indexOf(a) - BILLING_MODELS.indexOf(b),
    ),
    seats: plan.seats === undefined ? 1 : plan.seats,
    allowances: plan.allowances
      .map(({ meter, window, amount, beyond }) => ({ meter, window, amount, beyond: [...beyond] }))
      .toSorted(
        (a, b) => compareTexts(a.meter, b.meter) || WINDOWS.indexOf(a.window) - WINDOWS.indexOf(b.window),
      ),
    overage: (plan.overage ?? [])
      .map(({ meter, tiers }) => ({
        meter,
        tiers: tiers.map(({ upTo, unitAmountMinor }) => ({ upTo, unitAmountMinor })),
      }))
      .toSorted((a, b) => compareTexts(a.meter, b.meter)),
    features: withSortedKeys(plan.features),
  };
}

/** By code units: the same on every machine, whatever its language. */
function compareTexts(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** The value itself with its members in alphabetical order, at every depth; members that are undefined are left out. */
function withSortedKeys<Value>(value: Value): Value {
  if (Array.isArray(value)) return value.map(withSortedKeys) as Value; // mapping keeps the form of the items
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .toSorted(([a], [b]) => compareTexts(a, b));
  // The same members with the same values, in another order.
  return Object.fromEntries(entries.map(([key, member]) => [key, withSortedKeys(member)])) as Value;
}
