import { monthEquivalentMinor } from "@/lib/domain/money";
import type { MeterUse } from "@/lib/domain/projected-use";
import { suggestUpgrade, type UpgradeSuggestion } from "@/lib/domain/upgrade-suggestion";
import type { CustomerFacts } from "@/lib/services/entitlements/customer-facts";
import type { CustomerEntitlements } from "@/lib/services/entitlements/get-entitlements";

export type SuggestionInput = {
  entitlements: CustomerEntitlements;
  facts: Pick<CustomerFacts, "currency" | "membersCount" | "spendCapMinor" | "subscription">;
  uses: MeterUse[];
  /** Staying is no choice then. */
  isRefused: boolean;
};

/** The cheapest way on for a customer. (S3-17, K-13) */
export function findSuggestion(
  { entitlements, facts, uses, isRefused }: SuggestionInput,
  now: Date,
): UpgradeSuggestion | null {
  const { catalogue, plan, allowances, policy } = entitlements;
  const price = plan.prices.find(({ id }) => id === facts.subscription?.priceId) ?? null;
  return suggestUpgrade({
    plans: catalogue.plans,
    // Credit packs cannot be bought yet, and what cannot be done is not suggested.
    creditPacks: [],
    meters: catalogue.meters,
    current: { slug: plan.slug, name: plan.name, overage: plan.overage, allowances, price },
    currency: facts.currency ?? catalogue.currency,
    seatsTaken: facts.membersCount,
    overageCapMinor: facts.spendCapMinor ?? policy.overageCapMinor,
    uses,
    isRefused,
    now,
  });
}

/** As refusals and warnings carry it. `kind`, `plan` and `name` are always there; members may be added, never taken away. */
export function suggestionJson(suggestion: UpgradeSuggestion | null) {
  if (suggestion?.kind !== "upgrade") return null;
  const { kind, plan, name, price, coversUse, saving } = suggestion;
  return {
    kind,
    plan,
    name,
    currency: price.currency,
    month_equivalent_minor: monthEquivalentMinor(price),
    covers_projected_use: coversUse,
    saving_minor_per_month: saving?.minorPerMonth ?? null,
  };
}
