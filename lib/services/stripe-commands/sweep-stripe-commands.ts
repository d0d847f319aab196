import { AppError } from "@/lib/app-error";
import type { Context } from "@/lib/context";
import { COMMAND_LIFETIME_MS, runStripeCommand, UNANSWERED } from "./send-stripe-command";

/**
 * Repeats the commands that Stripe has not answered yet and that are due. A checkout session is not among them:
 * it belongs to a person waiting for a page, who asks again or has left, and a day later it is listed as failed.
 * Safe to run beside itself: Stripe sees one idempotency key. (S0-112)
 */
export async function sweepStripeCommands(
  ctx: Context,
  input: { limit: number },
): Promise<{ repeated: number; stillWaiting: number }> {
  await ctx.db.stripeCommand.updateMany({
    where: {
      state: "pending",
      kind: "checkout.sessions.create",
      createdAt: { lt: new Date(Date.now() - COMMAND_LIFETIME_MS) },
    },
    data: { state: "failed", lastError: UNANSWERED, nextAttemptAt: null, updatedAt: new Date() },
  });
  const due = await ctx.db.stripeCommand.findMany({
    where: {
      state: "pending",
      kind: { not: "checkout.sessions.create" },
      nextAttemptAt: { lte: new Date() },
    },
    orderBy: { nextAttemptAt: "asc" },
    take: input.limit,
  });
  let stillWaiting = 0;
  for (const row of due) {
    try {
      await runStripeCommand(ctx, row);
    } catch (error) {
      // Both are recorded on the row; the next one is not to wait for this.
      if (!(error instanceof AppError)) throw error;
      stillWaiting += 1;
    }
  }
  return { repeated: due.length, stillWaiting };
}
