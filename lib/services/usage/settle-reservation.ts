import { AppError } from "@/lib/app-error";
import type { Context } from "@/lib/context";
import type { UseDetails, UsePayment } from "@/lib/db/decide-uses";
import { commitUse, releaseUse } from "./usage-engine";

type Settlement = { customerId: string; reservationId: string };

export type SettledUse = {
  quantity: number;
  paidBy: UsePayment;
  /** It had been committed before; this is what was posted then. */
  isReplay: boolean;
};

/**
 * Posts what was really used and gives the rest of the hold back. More than was held takes what is free by now, then
 * credits, then overage within the cap; what is beyond that is written off as uncovered. Repeated, it changes nothing;
 * after the hold expired it posts all the same, because the work was done.
 * @param input.quantity units really used, zero or more.
 * @param input.creditsPerUnit what a unit really cost in credits; as reserved unless it says so.
 * @param input.details what explains the use: `source` (provider, counted, estimated), `model`, `request_id`,
 *   `price_version`, `provider_cost_micros`, and what else there is to say. No texts.
 * @throws AppError `not_found`; `conflict` when the hold was released before; `invalid_request` for a quantity that is none.
 */
export async function commitReservation(
  ctx: Pick<Context, "db" | "now">,
  input: Settlement & { quantity: number; creditsPerUnit?: number; details: UseDetails },
): Promise<SettledUse> {
  if (!Number.isSafeInteger(input.quantity) || input.quantity < 0) {
    throw new AppError("invalid_request", "The quantity is not one that can have been used.", {
      fields: [{ field: "quantity", message: "must be a whole number from 0 to 9007199254740991" }],
    });
  }
  const answer = await commitUse(ctx, input.customerId, {
    id: input.reservationId,
    quantity: input.quantity,
    creditsPerUnit: input.creditsPerUnit ?? null,
    details: input.details,
  });
  if (!("quantity" in answer)) throw settled(input, answer.outcome);
  const { outcome, quantity, ...paidBy } = answer;
  return { quantity, paidBy, isReplay: outcome === "replayed" };
}

/**
 * Gives a hold back whole: nothing was used. Repeated, it changes nothing.
 * @returns `expired` when the janitor had given it back before; what was used may then still be committed.
 * @throws AppError `not_found`; `conflict` when the use was posted before.
 */
export async function releaseReservation(
  ctx: Pick<Context, "db" | "now">,
  input: Settlement,
): Promise<"released" | "expired"> {
  const state = await releaseUse(ctx, input.customerId, input.reservationId);
  if (state === "released" || state === "expired") return state;
  throw settled(input, state);
}

function settled({ reservationId }: Settlement, state: string): AppError {
  if (state === "unknown") return new AppError("not_found", "There is no such reservation.");
  return new AppError("conflict", `This reservation was ${state} before.`, {
    detail: `reservation ${reservationId} is ${state}`,
  });
}
