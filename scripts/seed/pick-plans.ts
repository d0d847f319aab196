import type { Context } from "@/lib/context";
import type { PlanPrice, PlanTerms } from "@/lib/domain/catalogue";
import { intervalMonths, monthEquivalentMinor } from "@/lib/domain/money";
import { getCatalogue } from "@/lib/services/catalogue/get-catalogue";

/** A plan with the price it is bought at: the one with the shortest interval. */
export type Offer = { plan: PlanTerms; price: PlanPrice };

/** What the demo world is built from, whatever catalogue is sold. */
export type Cast = {
  freePlan: PlanTerms;
  /** The cheapest plan that is sold to anybody; null in a catalogue without one. */
  cheapestOffer: Offer | null;
  /** The highest plan that is sold to anybody. */
  highestOffer: Offer | null;
  graceDays: number;
  autoRenews: boolean;
};

export async function pickPlans(ctx: Pick<Context, "db">): Promise<Cast> {
  const { plans: onSale, policy, meters } = await getCatalogue(ctx);
  const counters = meters.filter(({ kind }) => kind === "counter").map(({ key }) => key);
  const plans = onSale.map((plan) => ({
    ...plan,
    // A level is set, not used: nobody's history has any of it.
    allowances: plan.allowances.filter(({ meter }) => counters.includes(meter)),
  }));
  const [freePlan] = plans;
  if (!freePlan) throw new Error("The catalogue has no plan.");
  const offers = plans.flatMap((plan) => {
    const [price] = plan.prices.toSorted((a, b) => intervalMonths(a) - intervalMonths(b));
    return plan.availability === "public" && price ? [{ plan, price }] : [];
  });
  return {
    freePlan,
    cheapestOffer: offers.toSorted((a, b) => monthOf(a) - monthOf(b))[0] ?? null,
    highestOffer: offers.at(-1) ?? null,
    graceDays: policy.graceDays,
    autoRenews: policy.autoRenews,
  };
}

function monthOf({ price }: Offer): number {
  return monthEquivalentMinor(price);
}
