import { AppError } from "@/lib/app-error";
import type { Context } from "@/lib/context";
import { runStripeCommand } from "./send-stripe-command";

/**
 * Repeats the commands that Stripe has not answered yet and that are due. A checkout session is not among them:
 * it belongs to a person waiting for a page, who asks again or has left.
 * Safe to run beside itself: Stripe sees one idempotency key. (S0-112)
 */
export async function sweepStripeCommands(
  ctx: Context,
  input: { limit: number },
): Promise<{ repeated: number; stillWaiting: number }> {
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
