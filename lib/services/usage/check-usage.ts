import type { AppError } from "@/lib/app-error";
import type { Context } from "@/lib/context";
import type { UsePayment } from "@/lib/db/decide-uses";
import { findExhaustedWindow, type WindowUse } from "@/lib/domain/limit-reached";
import { assertUse } from "./assert-use";
import { limitReachedError } from "./limit-reached-error";
import { askUses, type Use, type UseAnswer } from "./usage-engine";

export type RefusalReason = "limit_reached" | "meter_not_in_plan" | "member_cap_reached" | "no_access";

export type UsageCheck = {
  /** The windows as they are now, without the use that was asked about. */
  windows: WindowUse[];
  balance: { credits: number; held: number };
} & (
  | { allowed: true /** Who would pay. */; paidBy: UsePayment }
  | { allowed: false; reason: RefusalReason /** What the use itself would be answered. */; refusal: AppError }
);

/**
 * Whether a use would be allowed now, why not, and who would pay. Nothing is written and nothing is held, so the answer
 * is of this moment: only a reservation keeps what it promises. (S3-16, S1-94)
 * @throws AppError `invalid_request` for a meter that is not there; `not_found`; `overloaded`.
 */
export async function checkUsage(
  ctx: Pick<Context, "db" | "now">,
  { customerId, ...asked }: Pick<Use, "meter" | "userId" | "quantity"> & { customerId: string },
): Promise<UsageCheck> {
  const use = { ...asked, key: "check" };
  await assertUse(ctx, use);
  const [answer] = await askUses(ctx, "check", customerId, { uses: [use], allOrNone: false });
  if (!answer) throw new Error("a use was not answered");
  const { decision, windows, balance, entitlements } = answer;
  if (decision.outcome === "held") {
    const { allowance, creditUnits, credits, overage, uncovered } = decision;
    const paidBy = { allowance, creditUnits, credits, overage, uncovered };
    return { allowed: true, windows, balance, paidBy };
  }
  const refusal = await limitReachedError(ctx, { customerId, ...use, windows, entitlements });
  return { allowed: false, reason: reasonOf(use, answer), windows, balance, refusal };
}

function reasonOf({ meter, quantity }: Use, { windows, entitlements }: UseAnswer): RefusalReason {
  if (entitlements.access === "none") return "no_access";
  if (!entitlements.allowances.some((allowance) => allowance.meter === meter)) return "meter_not_in_plan";
  return findExhaustedWindow(windows, quantity)?.userId ? "member_cap_reached" : "limit_reached";
}
