import { AppError } from "@/lib/app-error";
import type { Context } from "@/lib/context";
import type { InputJsonValue } from "@/lib/db/generated/internal/prismaNamespace";
import { newId } from "@/lib/new-id";

type Settlement = { customerId: string; reservationId: string };

/**
 * Posts what was really used and gives the rest of the hold back. Repeated, it changes nothing; after the hold
 * expired it posts all the same, because the work was done.
 * @param input.quantity units really used, zero or more.
 * @param input.details what explains the use: model, tokens, how the call ended. No texts.
 * @throws AppError `not_found`; `conflict` when the hold was released before.
 */
export async function commitReservation(
  ctx: Pick<Context, "db" | "now">,
  input: Settlement & { quantity: number; details: Record<string, InputJsonValue | null> },
): Promise<void> {
  const [row] = await ctx.db.$queryRaw<{ state: string }[]>`
    select commit_reservation(
      ${input.customerId}::uuid, ${input.reservationId}::uuid, ${newId()}::uuid,
      ${input.quantity}::bigint, ${JSON.stringify(input.details)}::jsonb, ${ctx.now}::timestamptz) as state`;
  if (row?.state === "committed") return;
  throw settled(input, row?.state);
}

/**
 * Gives a hold back whole: nothing was used. Repeated, it changes nothing.
 * @throws AppError `not_found`; `conflict` when the use was posted before.
 */
export async function releaseReservation(ctx: Pick<Context, "db" | "now">, input: Settlement): Promise<void> {
  const [row] = await ctx.db.$queryRaw<{ state: string }[]>`
    select release_reservation(
      ${input.customerId}::uuid, ${input.reservationId}::uuid, 'released', ${ctx.now}::timestamptz) as state`;
  if (row?.state === "released" || row?.state === "expired") return;
  throw settled(input, row?.state);
}

function settled({ reservationId }: Settlement, state: string | undefined): AppError {
  if (!state || state === "unknown") return new AppError("not_found", "There is no such reservation.");
  return new AppError("conflict", `This reservation was ${state} before.`, {
    detail: `reservation ${reservationId} is ${state}`,
  });
}
