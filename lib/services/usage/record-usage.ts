import type { Context } from "@/lib/context";
import { getUsage } from "./get-usage";
import { type Reservation, type ReserveUsageInput, reserveUsage } from "./reserve-usage";
import { commitReservation } from "./settle-reservation";

/**
 * Counts a use in one call: reserves it and posts it. Dying in between leaves a hold that the same key finds
 * and posts, so whoever repeats the call is counted once. (S2-33, S3-14)
 * @returns the reservation with its windows after the posting. Errors as `reserveUsage`.
 */
export async function recordUsage(ctx: Context, input: ReserveUsageInput): Promise<Reservation> {
  const reservation = await reserveUsage(ctx, input);
  const { customerId, quantity } = input;
  await commitReservation(ctx, {
    customerId,
    reservationId: reservation.id,
    quantity,
    details: { source: "recorded" },
  });
  if (reservation.isReplay) {
    const { meters } = await getUsage(ctx, { customerId });
    const windows = meters.find((entry) => entry.meter.key === input.meter)?.windows ?? [];
    return { ...reservation, state: "committed", windows };
  }
  const windows = reservation.windows.map((window) => ({
    ...window,
    used: window.used + quantity,
    held: window.held - quantity,
  }));
  return { ...reservation, state: "committed", windows };
}
