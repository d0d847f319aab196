import type { Context } from "@/lib/context";

/** For how long a settled reservation, and with it the key it was made by, is known. */
const RESERVATION_DAYS = 35;

/** Partitions of usage events are made this many months ahead; one that is missing is made when its first event comes. */
const MONTHS_AHEAD = 3;

/** At most so many of a kind in one run, so that a run is short whatever has piled up. */
const PER_RUN = 10_000;

/**
 * Deletes what is kept for a time only: answers to idempotent requests, sessions, sign-in mails and changes of address
 * that are over. All of it is refused by its expiry already; this only frees the space. Wall clock. Reservations go by
 * business time, 35 days after they were settled, and the partitions of the months to come are made. Safe to run beside
 * itself.
 */
export async function forgetExpired(ctx: Pick<Context, "db" | "now">): Promise<Record<string, number>> {
  const now = new Date();
  const idempotencyKeys = await ctx.db.$executeRaw`
    delete from idempotency_keys where (owner_id, key) in
      (select owner_id, key from idempotency_keys where expires_at <= ${now} limit ${PER_RUN})`;
  const sessions = await ctx.db.session.deleteMany({ where: { expires: { lte: now } }, limit: PER_RUN });
  const signInMails = await ctx.db.verificationToken.deleteMany({
    where: { expires: { lte: now } },
    limit: PER_RUN,
  });
  const emailChanges = await ctx.db.emailChange.deleteMany({
    where: { expiresAt: { lte: now } },
    limit: PER_RUN,
  });
  const settledBefore = new Date(ctx.now.getTime() - RESERVATION_DAYS * 86_400_000);
  const reservations = await ctx.db.$executeRaw`
    delete from reservations where (customer_id, id) in
      (select customer_id, id from reservations where settled_at <= ${settledBefore} limit ${PER_RUN})`;
  await ctx.db.$executeRaw`
    select ensure_usage_partition(${ctx.now}::timestamptz + make_interval(months => m))
    from generate_series(0, ${MONTHS_AHEAD}::integer) m`;
  return {
    reservations,
    idempotency_keys: idempotencyKeys,
    sessions: sessions.count,
    sign_in_mails: signInMails.count,
    email_changes: emailChanges.count,
  };
}
