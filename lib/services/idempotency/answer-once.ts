import { createHash } from "node:crypto";
import { AppError } from "@/lib/app-error";
import type { Context } from "@/lib/context";

/** How long an answer is kept, as Stripe does. https://docs.stripe.com/api/idempotent_requests */
const KEPT_MS = 24 * 3_600_000;
/** A request that has not been answered after this has died. */
const LOCK_MS = 60_000;

export type StoredAnswer = { status: number; body: string };
/** `isTransient`: the caller was told to come again, so the answer must not be the last word. */
export type GivenAnswer = StoredAnswer & { isTransient: boolean };

/**
 * Gives the same request the same answer, however often it is sent with one `Idempotency-Key`. An answer is kept
 * for a day; what failed on our side, or told the caller to come again, is forgotten, so that a retry tries again.
 * Wall clock.
 * @param request what makes two requests the same: method, path, body.
 * @throws AppError `idempotency_mismatch` when the key was used for another request, `idempotency_in_flight` while the
 * first is still being answered.
 */
export async function answerOnce(
  ctx: Pick<Context, "db">,
  input: { ownerId: string; key: string; request: string },
  work: () => Promise<GivenAnswer>,
): Promise<StoredAnswer & { isReplay: boolean }> {
  const { ownerId, key } = input;
  const requestHash = createHash("sha256").update(input.request).digest("hex");
  const claimed = await claim(ctx, { ownerId, key, requestHash });
  if ("answer" in claimed) return { ...claimed.answer, isReplay: true };

  // Whoever took this long was taken over; only the claim's own holder may write.
  const own = { ownerId, key, lockedUntil: claimed.lockedUntil };
  let answer: GivenAnswer | null = null;
  try {
    answer = await work();
  } finally {
    if (!answer || answer.isTransient || answer.status >= 500) {
      await ctx.db.idempotencyKey.deleteMany({ where: own });
    }
  }
  const { status, body, isTransient } = answer;
  if (!isTransient && status < 500) {
    const { count } = await ctx.db.idempotencyKey.updateMany({
      where: own,
      data: { status, body, lockedUntil: null },
    });
    const others = count === 0 ? await findAnswer(ctx, { ownerId, key, requestHash }) : null;
    if (others) return { ...others, isReplay: true };
  }
  return { status, body, isReplay: false };
}

async function findAnswer(
  ctx: Pick<Context, "db">,
  { ownerId, key, requestHash }: { ownerId: string; key: string; requestHash: string },
): Promise<StoredAnswer | null> {
  const row = await ctx.db.idempotencyKey.findUnique({ where: { ownerId_key: { ownerId, key } } });
  if (!row || row.requestHash !== requestHash || row.status === null || row.body === null) return null;
  return { status: row.status, body: row.body };
}

/** Takes the key, or returns the answer it already has. One statement decides between callers. */
async function claim(
  ctx: Pick<Context, "db">,
  { ownerId, key, requestHash }: { ownerId: string; key: string; requestHash: string },
): Promise<{ lockedUntil: Date } | { answer: StoredAnswer }> {
  const now = new Date();
  const lockedUntil = new Date(now.getTime() + LOCK_MS);
  const expiresAt = new Date(now.getTime() + KEPT_MS);
  const taken = await ctx.db.$executeRaw`
    insert into idempotency_keys as k (owner_id, key, request_hash, locked_until, expires_at)
    values (${ownerId}::uuid, ${key}, ${requestHash}, ${lockedUntil}, ${expiresAt})
    on conflict (owner_id, key) do update
       set request_hash = excluded.request_hash, locked_until = excluded.locked_until,
           expires_at = excluded.expires_at, status = null, body = null
     where k.expires_at <= ${now}
        or (k.status is null and k.locked_until <= ${now} and k.request_hash = excluded.request_hash)`;
  if (taken === 1) return { lockedUntil };

  const row = await ctx.db.idempotencyKey.findUnique({ where: { ownerId_key: { ownerId, key } } });
  // Forgotten between the two statements: its first request failed just now.
  if (!row) throw inFlight();
  if (row.requestHash !== requestHash) {
    throw new AppError(
      "idempotency_mismatch",
      "This Idempotency-Key was used for another request. Send each new request with a key of its own.",
    );
  }
  if (row.status === null || row.body === null) throw inFlight();
  return { answer: { status: row.status, body: row.body } };
}

function inFlight(): AppError {
  return new AppError(
    "idempotency_in_flight",
    "A request with this Idempotency-Key is still being answered. Please repeat it in a moment.",
    { retryAfterSeconds: 1 },
  );
}
