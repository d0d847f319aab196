import { timingSafeEqual } from "node:crypto";
import { AppError } from "@/lib/app-error";
import { consumeSignInToken } from "@/lib/auth/consume-sign-in-token";
import { createUser } from "@/lib/auth/create-user";
import { hashSignInCode } from "@/lib/auth/hash-sign-in-code";
import { type OpenedSession, openSession } from "@/lib/auth/open-session";
import type { Context } from "@/lib/context";
import { SIGN_IN_CODE_TRIES } from "@/lib/domain/sign-in-code";
import { checkRate } from "./check-rate";

/** Tries for one address, whoever makes them: five a mail, and still no way through by asking for mail after mail. */
const PER_ADDRESS = { name: "sign-in-code-address", limit: 20, windowSeconds: 24 * 60 * 60 };
/** Tries of one visitor, for whatever addresses. */
const PER_VISITOR = { name: "sign-in-code-visitor", limit: 30, windowSeconds: 15 * 60 };

/** One for all reasons: which it was would help whoever guesses. */
const REFUSAL =
  "This code is wrong, too old, or was used before. Check the latest mail, use the link in it, or have a new one sent.";

/**
 * Signs in whoever knows the code mailed to an address; on the first time this makes their account. Uses up all the
 * mails the address was sent, links and codes.
 *
 * A try is counted before it is looked at, in one statement: guesses made at the same time cannot exceed five a mail.
 * With the limits that is at most 20 of a million a day. A wrong, an old, a used and a used-up code get one answer.
 * @param email, code as `EmailAddress` and `parseSignInCode` give them.
 * @throws AppError `unauthenticated`, `rate_limited`.
 */
export async function signInWithCode(
  ctx: Pick<Context, "db" | "env" | "rateLimiter" | "now">,
  {
    email,
    code,
    visitor,
    userAgent,
  }: { email: string; code: string; visitor: string; userAgent: string | null },
): Promise<OpenedSession> {
  await checkRate(ctx, {
    what: "Too many codes were tried. Use the link in the mail instead.",
    limits: [
      [PER_VISITOR, visitor],
      [PER_ADDRESS, email],
    ],
  });
  const mails = await ctx.db.$queryRaw<{ token: string; code_hash: string }[]>`
    update verification_tokens set code_attempts = code_attempts + 1
    where identifier = ${email} and code_hash is not null
      and expires > ${new Date()} and code_attempts < ${SIGN_IN_CODE_TRIES}
    returning token, code_hash`;
  const given = Buffer.from(hashSignInCode(ctx.env.authSecret, { email, code }));
  const mail = mails.find(({ code_hash: hash }) => timingSafeEqual(Buffer.from(hash), given));
  const session = mail ? await openWith(ctx, { email, token: mail.token, userAgent }) : null;
  if (session) return session;
  throw new AppError("unauthenticated", REFUSAL, { fields: [{ field: "code", message: REFUSAL }] });
}

/** Null when somebody else used the mail in between. */
async function openWith(
  ctx: Pick<Context, "db" | "now">,
  { email, token, userAgent }: { email: string; token: string; userAgent: string | null },
): Promise<OpenedSession | null> {
  return ctx.db.$transaction(async (transaction) => {
    if (!(await consumeSignInToken(transaction, { identifier: email, token }))) return null;
    const known = await transaction.user.findUnique({ where: { email } });
    const emailVerified = new Date();
    const user = known
      ? await transaction.user.update({ where: { id: known.id }, data: { emailVerified } })
      : await createUser(transaction, { email, name: null, emailVerified, now: ctx.now });
    return openSession(transaction, { userId: user.id, userAgent });
  });
}
