import type Stripe from "stripe";

type Grant = Stripe.Billing.CreditGrant;

/**
 * The order grants are used in: by priority, then what expires sooner, promotional before paid, what became effective
 * earlier, what was granted earlier. Takes them newest first.
 * https://docs.stripe.com/billing/subscriptions/usage-based/billing-credits
 */
export function inOrderOfUse(grants: readonly Grant[]): Grant[] {
  return [...grants]
    .reverse()
    .sort(
      (a, b) =>
        (a.priority ?? 0) - (b.priority ?? 0) ||
        byTime(a.expires_at, b.expires_at) ||
        categoryRank(a) - categoryRank(b) ||
        byTime(a.effective_at, b.effective_at) ||
        a.created - b.created,
    );
}

/** Never comes last. */
function byTime(a: number | null, b: number | null): number {
  if (a === b) return 0;
  if (a === null) return 1;
  return b === null ? -1 : a - b;
}

function categoryRank({ category }: Grant): number {
  return category === "promotional" ? 0 : 1;
}
