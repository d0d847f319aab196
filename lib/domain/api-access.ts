import type { FeatureValue, PlanTerms } from "./catalogue";
import { compareMonthlyCosts, type MonthlyCost, monthlyCost } from "./monthly-cost";

/** The feature that calling by a customer's API key needs, in a catalogue that has it. (S0-63, S0-64) */
export const API_ACCESS = "api_access";

/** Whether a customer may call by key, and if not, which plan they have and which would let them. */
export type ApiAccess =
  | { isGranted: true }
  | {
      isGranted: false;
      planName: string;
      suggestion: { kind: "upgrade"; plan: string; name: string } | null;
    };

/** @param catalogue what is on sale */
export function resolveApiAccess(
  catalogue: { features: { key: string }[]; plans: PlanTerms[] },
  held: { plan: { name: string }; features: Record<string, FeatureValue> },
): ApiAccess {
  if (hasApiAccess(catalogue, held.features)) return { isGranted: true };
  const [cheapest] = catalogue.plans
    .filter((plan) => plan.availability === "public" && plan.prices.length > 0 && isOn(plan.features))
    .toSorted((a, b) => compareMonthlyCosts(lowestCost(a), lowestCost(b)));
  const suggestion = cheapest && ({ kind: "upgrade", plan: cheapest.slug, name: cheapest.name } as const);
  return { isGranted: false, planName: held.plan.name, suggestion: suggestion ?? null };
}

/** @param held the features that a customer has */
export function hasApiAccess(
  catalogue: { features: { key: string }[] },
  held: Record<string, FeatureValue>,
): boolean {
  return !isApiAccessSold(catalogue) || isOn(held);
}

/** A catalogue without such a feature gives it to everybody. */
export function isApiAccessSold({ features }: { features: { key: string }[] }): boolean {
  return features.some(({ key }) => key === API_ACCESS);
}

function isOn(features: Record<string, FeatureValue>): boolean {
  return Boolean(features[API_ACCESS]);
}

function lowestCost({ prices }: PlanTerms): MonthlyCost {
  return prices.map(monthlyCost).toSorted(compareMonthlyCosts)[0] ?? monthlyCost(null);
}
