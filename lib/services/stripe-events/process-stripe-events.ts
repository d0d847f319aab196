import type { Context } from "@/lib/context";
import { logError } from "@/lib/log";
import { withCustomerLease } from "@/lib/services/customers/with-customer-lease";
import { projectCustomer } from "@/lib/services/subscriptions/project-customer";

/** For as long as Stripe itself repeats a delivery; what still fails then waits for an admin's replay. */
const RETRY_FOR_MS = 3 * 24 * 60 * 60 * 1000;

export type ProcessResult = { processed: number; failed: number };

/**
 * Processes what the inbox holds for one Stripe customer: one reading at Stripe, one transaction, all events.
 * Events that arrive while it reads are left for the next run, since the reading may be older than they are.
 * A failure is recorded on each event, retried with back-off, and never swallowed. (S1-59, S1-131, D-01)
 */
export async function processStripeEvents(
  ctx: Context,
  { stripeCustomerId }: { stripeCustomerId: string },
): Promise<ProcessResult> {
  const customer = await ctx.db.customer.findUnique({ where: { stripeCustomerId } });
  if (!customer) {
    const failed = await recordFailure(
      ctx,
      await waitingEventIds(ctx, stripeCustomerId),
      "no customer here has this Stripe customer",
    );
    return { processed: 0, failed };
  }
  let ids: string[] = [];
  try {
    return await withCustomerLease(ctx, customer.id, 10_000, async (lease) => {
      ids = await waitingEventIds(ctx, stripeCustomerId);
      if (ids.length > 0) await projectCustomer(ctx, lease, { processedEventIds: ids });
      return { processed: ids.length, failed: 0 };
    });
  } catch (error) {
    logError("stripe_events.processing_failed", error, { customer_id: customer.id });
    if (ids.length === 0) ids = await waitingEventIds(ctx, stripeCustomerId);
    const failed = await recordFailure(ctx, ids, error instanceof Error ? error.message : String(error));
    return { processed: 0, failed };
  }
}

/** Processes whatever waits in the inbox and is due. Run by the scheduler; safe beside itself. (S0-113, S2-59) */
export async function sweepStripeEvents(ctx: Context, { limit }: { limit: number }): Promise<ProcessResult> {
  const due = await ctx.db.stripeEvent.findMany({
    where: { state: "received", nextAttemptAt: { lte: new Date() }, stripeCustomerId: { not: null } },
    distinct: ["stripeCustomerId"],
    orderBy: { nextAttemptAt: "asc" },
    take: limit,
  });
  const total: ProcessResult = { processed: 0, failed: 0 };
  for (const { stripeCustomerId } of due) {
    if (!stripeCustomerId) continue;
    const result = await processStripeEvents(ctx, { stripeCustomerId });
    total.processed += result.processed;
    total.failed += result.failed;
  }
  return total;
}

async function waitingEventIds(ctx: Context, stripeCustomerId: string): Promise<string[]> {
  const events = await ctx.db.stripeEvent.findMany({
    where: { stripeCustomerId, state: "received" },
    select: { id: true },
    take: 500,
  });
  return events.map((event) => event.id);
}

async function recordFailure(ctx: Context, ids: string[], lastError: string): Promise<number> {
  const now = new Date();
  const givenUpBefore = new Date(now.getTime() - RETRY_FOR_MS);
  // One statement, so that a processor that finished meanwhile keeps its "processed". What is not due was tried
  // for the sake of an event that came later, which is not to cost it a try.
  return ctx.db.$executeRaw`
    update stripe_events
       set attempts = attempts + 1,
           last_error = ${lastError},
           state = case when received_at <= ${givenUpBefore} then 'failed'::stripe_event_state else state end,
           next_attempt_at = ${now}::timestamptz
             + least(power(2, least(attempts, 10)), 600) * interval '1 second' * (0.5 + random() / 2)
     where id = any(${ids}::text[]) and state = 'received' and next_attempt_at <= ${now}`;
}
