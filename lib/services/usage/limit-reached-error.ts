import { AppError } from "@/lib/app-error";
import type { Context } from "@/lib/context";
import { findExhaustedWindow, type WindowUse } from "@/lib/domain/limit-reached";
import type { CustomerEntitlements } from "@/lib/services/entitlements/get-entitlements";
import { knownCustomer } from "@/lib/services/entitlements/known-facts";
import { findSuggestion, suggestionJson } from "./find-suggestion";

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
  { customerId, meter, quantity, windows, entitlements }: RefusedUse,
): Promise<AppError> {
  const exhausted = findExhaustedWindow(windows, quantity);
  if (!exhausted) throw new Error("usage was denied although every window has room");
  const { text, status } = entitlements.policy.limitReached;
  // The facts that it was just decided by: a refusal asks the database no second time.
  const { facts } = await knownCustomer(ctx, entitlements.catalogue, customerId);
  const uses = [{ meter, asked: quantity, windows }];
  // Who has used up a share of their own is not helped by a larger plan.
  const suggestion = exhausted.userId
    ? null
    : findSuggestion({ entitlements, facts, uses, isRefused: true }, ctx.now);
  return new AppError("limit_reached", text, {
    status,
    extra: {
      meter,
      window: exhausted.window,
      limit: exhausted.limit,
      // Open holds count as used.
      used: exhausted.used + exhausted.held,
      // A lifetime window never resets.
      reset_at: exhausted.window === "lifetime" ? null : exhausted.end.toISOString(),
      suggestion: suggestionJson(suggestion),
    },
  });
}
