import { AppError } from "@/lib/app-error";
import type { Context } from "@/lib/context";
import type { ReservationState, UsePayment } from "@/lib/db/decide-uses";
import type { WindowUse } from "@/lib/domain/limit-reached";
import type { CustomerEntitlements } from "@/lib/services/entitlements/get-entitlements";
import { assertUse } from "./assert-use";
import { limitReachedError } from "./limit-reached-error";
import { askUses, type Use, type UseAnswer } from "./usage-engine";

export type ReserveUsageInput = Use & {
  customerId: string;
  /** Aborted while it still waits for its turn, nothing is held. */
  signal?: AbortSignal;
};

export type Reservation = {
  id: string;
  state: ReservationState;
  /** Made by an earlier call with this key, maybe in windows that have closed since. */
  isReplay: boolean;
  /** Units held, or used once it is committed: less than was asked for only where `least` said so. */
  quantity: number;
  /** Until when it is held, if nobody settles it before. A settlement after that is posted all the same. */
  expiresAt: Date;
  paidBy: UsePayment;
  /** The windows it counts in, after this hold. */
  windows: WindowUse[];
  /** The customer's credits after it: what they have, and what open holds keep of that. */
  balance: { credits: number; held: number };
  entitlements: CustomerEntitlements;
};

/**
 * Holds units of a meter before they are used: the decision whether the customer may. The database makes it, in all
 * windows at once and for credits and overage too, so however many ask together, exactly what is there passes; and it is
 * durable when this returns. (S0-52, S1-97, K-28, D-06)
 * @throws AppError `limit_reached` with the stable body of limit-reached-error.ts; `invalid_request` for a meter that is
 *   not there; `idempotency_mismatch` when the key was used for something else; `not_found`; `overloaded`.
 */
export async function reserveUsage(
  ctx: Pick<Context, "db" | "now">,
  { customerId, signal, ...use }: ReserveUsageInput,
): Promise<Reservation> {
  await assertUse(ctx, use);
  const [answer] = await askUses(ctx, "hold", customerId, { uses: [use], allOrNone: false, signal });
  if (!answer) throw new Error("a use was not answered");
  return toReservation(ctx, { customerId, use, answer });
}

/** An answer as the caller is told it. @throws AppError for every answer that is no. */
export async function toReservation(
  ctx: Pick<Context, "db" | "now">,
  { customerId, use, answer }: { customerId: string; use: Use; answer: UseAnswer },
): Promise<Reservation> {
  const { decision, windows, balance, entitlements } = answer;
  switch (decision.outcome) {
    case "mismatch":
      throw new AppError(
        "idempotency_mismatch",
        "This idempotency key was used before for another meter or quantity.",
        { fields: [{ field: "idempotency_key", message: "was used before for another request" }] },
      );
    case "denied":
    case "not_all":
      throw await limitReachedError(ctx, { customerId, ...use, windows, entitlements });
    default: {
      const { outcome, id, state, quantity, expiresAt, ...paidBy } = decision;
      const isReplay = outcome === "replayed";
      return { id, state, quantity, expiresAt, paidBy, isReplay, windows, balance, entitlements };
    }
  }
}
