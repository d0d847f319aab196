import type { Context } from "@/lib/context";
import { releaseUses } from "@/lib/db/settle-uses";
import { announceUsage } from "@/lib/services/edge/announce-usage";

/**
 * The janitor: gives back holds that nobody settled in time, so that a process that died costs its customer
 * nothing. Safe to run beside itself.
 * @returns how many it found expired.
 */
export async function expireReservations(
  ctx: Pick<Context, "db" | "now">,
  { limit }: { limit: number },
): Promise<number> {
  const abandoned = await ctx.db.reservation.findMany({
    where: { state: "held", expiresAt: { lte: ctx.now } },
    select: { customerId: true, id: true },
    orderBy: { expiresAt: "asc" },
    take: limit,
  });
  const byCustomer = Map.groupBy(abandoned, ({ customerId }) => customerId);
  for (const [customerId, holds] of byCustomer) {
    const ids = holds.map(({ id }) => id);
    await releaseUses(ctx.db, { customerId, ids, state: "expired", now: ctx.now });
    announceUsage(ctx, customerId);
  }
  return abandoned.length;
}
