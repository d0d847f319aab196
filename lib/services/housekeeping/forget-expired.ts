import type { Context } from "@/lib/context";

/** At most so many of a kind in one run, so that a run is short whatever has piled up. */
const PER_RUN = 10_000;

/**
 * Deletes what is kept for a time only: answers to idempotent requests, sessions, sign-in mails and changes of address
 * that are over. All of it is refused by its expiry already; this only frees the space. Wall clock; safe to run beside
 * itself.
 */
export async function forgetExpired(ctx: Pick<Context, "db">): Promise<Record<string, number>> {
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
  return {
    idempotency_keys: idempotencyKeys,
    sessions: sessions.count,
    sign_in_mails: signInMails.count,
    email_changes: emailChanges.count,
  };
}
