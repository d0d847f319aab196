import type { Context } from "@/lib/context";

/**
 * The janitor: gives back holds that nobody settled in time, so that a process that died costs its customer
 * nothing. Safe to run beside itself.
 * @returns how many it expired.
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
  let expired = 0;
  for (const { customerId, id } of abandoned) {
    const [row] = await ctx.db.$queryRaw<{ state: string }[]>`
      select release_reservation(${customerId}::uuid, ${id}::uuid, 'expired', ${ctx.now}::timestamptz) as state`;
    if (row?.state === "expired") expired += 1;
  }
  return expired;
}
