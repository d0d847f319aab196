import type { Context } from "@/lib/context";
import { assertUse } from "./assert-use";
import { getUsage } from "./get-usage";
import { type Reservation, toReservation } from "./reserve-usage";
import { askUses, commitUse, type Use, type UseAnswer } from "./usage-engine";

/**
 * Counts a use in one call: decided, posted and durable when this returns. A repeated key is counted once, and one that
 * was only held before is posted now. (S2-33, S2-55, S3-14)
 * @returns the reservation with its windows after the posting. Errors as `reserveUsage`.
 */
export async function recordUsage(
  ctx: Pick<Context, "db" | "now">,
  { customerId, ...use }: Use & { customerId: string },
): Promise<Reservation> {
  await assertUse(ctx, use);
  const [answer] = await askUses(ctx, "post", customerId, { uses: [use], allOrNone: false });
  if (!answer) throw new Error("a use was not answered");
  return posted(ctx, await toReservation(ctx, { customerId, use, answer }), { customerId, use });
}

export type RecordedUse = { use: Use; answer: UseAnswer };

/**
 * Counts many uses of one customer in one statement, in their order.
 * @param input.allOrNone one use that is refused refuses all of them; replays stay what they are.
 * @returns what became of each; a refusal is an answer here, not an error.
 * @throws AppError `invalid_request` naming the row; `not_found`; `overloaded`.
 */
export async function recordUsageBatch(
  ctx: Pick<Context, "db" | "now">,
  { customerId, uses, allOrNone }: { customerId: string; uses: Use[]; allOrNone: boolean },
): Promise<RecordedUse[]> {
  for (const [index, use] of uses.entries()) await assertUse(ctx, use, `records.${index}.`);
  const answers = await askUses(ctx, "post", customerId, { uses, allOrNone });
  return uses.flatMap((use, index) => {
    const answer = answers[index];
    return answer ? [{ use, answer }] : [];
  });
}

/** A key that an earlier call left as a hold, because it died or because it was a reservation, is posted now. */
async function posted(
  ctx: Pick<Context, "db" | "now">,
  reservation: Reservation,
  { customerId, use }: { customerId: string; use: Use },
): Promise<Reservation> {
  if (reservation.state !== "held" && reservation.state !== "expired") return reservation;
  const answer = await commitUse(ctx, customerId, {
    id: reservation.id,
    quantity: use.quantity,
    creditsPerUnit: null,
    details: use.details ?? {},
  });
  // Given back meanwhile by whoever held it: the reservation says so.
  if (!("quantity" in answer)) return reservation;
  const { outcome: _, quantity, ...paidBy } = answer;
  // It may have been held in windows that have closed since: what is told is how things stand now.
  const { meters } = await getUsage(ctx, { customerId });
  const windows = meters.find((entry) => entry.meter.key === use.meter)?.windows ?? [];
  return { ...reservation, quantity, paidBy, windows, state: "committed" };
}
