/**
 * The payment grace period: how long a customer keeps paid access after a renewal payment first fails.
 * Its length is catalogue policy (7 days unless a catalogue says otherwise). Cancellation has none:
 * access then runs to the end of the paid period. (S0-101, S0-119)
 */
const DAY_MS = 24 * 60 * 60 * 1000;

/** The moment paid access ends if the renewal stays unpaid. */
export function gracePeriodEnd(firstFailedAt: Date, graceDays: number): Date {
  return new Date(firstFailedAt.getTime() + graceDays * DAY_MS);
}

/** Access ends at the deadline itself, so the comparison is strict. */
export function isInPaymentGracePeriod(firstFailedAt: Date, graceDays: number, now: Date): boolean {
  return now < gracePeriodEnd(firstFailedAt, graceDays);
}
