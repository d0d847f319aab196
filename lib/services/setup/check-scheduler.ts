import type { Context } from "@/lib/context";
import { runCheck, type SystemCheck } from "./system-check";

/** Every job runs each minute; what has been due for longer than this was not looked at. */
const OVERDUE_MS = 5 * 60_000;

/**
 * That nothing is overdue which the scheduled jobs would have done. A job that ran leaves no trace of itself, so on
 * a quiet installation this is no proof that they run.
 */
export function checkScheduler(ctx: Context): Promise<SystemCheck> {
  return runCheck("What is due cannot be read: the database does not answer.", async () => {
    const byWallClock = new Date(Date.now() - OVERDUE_MS);
    const byBusinessTime = new Date(ctx.now.getTime() - OVERDUE_MS);
    const [events, commands, holds] = await Promise.all([
      ctx.db.stripeEvent.count({ where: { state: "received", nextAttemptAt: { lt: byWallClock } } }),
      ctx.db.stripeCommand.count({ where: { state: "pending", nextAttemptAt: { lt: byWallClock } } }),
      ctx.db.reservation.count({ where: { state: "held", expiresAt: { lt: byBusinessTime } } }),
    ]);
    const facts = [
      { term: "Overdue events", detail: String(events) },
      { term: "Overdue writes", detail: String(commands) },
      { term: "Overdue holds", detail: String(holds) },
    ];
    if (events + commands + holds > 0) {
      return {
        state: "failed",
        summary: "Work has been due for more than five minutes: the scheduled jobs do not run.",
        facts,
      };
    }
    return { state: "works", summary: "Nothing is overdue.", facts };
  });
}
