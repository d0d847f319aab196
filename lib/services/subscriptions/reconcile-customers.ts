import { AppError } from "@/lib/app-error";
import type { Context } from "@/lib/context";
import { GRANTING_STATUSES } from "@/lib/domain/access";
import { logError } from "@/lib/log";
import { syncCustomer } from "./sync-customer";

/** Stripe renews within the hour that its draft invoice waits; until then silence means nothing. */
const SILENCE_MS = 60 * 60 * 1000;
/**
 * Reads those customers again whose period or trial ended an hour ago and of whom nothing was heard since. Events
 * are at-least-once only while the endpoint is configured: without this, one that is not would grant for ever.
 * Each customer once an hour at most; safe beside itself. (S0-113, S2-59)
 */
export async function reconcileCustomers(
  ctx: Context,
  { limit }: { limit: number },
): Promise<{ reread: number; failed: number }> {
  const overdue = await ctx.db.customer.findMany({
    where: {
      currentSubscription: {
        // The others grant nothing by being out of date.
        status: { in: [...GRANTING_STATUSES] },
        currentPeriodEnd: { lte: new Date(ctx.now.getTime() - SILENCE_MS) },
      },
      OR: [{ syncedAt: null }, { syncedAt: { lt: new Date(Date.now() - SILENCE_MS) } }],
    },
    select: { id: true },
    orderBy: { syncedAt: { sort: "asc", nulls: "first" } },
    take: limit,
  });
  let reread = 0;
  let failed = 0;
  for (const { id: customerId } of overdue) {
    try {
      await syncCustomer(ctx, { customerId });
      reread += 1;
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      logError("subscription.reconciliation_failed", error.options.cause ?? error, {
        customer_id: customerId,
      });
      failed += 1;
      // Stripe is away for all of them; the next run begins where this one stopped.
      if (error.code === "stripe_unavailable") break;
    }
  }
  return { reread, failed };
}
