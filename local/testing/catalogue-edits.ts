import fc from "fast-check";
import { type Catalogue, type CataloguePlan, parseCatalogue } from "@/lib/domain/catalogue";

/** One change somebody might make to a catalogue's file; `edited` says what it comes to. */
export type CatalogueEdit = { kind: number; plan: number; amount: number };

/** Any edits, in any order: prices, allowances, features, plans that go and come back, and words that change nothing. */
export function catalogueEdits(maxLength: number): fc.Arbitrary<CatalogueEdit[]> {
  const edit = fc.record({
    kind: fc.nat(EDITS.length - 1),
    plan: fc.nat(10),
    amount: fc.integer({ min: 1, max: 9 }),
  });
  return fc.array(edit, { minLength: 1, maxLength });
}

/** The catalogue after the edits. One that would make it invalid is left out. */
export function edited(catalogue: Catalogue, edits: CatalogueEdit[]): Catalogue {
  return edits.reduce((current, { kind, plan: position, amount }) => {
    const slug = current.plans[position % current.plans.length]?.slug;
    const changed = EDITS[kind]?.(current, (change) => withPlan(current, slug, change), amount);
    return changed && isValid(changed) ? changed : current;
  }, catalogue);
}

type Edit = (
  catalogue: Catalogue,
  onPlan: (change: (plan: CataloguePlan) => CataloguePlan | null) => Catalogue,
  amount: number,
) => Catalogue;

const EDITS: Edit[] = [
  (_, onPlan, amount) =>
    onPlan((plan) => ({
      ...plan,
      prices: plan.prices.map((price) => ({ ...price, amountMinor: amount * 1000 })),
    })),
  (_, onPlan, amount) =>
    onPlan((plan) => ({
      ...plan,
      prices: [...plan.prices, { interval: "year", intervalCount: 1 + (amount % 3), amountMinor: 5000 }],
    })),
  (_, onPlan) => onPlan((plan) => ({ ...plan, prices: plan.prices.slice(1) })),
  (_, onPlan, amount) =>
    onPlan((plan) => ({
      ...plan,
      allowances: plan.allowances.map((allowance) => ({
        ...allowance,
        amount: amount === 9 ? null : amount,
      })),
    })),
  (_, onPlan) => onPlan((plan) => ({ ...plan, allowances: plan.allowances.slice(1) })),
  (catalogue, onPlan, amount) =>
    onPlan((plan) => ({
      ...plan,
      features: { ...plan.features, [catalogue.features[amount]?.key ?? ""]: amount % 2 === 0 },
    })),
  (_, onPlan, amount) => onPlan((plan) => ({ ...plan, tagline: `Tagline ${amount}` })),
  (_, onPlan, amount) => onPlan((plan) => ({ ...plan, name: `Name ${amount}` })),
  (_, onPlan, amount) =>
    onPlan((plan) => ({ ...plan, trial: { days: amount, requiresCard: amount % 2 === 0 } })),
  (_, onPlan) => onPlan(({ trial: _trial, ...plan }) => plan),
  (_, onPlan, amount) =>
    onPlan((plan) => ({
      ...plan,
      availability: (["public", "invite", "hidden"] as const)[amount % 3] ?? "public",
    })),
  (_, onPlan) => onPlan(() => null),
  ({ plans: [free, ...plans], ...catalogue }) => ({
    ...catalogue,
    plans: [...(free ? [free] : []), ...plans.reverse()],
  }),
  (catalogue, _, amount) => ({
    ...catalogue,
    creditPacks: catalogue.creditPacks.map((pack) => ({ ...pack, amountMinor: amount * 100 })),
  }),
  (catalogue, _, amount) => ({ ...catalogue, policy: { ...catalogue.policy, graceDays: amount } }),
  (catalogue, _, amount) => ({
    ...catalogue,
    policy: { ...catalogue.policy, taxBehavior: amount % 2 === 0 ? "inclusive" : "exclusive" },
  }),
  (catalogue, _, amount) => ({ ...catalogue, currency: amount % 2 === 0 ? "eur" : "usd" }),
  (catalogue, _, amount) => ({
    ...catalogue,
    meters: catalogue.meters.map((meter) => ({ ...meter, name: `Meter ${amount}` })),
  }),
  // What follows says the same in other words.
  (_, onPlan) => onPlan((plan) => ({ ...plan, source: "ours", seats: 1, billingModels: ["fixed_fee"] })),
  (_, onPlan) =>
    onPlan((plan) => ({
      ...plan,
      prices: plan.prices.toReversed(),
      allowances: plan.allowances.toReversed(),
      features: Object.fromEntries(Object.entries(plan.features).toReversed()),
    })),
  (catalogue, onPlan) =>
    onPlan((plan) => ({
      ...plan,
      prices: plan.prices.map((price) => ({ currency: catalogue.currency, ...price, source: "ours" })),
    })),
];

function withPlan(
  catalogue: Catalogue,
  slug: string | undefined,
  change: (plan: CataloguePlan) => CataloguePlan | null,
): Catalogue {
  const plans = catalogue.plans.flatMap((plan) => (plan.slug === slug ? (change(plan) ?? []) : [plan]));
  return { ...catalogue, plans };
}

function isValid(catalogue: Catalogue): boolean {
  try {
    parseCatalogue(catalogue);
    return true;
  } catch {
    return false;
  }
}
