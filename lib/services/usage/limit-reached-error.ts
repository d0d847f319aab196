import { AppError } from "@/lib/app-error";
import type { Context } from "@/lib/context";
import { findExhaustedWindow, type WindowUse } from "@/lib/domain/limit-reached";
import { monthEquivalentMinor } from "@/lib/domain/money";
import { suggestUpgrade, type UpgradeSuggestion } from "@/lib/domain/upgrade-suggestion";
import type { CustomerEntitlements } from "@/lib/services/entitlements/get-entitlements";

export type RefusedUse = {
  customerId: string;
  meter: string;
  quantity: number;
  /** The windows it is counted in, as they stood when it was refused. */
  windows: WindowUse[];
  entitlements: CustomerEntitlements;
};

/**
 * The answer at a limit: what ran out, when it comes back, and the cheapest way on. Its words and its status are the
 * catalogue's; its body is stable, so that programs may rely on it. (S1-94, S2-54, K-11)
 */
export async function limitReachedError(
  ctx: Pick<Context, "db" | "now">,
  refused: RefusedUse,
): Promise<AppError> {
  const exhausted = findExhaustedWindow(refused.windows, refused.quantity);
  if (!exhausted) throw new Error("usage was denied although every window has room");
  const { text, status } = refused.entitlements.policy.limitReached;
  return new AppError("limit_reached", text, {
    status,
    extra: {
      meter: refused.meter,
      window: exhausted.window,
      limit: exhausted.limit,
      // Open holds count as used.
      used: exhausted.used + exhausted.held,
      // A lifetime window never resets.
      reset_at: exhausted.window === "lifetime" ? null : exhausted.end.toISOString(),
      suggestion: suggestionJson(await findSuggestion(ctx, refused)),
    },
  });
}

async function findSuggestion(
  { db, now }: Pick<Context, "db" | "now">,
  { customerId, meter, quantity, windows, entitlements }: RefusedUse,
): Promise<UpgradeSuggestion | null> {
  const { catalogue, plan, allowances, policy } = entitlements;
  const customer = await db.customer.findUniqueOrThrow({
    where: { id: customerId },
    select: {
      currency: true,
      currentSubscription: { select: { priceId: true } },
      _count: { select: { members: true } },
    },
  });
  const price = plan.prices.find(({ id }) => id === customer.currentSubscription?.priceId) ?? null;
  return suggestUpgrade({
    plans: catalogue.plans,
    // Credits do not pay for a reservation yet, and what would not help is not suggested.
    creditPacks: [],
    meters: catalogue.meters,
    current: { slug: plan.slug, name: plan.name, overage: plan.overage, allowances, price },
    currency: customer.currency ?? catalogue.currency,
    seatsTaken: customer._count.members,
    overageCapMinor: policy.overageCapMinor,
    uses: [{ meter, asked: quantity, windows }],
    isRefused: true,
    now,
  });
}

/** `kind`, `plan` and `name` are always there; members may be added, never taken away. */
function suggestionJson(suggestion: UpgradeSuggestion | null) {
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
